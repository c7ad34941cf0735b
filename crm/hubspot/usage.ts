import type { HttpExchange } from '../http-exchange.ts';
import type { CrmUsage } from '../port.ts';
import { readComplaint } from './complaint.ts';

/** The account's calls of the day by the headers of an answer; null where there are none, as on searches and under OAuth. */
export function readUsage(headers: Readonly<Record<string, string>>): CrmUsage | null {
  const limit = countOf(headers['x-hubspot-ratelimit-daily']);
  const remaining = countOf(headers['x-hubspot-ratelimit-daily-remaining']);
  return limit === null || remaining === null ? null : { used: limit - remaining, limit };
}

/** The calls of ten seconds that the app may make. */
export function readBurstLimit(headers: Readonly<Record<string, string>>): number | null {
  const most = countOf(headers['x-hubspot-ratelimit-max']);
  return most === null || most < 1 ? null : most;
}

/** True for the refusal of a call since those of the day are used up; a search is refused without headers that say how many. */
export function isDayOver({ status, body }: HttpExchange): boolean {
  return status === 429 && readComplaint(body)?.policyName === 'DAILY';
}

/** The next midnight in `timeZone`, at which a portal's day begins anew, in epoch milliseconds. Throws a RangeError for a time zone that does not exist. */
export function nextMidnightMs(nowMs: number, timeZone: string): number {
  const clock = clockOf(timeZone);
  const guessMs = nowMs + DAY_MS - secondsInto(clock, nowMs) * 1_000 - (nowMs % 1_000);
  // On a day on which the clocks change, 24 hours from the last midnight are an hour from the next one.
  const offMs = secondsInto(clock, guessMs) * 1_000;
  return offMs < DAY_MS / 2 ? guessMs - offMs : guessMs + DAY_MS - offMs;
}

const DAY_MS = 86_400_000;
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
  clocks.set(timeZone, clock);
  return clock;
}

/** Seconds on the clock since it showed midnight. */
function secondsInto(clock: Intl.DateTimeFormat, atMs: number): number {
  const [hours = 0, minutes = 0, seconds = 0] = clock.format(atMs).split(':').map(Number);
  return hours * 3_600 + minutes * 60 + seconds;
}

function countOf(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
}
