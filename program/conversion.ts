import type { DirectOpportunity } from './claim.ts';
import type { Program } from './definition/program.ts';
import { byActivity, phaseOf } from './rules/opportunity.ts';
import type { Instant } from './vocabulary.ts';

/** Which opportunity of the direct team an approved registration is about, as far as the program may say so by itself. */
export type Certain<Opportunity> =
  | { readonly kind: 'none' }
  /** `isStale`: nobody worked on it for longer than the program declares; it becomes the partner's all the same. */
  | { readonly kind: 'one'; readonly opportunity: Opportunity; readonly isStale: boolean }
  /** The most lately touched first. Which of them is meant is people's to say. */
  | { readonly kind: 'several'; readonly opportunities: readonly Opportunity[] };

/**
 * The open opportunity that certainly stands at the customer itself, where it is exactly one. A stale one counts only where the program gives it to the partner
 * (`conversion.resource`). Whether it was created before the claim or after makes no difference: that it is the same deal is not a question of who came first.
 */
export function certainOpportunity<Opportunity extends DirectOpportunity>(
  program: Program,
  opportunities: readonly Opportunity[],
  at: Instant,
): Certain<Opportunity> {
  const judged = opportunities
    .filter(({ isClosed, relation, match }) => !isClosed && relation === 'same' && match.band === 'exact')
    .map((opportunity) => ({ opportunity, isStale: phaseOf(opportunity, { program, evidence: { takenAt: at } }) === 'stale' }))
    .filter(({ isStale }) => !isStale || program.conversion.resource)
    .toSorted((left, right) => byActivity(left.opportunity, right.opportunity));
  const [first, ...others] = judged;
  if (first === undefined) return { kind: 'none' };
  return others.length === 0 ? { kind: 'one', ...first } : { kind: 'several', opportunities: judged.map(({ opportunity }) => opportunity) };
}

/** Who stands at an opportunity, as far as the primary is concerned. */
export interface PrimaryQuestion {
  readonly rule: Program['conversion']['primary'];
  /** Whether the registration is approved or won. */
  readonly isEligible: boolean;
  /** The registration that is the primary now, other than this one; null where none is. */
  readonly other: string | null;
  /** What was asked for; null where nothing was. */
  readonly wanted: boolean | null;
}

/** Whether a registration becomes the primary of the opportunity that it is linked to. Nobody takes that from another one without being told to. */
export function becomesPrimary({ rule, isEligible, other, wanted }: PrimaryQuestion): boolean {
  if (!isEligible || wanted === false) return false;
  return wanted === true || (rule === 'first_approved' && other === null);
}
