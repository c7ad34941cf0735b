import type { Program } from './program.ts';
import type { DefinitionProblem } from './reference/problem.ts';

/** Which countries, and which parts of them, have a table of public holidays. The tables are the caller's; `program/` knows none. */
export interface HolidayTables {
  readonly hasCountry: (country: string) => boolean;
  /** The parts of a country that have holidays of their own, by their codes; empty where it has none. */
  readonly regionsOf: (country: string) => readonly string[];
}

export type HolidayCode = 'P005' | 'P006';

export interface HolidayProblem extends DefinitionProblem {
  readonly code: HolidayCode;
}

/**
 * Calendars whose public holidays nobody could look up. P005: a region that its country's table does not know, which would silently have the holidays of the whole
 * country. P006: a country without a table, where the calendar does not name its closed days itself.
 */
export function findUnknownHolidays({ calendars }: Program, tables: HolidayTables): readonly HolidayProblem[] {
  return calendars.flatMap(({ holidays: { country, region, closedDates } }, at): readonly HolidayProblem[] => {
    const path = ['calendars', at, 'holidays'];
    if (!tables.hasCountry(country)) {
      return closedDates.length > 0
        ? []
        : [{ code: 'P006', path: [...path, 'country'], message: `${country}; no public holidays of it are known` }];
    }
    const regions = tables.regionsOf(country);
    if (region === null || regions.includes(region)) return [];
    const expected = regions.length === 0 ? `null, since ${country} has no regions here` : `one of ${regions.join(', ')}, or null`;
    return [{ code: 'P005', path: [...path, 'region'], message: `${region}; expected ${expected}` }];
  });
}
