import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import Holidays from 'date-holidays';
import { calendarOf, holidaySource, workingCalendar, type HolidaySource } from '../../program/calendar.ts';
import type { Program } from '../../program/definition/program.ts';
import type { WorkingCalendar } from '../../program/working-time.ts';

const YEARS_AHEAD = 3;

/** The domains of free-mail providers, which say nothing about a customer: the list of the npm package `freemail`. */
export function loadFreeMailDomains(): ReadonlySet<string> {
  const file = createRequire(join(process.cwd(), 'package.json')).resolve('freemail/data/free.txt');
  const lines = readFileSync(file, 'utf8').split('\n');
  return new Set(lines.map((line) => line.trim().toLowerCase()).filter((line) => line !== ''));
}

/**
 * The calendars by which a program's deadlines count, its default one where none is named, with the public holidays of their countries from the npm package
 * `date-holidays`. Looked up once a year and version; promised deadlines are stored as instants and do not move when a table changes.
 */
export function createCalendars(now: () => Date): (program: Program, calendarId?: string) => WorkingCalendar {
  const known = new Map<string, WorkingCalendar>();
  return (program, calendarId = program.defaultCalendar) => {
    const year = now().getUTCFullYear();
    const key = `${program.id}@${program.version}/${calendarId}/${year}`;
    const cached = known.get(key);
    if (cached !== undefined) return cached;
    const declared = calendarOf(program, calendarId);
    const calendar = workingCalendar(declared, publicHolidays(holidaySource(declared), year));
    known.set(key, calendar);
    return calendar;
  };
}

function publicHolidays({ country, region }: HolidaySource, year: number): readonly string[] {
  const table = region === null ? new Holidays(country) : new Holidays(country, region);
  const years = Array.from({ length: YEARS_AHEAD + 2 }, (_unused, index) => year - 1 + index);
  return years.flatMap((each) =>
    table
      .getHolidays(each)
      .filter((holiday) => holiday.type === 'public')
      .map((holiday) => holiday.date.slice(0, 10)),
  );
}
