import type { z } from 'zod';
import type { RuleId } from '../rules/catalogue.ts';
import { anyOf, duration, flag, id, money, percent, section, span, spanDefault, text, wholeNumber, word } from './scalar.ts';

const none = section({});
const renewalKinds = anyOf(id).default(['renewal']);
const letterKinds = anyOf(id).default(['customer_letter']);

/** What each rule can be told by the program (`with`), with what holds where the program says nothing. Null switches the part off. */
export const RULE_PARAMETERS = {
  R01_incomplete: none,
  /** What the partner is told; to which claims the rule applies is said by its row's `when`. */
  R02_special_case: section({ because: text.nullable().default(null) }),
  C01_duplicate_same_partner: none,
  C02_active_protection: none,
  C03_competing_pending: none,
  /** Receipts within this time of each other, first edge inside, count as simultaneous. */
  C04_near_simultaneous: section({ within: spanDefault('10 minutes') }),
  C05_direct_early_stage: none,
  C06_direct_late_active: none,
  C07_direct_stale: none,
  C08_direct_contact: section({ lookback: spanDefault('60 days') }),
  /** Purchases longer ago do not count; null: all count. */
  C09_existing_customer: section({ lookback: span.nullable().default(null) }),
  /** The growth over the current contract from which on it counts as growth; the same in C10 and C11. */
  C10_flat_renewal: section({ renewalKinds, leastPercent: percent.default('0') }),
  C11_renewal_with_growth: section({ renewalKinds, leastPercent: percent.default('0') }),
  C12_incumbent_displaced: section({ lookback: spanDefault('3 years'), letterKinds }),
  C13_listed_account: none,
  C14_outside_region: none,
  /** Whether a claim that names a site is another opportunity than one at a relative that names another site. */
  C15_parent_or_child: section({ sitesDiffer: flag.default(true) }),
  C16_lines_disjoint: none,
  /** Whether a claim before the notice is told apart too (`before_publication`): such as private tenders, which the program treats alike whatever their date. */
  C17_public_tender: section({ beforePublication: flag.default(false) }),
  C18_partner_not_eligible: none,
  C19_below_minimum: section({
    /** Null: the minimum of the routing. */
    minimum: money.nullable().default(null),
    maximum: money.nullable().default(null),
    minimumQuantity: wholeNumber(1, 1_000_000_000).nullable().default(null),
  }),
  C20_speculative: section({
    leastProofs: wholeNumber(0, 20).default(0),
    mostStanding: wholeNumber(1, 100_000).nullable().default(null),
    mostIn30Days: wholeNumber(1, 100_000).nullable().default(null),
    leastWonPercent: percent.nullable().default(null),
    /** Conversion is not judged on fewer decided claims. */
    leastDecided: wholeNumber(1, 100_000).default(10),
  }),
  /** Where it is set, an own claim that ended may not be filed again before this time is over. */
  C21_expired_then_refiled: section({ lookback: spanDefault('180 days'), coolingOff: duration.nullable().default(null) }),
  C22_customer_choice: section({ letterKinds }),
  C23_multi_partner: none,
  C24_distributor_mismatch: none,
  C25_marketplace: none,
  /** How far the value may move, in percent of the approved one, last inside. */
  C26_drift: section({ amountPercent: percent.default('25'), direction: word(['up', 'down', 'both']).default('both') }),
  C27_bypass: none,
  C28_self_dealing: none,
} as const satisfies Record<RuleId, z.ZodType>;

export type RuleParameters<Id extends RuleId> = z.output<(typeof RULE_PARAMETERS)[Id]>;
