import { addDuration } from '../duration.ts';
import { prolongedEnd, protectionWindow, windowLength } from '../protection.ts';
import type { EpochMs } from '../vocabulary.ts';
import { latestSighting, type Standing } from './standing.ts';
import { instantOf } from './world.ts';

/** The protection that a claim gets which is approved at `at`. */
export function windowFrom(standing: Standing, at: EpochMs): { readonly from: EpochMs; readonly until: EpochMs } {
  const { program, calendar, claim } = standing;
  const { window } = windowLength(program, claim, latestSighting(standing).evidence.partner);
  const { from, until } = protectionWindow(program, calendar, window, { submittedAt: claim.submittedAt, approvedAt: instantOf(at) });
  return { from: Date.parse(from), until: Date.parse(until) };
}

/** The end of a protection that is prolonged by `days` (null: as long as possible), by as many as the program grants at once and in all. */
export function prolongedBy({ program, calendar, protectedFrom }: Standing, until: EpochMs, days: number | null): EpochMs {
  const { length, maxTotal } = program.protection.extension;
  const lengths = [length, ...(days === null ? [] : [{ amount: days, unit: 'days' } as const])];
  const ends = lengths.map((duration) => Date.parse(prolongedEnd(program, calendar, instantOf(until), duration)));
  const last =
    maxTotal === null || protectedFrom === null ? Infinity : Date.parse(addDuration(instantOf(protectedFrom), maxTotal, calendar));
  return Math.max(until, Math.min(...ends, last));
}

/** Until when a deal that is closed sooner stays as it is; the instant of the approval where the program does not wait. */
export function closableFrom({ program, calendar, decidedAt }: Standing): EpochMs {
  const approvedAt = decidedAt ?? 0;
  const wait = program.protection.waitBeforeClose;
  return wait === null ? approvedAt : Date.parse(addDuration(instantOf(approvedAt), wait, calendar));
}
