import { addDuration } from '../duration.ts';
import { extendProtection } from '../extension.ts';
import { protectionWindow, windowLength } from '../protection.ts';
import type { EpochMs } from '../vocabulary.ts';
import { latestSighting, type Standing } from './standing.ts';
import { instantOf } from './world.ts';

/** Whether the program cannot tell how long the claim would be protected: then it approves nothing by itself. */
export function isWindowUnclear(standing: Standing): boolean {
  return windowLength(standing.program, standing.claim, latestSighting(standing).evidence.partner).kind === 'unclear';
}

/** The protection that a claim gets which is approved at `at`. */
export function windowFrom(standing: Standing, at: EpochMs): { readonly from: EpochMs; readonly until: EpochMs } {
  const { program, calendar, claim } = standing;
  const { window } = windowLength(program, claim, latestSighting(standing).evidence.partner);
  const { from, until } = protectionWindow(program, calendar, window, { submittedAt: claim.submittedAt, approvedAt: instantOf(at) });
  return { from: Date.parse(from), until: Date.parse(until) };
}

/**
 * The end of a protection that is prolonged by `days` (null: by all that the program grants at once), asked for at `at`; null where the program refuses it.
 * That somebody worked on the opportunity lately is taken for granted, because no snapshot says when.
 */
export function prolongedBy(standing: Standing, at: EpochMs, days: number | null): EpochMs | null {
  const { program, calendar, claim, protectedFrom, protectedUntil, extensionsUsed } = standing;
  if (protectedFrom === null || protectedUntil === null) return null;
  const now = instantOf(at);
  const protection = { from: instantOf(protectedFrom), until: instantOf(protectedUntil) };
  const request = { protection, submittedAt: claim.submittedAt, extensionsUsed, days, lastActivityAt: now };
  const answer = extendProtection(program, calendar, request, now);
  return answer.kind === 'extended' ? Date.parse(answer.protection.until) : null;
}

/** Until when a deal that is closed sooner stays as it is; the instant of the approval where the program does not wait. */
export function closableFrom({ program, calendar, decidedAt }: Standing): EpochMs {
  const approvedAt = decidedAt ?? 0;
  const wait = program.protection.waitBeforeClose;
  return wait === null ? approvedAt : Date.parse(addDuration(instantOf(approvedAt), wait, calendar));
}
