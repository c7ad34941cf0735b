import type { Program } from './definition/program.ts';
import type { PlainDate } from './vocabulary.ts';
import type { WorkingCalendar } from './working-time.ts';

/** What the caller needs to look up public holidays: the country, and the region of it, of a calendar. */
export interface HolidaySource {
  readonly country: string;
  readonly region: string | null;
}

/** Whose holidays the default calendar keeps. */
export function holidaySource(program: Program): HolidaySource {
  const { country, region } = defaultCalendar(program).holidays;
  return { country, region };
}

/** The calendar by which deadlines count: the program's hours, the public holidays that the caller looked up, and the days the program closes besides. */
export function workingCalendar(program: Program, publicHolidays: readonly PlainDate[]): WorkingCalendar {
  const { timeZone, workingDays, startTime, endTime, holidays } = defaultCalendar(program);
  return { timeZone, workingDays, startTime, endTime, holidays: [...publicHolidays, ...holidays.closedDates] };
}

/** The office whose days count where the program names no other. */
export function defaultCalendar(program: Program): Program['calendars'][number] {
  const calendar = program.calendars.find((candidate) => candidate.id === program.defaultCalendar);
  if (calendar === undefined) throw new Error(`program ${program.id} has no calendar ${program.defaultCalendar}`);
  return calendar;
}
