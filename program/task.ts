import { DateTime } from 'luxon';
import type { Instant, PlainDate } from './vocabulary.ts';

/** `question`: open until it is settled. `note`: an entry in the timeline of a record, done from the beginning, for what asks nothing. */
export const TASK_KINDS = ['question', 'note'] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

export const TASK_PRIORITIES = ['high', 'normal', 'low'] as const;
export type TaskPriority = (typeof TASK_PRIORITIES)[number];

/** `done`: the question was answered. `cancelled`: nobody has to answer it any more. A CRM knows both as closed. */
export const TASK_STATUSES = ['open', 'done', 'cancelled'] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

/** So much of a text is carried: what stands beside it in the same field of a CRM needs some room, too. */
const MOST_BODY = 30_000;

/** What the text of a task is made of. */
export interface TaskWords {
  readonly body: string;
  readonly dueAt: Instant | null;
  /** Why it was closed; null while it is open, and for notes. */
  readonly outcome: string | null;
  /** What people in the CRM are to be told about what they did to it. */
  readonly notes: readonly string[];
}

/**
 * The text of a task as people read it: what they have to be told first, then what is asked, then the exact deadline and how it ended.
 *
 * A CRM keeps the day of a deadline alone, so the instant stands here, in `timeZone` and in UTC.
 */
export function taskText({ body, dueAt, outcome, notes }: TaskWords, timeZone: string): string {
  const due = dueAt === null ? [] : [`Due: ${instantText(dueAt, timeZone)}`];
  const end = outcome === null ? [] : [`Closed: ${outcome}`];
  const facts = [...due, ...end].join('\n');
  return [...notes, body.slice(0, MOST_BODY), facts].filter((part) => part !== '').join('\n\n');
}

/** The day on which `at` falls where the office is: 17:00 in New York is that day, though it is the next one in UTC. */
export function dayIn(at: Instant, timeZone: string): PlainDate {
  return DateTime.fromISO(at, { zone: timeZone }).toISODate() ?? at.slice(0, 10);
}

function instantText(at: Instant, timeZone: string): string {
  const local = DateTime.fromISO(at, { zone: timeZone, locale: 'en' });
  return `${local.toFormat('cccc d MMMM yyyy, HH:mm')} (${timeZone}; ${at})`;
}
