import type { CaseState, Hearing } from './case-life.ts';
import type { Program } from './definition/program.ts';
import { addDuration } from './duration.ts';
import { refuse, type Refusal } from './failures.ts';
import type { Instant } from './vocabulary.ts';
import type { WorkingCalendar } from './working-time.ts';

/** More is no statement any more. */
export const MOST_STATEMENTS = 20;

/** Somebody who is in a case, when it is to be heard. */
export interface HeardParty {
  readonly registrationId: string;
  /** Its claim is undecided or protected: it has something to lose. */
  readonly isStanding: boolean;
  readonly statements: number;
}

/** The hearing of a case that people are asked about from `at` on; null where the program declares none. */
export function hearingFrom({ cases: { hearing } }: Pick<Program, 'cases'>, calendar: WorkingCalendar, at: Instant): Hearing | null {
  return hearing === null ? null : { from: at, until: addDuration(at, hearing.within, calendar), isRequired: hearing.required };
}

/** True until the sides have been heard: half-open, so that at the very end it is over. */
export function isBeingHeard({ hearing }: Pick<CaseState, 'hearing'>, now: Instant): boolean {
  return hearing !== null && now < hearing.until;
}

/** Until when a side that comes in now is asked to speak; null where nobody waits for it. */
export function heardUntil({ state }: { readonly state: Pick<CaseState, 'hearing'> }, now: Instant): Instant | null {
  return state.hearing !== null && isBeingHeard(state, now) ? state.hearing.until : null;
}

/** From when on an arbiter's time runs: from now, or from the end of the hearing. */
export function clockStart(state: Pick<CaseState, 'hearing'>, now: Instant): Instant {
  return state.hearing !== null && isBeingHeard(state, now) ? state.hearing.until : now;
}

/** Whether a case is settled too early: null when it may be settled now. */
export function refusalOfHaste({ hearing }: Pick<CaseState, 'hearing'>, now: Instant): Refusal | null {
  if (hearing === null || !hearing.isRequired || now >= hearing.until) return null;
  return refuse(
    'STATE_DOES_NOT_ALLOW',
    `The sides are heard until ${hearing.until}, or until all of them have spoken; the case can be settled after that.`,
  );
}

/** Whether this side may speak in the case: null when it may. */
export function refusalOfStatement(
  { status, approval }: CaseState,
  parties: readonly HeardParty[],
  registrationId: string,
): Refusal | null {
  if (status === 'resolved' || approval === null) {
    return refuse(
      'STATE_DOES_NOT_ALLOW',
      `The case is ${status}; what is said now would be heard by nobody. It may be new evidence for an appeal.`,
    );
  }
  const party = parties.find((one) => one.registrationId === registrationId);
  if (party === undefined) return refuse('STATEMENT_NOT_ALLOWED', `Registration ${registrationId} has no part in this case.`);
  if (!party.isStanding) {
    return refuse('STATEMENT_NOT_ALLOWED', `Registration ${registrationId} is closed; it has nothing to gain or to lose in this case.`);
  }
  if (party.statements >= MOST_STATEMENTS) {
    return refuse(
      'STATEMENT_NOT_ALLOWED',
      `Registration ${registrationId} has made ${party.statements} statements; expected at most ${MOST_STATEMENTS}.`,
    );
  }
  return null;
}

/** True when nobody who stands is left to hear. */
export function haveAllSpoken(parties: readonly HeardParty[]): boolean {
  return parties.every(({ isStanding, statements }) => !isStanding || statements > 0);
}
