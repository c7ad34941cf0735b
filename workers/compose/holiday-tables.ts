import Holidays from 'date-holidays';
import type { HolidayTables } from '../../program/definition/holiday-check.ts';

/** The tables of public holidays of the npm package `date-holidays`, by which deadlines count (`reference-data.ts`). */
export function loadHolidayTables(): HolidayTables {
  const index = new Holidays();
  const countries = new Set(Object.keys(index.getCountries()));
  return {
    hasCountry: (country) => countries.has(country),
    regionsOf: (country) => (countries.has(country) ? Object.keys(index.getStates(country) ?? {}) : []),
  };
}
