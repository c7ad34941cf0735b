import { defaultCalendar } from './calendar.ts';
import type { Program } from './definition/program.ts';
import type { RuleParameters } from './definition/rule-parameter.ts';
import { subtractDuration, type Duration } from './duration.ts';
import type { RuleId } from './rules/catalogue.ts';
import type { Instant } from './vocabulary.ts';

/** Before anything that is recorded. */
export const EVER: Instant = '1900-01-01T00:00:00.000Z';

/**
 * Which evidence the rules of a program ask for, beside the claims that stand and the open opportunities: what no rule asks for is not
 * looked up.
 */
export interface EvidenceNeed {
  /** Claims that ended since then; null: none. */
  readonly endedSince: Instant | null;
  /** Purchases since then, `EVER` for all that are known; null: none. */
  readonly boughtSince: Instant | null;
  readonly contacts: boolean;
  readonly relatives: boolean;
  readonly record: boolean;
  readonly approved: boolean;
  /** What became of the opportunities that are linked to the claim, and of others at its customer. */
  readonly conversion: boolean;
}

/**
 * Times are counted back from the claim's receipt, as the rules count them. A row that applies to some claims alone asks for all, since
 * conditions are the judge's.
 */
export function evidenceNeed(program: Program, receivedAt: Instant): EvidenceNeed {
  const before = (duration: Duration): Instant => subtractDuration(receivedAt, atLongest(duration), defaultCalendar(program));
  const refiled = rowsOf(program, 'C21_expired_then_refiled').flatMap(({ lookback, coolingOff }) =>
    coolingOff === null ? [lookback] : [lookback, coolingOff],
  );
  const existing = rowsOf(program, 'C09_existing_customer').map(({ lookback }) => lookback);
  const displaced = rowsOf(program, 'C12_incumbent_displaced').map(({ lookback }) => lookback);
  // Whoever sold last precedes, however long ago that was.
  const incumbency = program.precedence.includes('incumbency') ? [null] : [];
  return {
    endedSince: earliest(refiled.map(before)),
    boughtSince: reachingBack([...existing, ...displaced, ...incumbency], before),
    contacts: names(program, 'C08_direct_contact'),
    relatives: names(program, 'C15_parent_or_child'),
    record: names(program, 'C20_speculative'),
    approved: names(program, 'C26_drift') || names(program, 'C27_bypass'),
    conversion: names(program, 'C23_multi_partner') || names(program, 'C26_drift') || names(program, 'C27_bypass'),
  };
}

/**
 * Business time is not counted backwards: a cooling-off in it is over, at the latest, in as many weeks as it has days or hours, since an
 * office opens once a week at the least, and a year for its closed days.
 */
function atLongest({ amount, unit }: Duration): Duration {
  return unit === 'business_days' || unit === 'business_hours' ? { amount: amount + 53, unit: 'weeks' } : { amount, unit };
}

function names(program: Program, rule: RuleId): boolean {
  return program.rules.order.some(({ id }) => id === rule);
}

/** The parameters of every row of the rule; the parser has read them by the rule's own schema. */
function rowsOf<Id extends RuleId>(program: Program, rule: Id): readonly RuleParameters<Id>[] {
  return program.rules.order.filter(({ id }) => id === rule).map((row) => row.with as RuleParameters<Id>);
}

function reachingBack(lookbacks: readonly (Duration | null)[], before: (duration: Duration) => Instant): Instant | null {
  if (lookbacks.includes(null)) return EVER;
  return earliest(lookbacks.flatMap((lookback) => (lookback === null ? [] : [before(lookback)])));
}

function earliest(instants: readonly Instant[]): Instant | null {
  return instants.toSorted((left, right) => Date.parse(left) - Date.parse(right))[0] ?? null;
}
