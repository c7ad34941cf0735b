import { activeProtection } from './active-protection.ts';
import { belowMinimum } from './below-minimum.ts';
import type { RuleId } from './catalogue.ts';
import { competingPending } from './competing-pending.ts';
import { directEarlyStage } from './direct-early-stage.ts';
import { directLateActive } from './direct-late-active.ts';
import { directStale } from './direct-stale.ts';
import { duplicateSamePartner } from './duplicate-same-partner.ts';
import { linesDisjoint } from './lines-disjoint.ts';
import { partnerNotEligible } from './partner-not-eligible.ts';
import type { Rule } from './rule.ts';

/** Every rule of the catalogue with its code. A rule that is added to the catalogue and not here does not compile. */
export const RULES: { readonly [Id in RuleId]: Rule<Id> } = {
  C01_duplicate_same_partner: duplicateSamePartner,
  C02_active_protection: activeProtection,
  C03_competing_pending: competingPending,
  C05_direct_early_stage: directEarlyStage,
  C06_direct_late_active: directLateActive,
  C07_direct_stale: directStale,
  C16_lines_disjoint: linesDisjoint,
  C18_partner_not_eligible: partnerNotEligible,
  C19_below_minimum: belowMinimum,
};
