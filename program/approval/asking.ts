import { defaultCalendar } from '../calendar.ts';
import type { Program } from '../definition/program.ts';
import type { Instant } from '../vocabulary.ts';
import type { WorkingCalendar } from '../working-time.ts';
import type { Question } from './question.ts';
import { personOf } from './rung.ts';
import type { Staff } from './staff.ts';

/** Everything that decides who is asked and until when: the program, what is asked, who is there, and when it is. */
export interface Asking {
  readonly program: Program;
  readonly question: Question;
  readonly staff: Staff;
  /** The program's calendars by their ids, with their holidays. */
  readonly calendars: (calendarId: string) => WorkingCalendar;
  readonly at: Instant;
}

/** The working time of whoever is asked: the person's own, otherwise that of the customer's region. */
export function calendarOfPerson(asking: Asking, alias: string | null): WorkingCalendar {
  const own = (alias === null ? undefined : personOf(asking.program, alias))?.calendar ?? null;
  return own === null ? calendarOfQuestion(asking) : asking.calendars(own);
}

/** The working time of the customer's region, otherwise the program's default: what clocks count that are nobody's own. */
export function calendarOfQuestion({ program, question, calendars }: Asking): WorkingCalendar {
  const region = program.regions.find(({ id }) => id === question.region);
  return calendars(region?.calendar ?? defaultCalendar(program).id);
}
