import type { ClaimSnapshot, EvidenceSnapshot, PartnerSnapshot } from '../../../program/claim.ts';
import type { Program } from '../../../program/definition/program.ts';
import type { HistoricalClaim } from '../../../program/simulation/history.ts';
import { openMatchBook } from '../../../program/simulation/match-book.ts';
import { simulate } from '../../../program/simulation/simulate.ts';
import type { SimulatedClaim } from '../../../program/simulation/simulated-claim.ts';
import { ACME, claim, customer, evidence, OFFICE, partner } from '../example.ts';

/** A Monday at 10:00 in New York, within the office hours of the sample calendar. */
export const MONDAY = '2026-06-01T14:00:00.000Z';
const DAY_MS = 24 * 60 * 60 * 1000;

export function daysAfter(days: number, ms = 0): string {
  return new Date(Date.parse(MONDAY) + days * DAY_MS + ms).toISOString();
}

/** What a test says of a registration; the rest is an ordinary one of its own partner on Northwind, received on Monday and approved at once. */
export interface PastWishes extends Partial<Omit<HistoricalClaim, 'sightings'>> {
  readonly at?: string;
  readonly claim?: Partial<ClaimSnapshot>;
  readonly partner?: Partial<PartnerSnapshot>;
  readonly evidence?: Partial<EvidenceSnapshot>;
  /** Later states of the claim. */
  readonly amended?: readonly { readonly at: string; readonly claim: Partial<ClaimSnapshot> }[];
}

export function past(sequence: number, wishes: PastWishes = {}): HistoricalClaim {
  const { at = MONDAY, claim: claimWishes = {}, partner: partnerWishes = {}, evidence: seen = {}, amended = [], ...rest } = wishes;
  const registrationId = `reg-${sequence}`;
  const partnerId = rest.partnerId ?? `partner-${sequence}`;
  const received = claim({ registrationId, sequence, submittedAt: at, ...claimWishes });
  const snapshot = evidence({ takenAt: at, partner: partner({ partnerId, externalId: partnerId, ...partnerWishes }), ...seen });
  return {
    registrationId,
    sequence,
    partnerId,
    programVersion: ACME.version,
    sightings: [
      { at, claim: received, evidence: snapshot },
      ...amended.map((later) => ({ at: later.at, claim: { ...received, ...later.claim }, evidence: { ...snapshot, takenAt: later.at } })),
    ],
    answers: [],
    extensions: [],
    end: null,
    status: 'submitted',
    ...rest,
  };
}

/** Another customer: its name and domain from one word. */
export function customerOf(word: string) {
  return customer({ name: `${word} Inc`, domain: `${word}.example` });
}

export interface RunWishes {
  readonly program?: Program;
  readonly asOf?: string;
  readonly unanswered?: 'waiting' | 'yes';
}

export function run(
  history: readonly HistoricalClaim[],
  { program = ACME, asOf = daysAfter(365), unanswered = 'waiting' }: RunWishes = {},
): readonly SimulatedClaim[] {
  const book = openMatchBook(history, new Set(['gmail.com']), program.matching);
  return simulate(history, { programOf: () => program, calendarOf: () => OFFICE, matchesOf: () => book, asOf, unanswered });
}

/** The only claim of a history, or the one with this order of receipt. */
export function runOf(sequence: number, history: readonly HistoricalClaim[], wishes: RunWishes = {}): SimulatedClaim {
  const found = run(history, wishes).find((one) => one.sequence === sequence);
  if (found === undefined) throw new Error(`registration ${sequence} was not received by then`);
  return found;
}
