/**
 * The conflict rules that can be named in a program, and the situations each of them tells apart. The program says what follows from a situation.
 * Numbers are those of the catalogue of published programs that the rules were taken from.
 *
 * `hasRivals`: the rule finds other registrations, so that `wait` has something to wait for. `optional`: situations that arise only where a parameter of the rule
 * asks for them, or that only tell what is not known; where they have no outcome, people rule. Every other one needs an outcome wherever the rule is named.
 */
export const RULE_CATALOGUE = {
  R01_incomplete: { situations: ['missing'], hasRivals: false, optional: [] },
  R02_special_case: { situations: ['applies'], hasRivals: false, optional: [] },
  C01_duplicate_same_partner: { situations: ['exact'], hasRivals: true, optional: [] },
  C02_active_protection: { situations: ['exact', 'probable'], hasRivals: true, optional: [] },
  C03_competing_pending: { situations: ['exact', 'probable'], hasRivals: true, optional: [] },
  C04_near_simultaneous: { situations: ['tie'], hasRivals: true, optional: [] },
  C05_direct_early_stage: { situations: ['exact', 'probable'], hasRivals: false, optional: [] },
  C06_direct_late_active: { situations: ['exact', 'probable'], hasRivals: false, optional: [] },
  C07_direct_stale: { situations: ['exact', 'probable'], hasRivals: false, optional: [] },
  C08_direct_contact: { situations: ['exact', 'probable', 'after_receipt'], hasRivals: false, optional: ['after_receipt'] },
  C09_existing_customer: { situations: ['same_product', 'unknown_product', 'probable'], hasRivals: false, optional: [] },
  C10_flat_renewal: { situations: ['flat', 'unknown'], hasRivals: false, optional: [] },
  C11_renewal_with_growth: { situations: ['growth', 'unknown'], hasRivals: false, optional: ['unknown'] },
  C12_incumbent_displaced: { situations: ['displaced', 'letter', 'probable'], hasRivals: false, optional: ['probable'] },
  C13_listed_account: { situations: ['named', 'house', 'direct_only', 'probable'], hasRivals: false, optional: [] },
  C14_outside_region: { situations: ['outside', 'unknown'], hasRivals: false, optional: [] },
  C15_parent_or_child: { situations: ['registered', 'direct'], hasRivals: true, optional: [] },
  C16_lines_disjoint: { situations: ['exact', 'probable'], hasRivals: true, optional: [] },
  C17_public_tender: {
    situations: ['after_publication', 'same_day', 'before_publication'],
    hasRivals: false,
    optional: ['same_day', 'before_publication'],
  },
  C18_partner_not_eligible: { situations: ['status', 'kind'], hasRivals: false, optional: [] },
  C19_below_minimum: {
    situations: ['below', 'above', 'below_quantity', 'unknown_quantity', 'unknown_value'],
    hasRivals: false,
    optional: ['below', 'above', 'below_quantity', 'unknown_quantity', 'unknown_value'],
  },
  C20_speculative: {
    situations: ['no_proof', 'capacity', 'mass_filing', 'low_conversion'],
    hasRivals: false,
    optional: ['no_proof', 'capacity', 'mass_filing', 'low_conversion'],
  },
  C21_expired_then_refiled: { situations: ['rival_in_gap', 'too_soon'], hasRivals: true, optional: ['too_soon'] },
  C22_customer_choice: { situations: ['letter'], hasRivals: true, optional: [] },
  C23_multi_partner: { situations: ['other_role'], hasRivals: true, optional: [] },
  C24_distributor_mismatch: { situations: ['no_distributor', 'other_reseller'], hasRivals: false, optional: [] },
  C25_marketplace: { situations: ['marketplace'], hasRivals: false, optional: [] },
  C26_drift: {
    situations: ['amount', 'product_lines', 'customer', 'partner'],
    hasRivals: false,
    optional: ['amount', 'product_lines', 'customer', 'partner'],
  },
  C27_bypass: { situations: ['direct_opportunity'], hasRivals: false, optional: [] },
  C28_self_dealing: { situations: ['own_domain', 'own_company_number', 'probable'], hasRivals: false, optional: [] },
} as const satisfies Record<
  string,
  { readonly situations: readonly [string, ...string[]]; readonly hasRivals: boolean; readonly optional: readonly string[] }
>;

export type RuleId = keyof typeof RULE_CATALOGUE;

/**
 * The situations whose findings name the lines that they are about, so that `free_lines` has something to take and something to leave. R02 names them where its
 * row's condition does.
 */
export const NAMES_LINES: Partial<Readonly<Record<RuleId, readonly string[]>>> = {
  R02_special_case: ['applies'],
  C01_duplicate_same_partner: ['exact'],
  C02_active_protection: ['exact', 'probable'],
  C03_competing_pending: ['exact', 'probable'],
  C04_near_simultaneous: ['tie'],
  C09_existing_customer: ['same_product'],
  C12_incumbent_displaced: ['displaced', 'letter', 'probable'],
  C15_parent_or_child: ['registered'],
  C21_expired_then_refiled: ['rival_in_gap'],
  C22_customer_choice: ['letter'],
  C23_multi_partner: ['other_role'],
  C26_drift: ['product_lines'],
};

export const RULE_IDS = Object.keys(RULE_CATALOGUE) as [RuleId, ...RuleId[]];

export type Situation<Id extends RuleId> = (typeof RULE_CATALOGUE)[Id]['situations'][number];

/** The name under which the trace shows how the claim was routed; no rule of the catalogue, since it always has the last word. */
export const ROUTING = 'routing';
