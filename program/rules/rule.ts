import type { ClaimSnapshot, EvidenceSnapshot } from '../claim.ts';
import type { Condition } from '../condition.ts';
import type { Program } from '../definition/program.ts';
import type { RuleParameters } from '../definition/rule-parameter.ts';
import type { RuleId, Situation } from './catalogue.ts';

/** What a rule may look at: nothing else enters a verdict. `parameters` are those of the rule's row in the program. */
export interface RuleInput<Id extends RuleId = RuleId> {
  readonly parameters: RuleParameters<Id>;
  readonly program: Program;
  readonly claim: ClaimSnapshot;
  readonly evidence: EvidenceSnapshot;
  /** To which claims the row applies, where it does not apply to all. */
  readonly when?: Condition | undefined;
}

/**
 * One piece of what a rule saw. The kinds of `OWN_EVIDENCE` are about the partner's own claim; the others may name rivals and are for
 * insiders.
 */
export interface Exhibit {
  readonly kind: string;
  readonly summary: string;
}

/** Evidence that the partner brought itself, or that is about the partner alone; everything else is kept from partners. */
export const OWN_EVIDENCE: ReadonlySet<string> = new Set(['claim', 'partner', 'own_claim', 'value', 'proof', 'missing_fact', 'record']);

/**
 * What a rule found. It states a situation and shows its evidence; what follows from the situation is the program's to say.
 * `partnerMessage` never names a rival, nor hints at who it is.
 */
export type Finding<S extends string = string> =
  | { readonly kind: 'quiet'; readonly message: string; readonly partnerMessage: string; readonly exhibits: readonly Exhibit[] }
  | {
      readonly kind: 'found';
      readonly situation: S;
      readonly message: string;
      readonly partnerMessage: string;
      /** Said to the partner besides, where it is denied with a place on the waitlist: only then is it true. */
      readonly onWaitlist?: string;
      readonly exhibits: readonly Exhibit[];
      /** The other registrations that the situation is about. */
      readonly rivalIds: readonly string[];
      readonly opportunity: { readonly connection: string; readonly remoteId: string } | null;
      /** The lines of the claim that the finding is about, where it is not about all of them. */
      readonly lines?: readonly string[];
    };

/** A conflict rule: pure, evidence in, finding out. */
export interface Rule<Id extends RuleId = RuleId> {
  readonly id: Id;
  readonly examine: (input: RuleInput<Id>) => Finding<Situation<Id>>;
}

/**
 * What a partner reads of a rule that found nothing, or nothing that is the partner's to know: the same words for both, so that they tell
 * nothing.
 */
export const NOTHING_AGAINST = 'Nothing stands against this registration here.';

/** The rule does not fire. */
export function quiet(message: string, partnerMessage: string, exhibits: readonly Exhibit[] = []): Finding<never> {
  return { kind: 'quiet', message, partnerMessage, exhibits };
}
