import type { Program } from './definition/program.ts';
import type { PlainDate } from './vocabulary.ts';
import type { WorkingCalendar } from './working-time.ts';

/** What the caller needs to look up public holidays: the country, and the region of it, of a calendar. */
export interface HolidaySource {
  readonly country: string;
  readonly region: string | null;
}

/** Whose holidays a calendar of the program keeps. */
export function holidaySource(calendar: Program['calendars'][number]): HolidaySource {
  const { country, region } = calendar.holidays;
  return { country, region };
}

/** A calendar by which deadlines count: its hours, the public holidays that the caller looked up, and the days on which it is closed besides. */
export function workingCalendar(calendar: Program['calendars'][number], publicHolidays: readonly PlainDate[]): WorkingCalendar {
  const { timeZone, workingDays, startTime, endTime, holidays, cutOff, quarterEnd } = calendar;
  return {
    timeZone,
    workingDays,
    startTime,
    endTime,
    holidays: [...publicHolidays, ...holidays.closedDates],
    ...(cutOff === null ? {} : { cutOff }),
    ...(quarterEnd === null ? {} : { quarterEnd }),
  };
}

/** The office whose days count where the program names no other. */
export function defaultCalendar(program: Program): Program['calendars'][number] {
  return calendarOf(program, program.defaultCalendar);
}

/** An id that the definition does not declare is a bug of the caller: definitions are checked for it. */
export function calendarOf(program: Program, id: string): Program['calendars'][number] {
  const calendar = program.calendars.find((candidate) => candidate.id === id);
  if (calendar === undefined) throw new Error(`program ${program.id} has no calendar ${id}`);
  return calendar;
}
