/**
 * The conflict rules that can be named in a program, and the situations each of them tells apart. The program says what follows from a situation.
 * Numbers are those of the catalogue of published programs that the rules were taken from.
 *
 * `hasRivals`: the rule finds other registrations, so that `wait` has something to wait for.
 */
export const RULE_CATALOGUE = {
  C01_duplicate_same_partner: { situations: ['exact'], hasRivals: true },
  C02_active_protection: { situations: ['exact', 'probable'], hasRivals: true },
  C03_competing_pending: { situations: ['exact', 'probable'], hasRivals: true },
  C05_direct_early_stage: { situations: ['exact', 'probable'], hasRivals: false },
  C06_direct_late_active: { situations: ['exact', 'probable'], hasRivals: false },
  C07_direct_stale: { situations: ['exact', 'probable'], hasRivals: false },
  C16_lines_disjoint: { situations: ['exact', 'probable'], hasRivals: true },
  C18_partner_not_eligible: { situations: ['status', 'kind'], hasRivals: false },
  C19_below_minimum: { situations: ['below'], hasRivals: false },
} as const satisfies Record<string, { readonly situations: readonly [string, ...string[]]; readonly hasRivals: boolean }>;

export type RuleId = keyof typeof RULE_CATALOGUE;

export const RULE_IDS = Object.keys(RULE_CATALOGUE) as [RuleId, ...RuleId[]];

export type Situation<Id extends RuleId> = (typeof RULE_CATALOGUE)[Id]['situations'][number];

/** The name under which the trace shows how the value was routed; no rule of the catalogue, since it always has the last word. */
export const VALUE_BAND = 'value_band';
