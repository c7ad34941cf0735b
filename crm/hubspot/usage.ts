import type { CrmUsage } from '../port.ts';

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

/**
 * Milliseconds from `nowMs` to the next midnight in `timeZone`, at which a portal's day begins anew.
 * A day on which the clocks change is taken as one of 24 hours, so that the answer may be an hour early or late.
 */
export function untilMidnight(nowMs: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
  const [hours = 0, minutes = 0, seconds = 0] = parts.format(nowMs).split(':').map(Number);
  return ((24 - hours) * 3_600 - minutes * 60 - seconds) * 1_000;
}

function countOf(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
}
