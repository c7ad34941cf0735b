import { activeProtection } from './active-protection.ts';
import { belowMinimum } from './below-minimum.ts';
import { bypass } from './bypass.ts';
import type { RuleId } from './catalogue.ts';
import { competingPending } from './competing-pending.ts';
import { customerChoice } from './customer-choice.ts';
import { directContact } from './direct-contact.ts';
import { directEarlyStage } from './direct-early-stage.ts';
import { directLateActive } from './direct-late-active.ts';
import { directStale } from './direct-stale.ts';
import { distributorMismatch } from './distributor-mismatch.ts';
import { drift } from './drift.ts';
import { duplicateSamePartner } from './duplicate-same-partner.ts';
import { existingCustomer } from './existing-customer.ts';
import { expiredThenRefiled } from './expired-then-refiled.ts';
import { flatRenewal } from './flat-renewal.ts';
import { incomplete } from './incomplete.ts';
import { incumbentDisplaced } from './incumbent-displaced.ts';
import { linesDisjoint } from './lines-disjoint.ts';
import { listedAccount } from './listed-account.ts';
import { marketplace } from './marketplace.ts';
import { multiPartner } from './multi-partner.ts';
import { nearSimultaneous } from './near-simultaneous.ts';
import { outsideRegion } from './outside-region.ts';
import { parentOrChild } from './parent-or-child.ts';
import { partnerNotEligible } from './partner-not-eligible.ts';
import { publicTender } from './public-tender.ts';
import { renewalWithGrowth } from './renewal-with-growth.ts';
import type { Rule } from './rule.ts';
import { selfDealing } from './self-dealing.ts';
import { specialCase } from './special-case.ts';
import { speculative } from './speculative.ts';

/** Every rule of the catalogue with its code. A rule that is added to the catalogue and not here does not compile. */
export const RULES: { readonly [Id in RuleId]: Rule<Id> } = {
  R01_incomplete: incomplete,
  R02_special_case: specialCase,
  C01_duplicate_same_partner: duplicateSamePartner,
  C02_active_protection: activeProtection,
  C03_competing_pending: competingPending,
  C04_near_simultaneous: nearSimultaneous,
  C05_direct_early_stage: directEarlyStage,
  C06_direct_late_active: directLateActive,
  C07_direct_stale: directStale,
  C08_direct_contact: directContact,
  C09_existing_customer: existingCustomer,
  C10_flat_renewal: flatRenewal,
  C11_renewal_with_growth: renewalWithGrowth,
  C12_incumbent_displaced: incumbentDisplaced,
  C13_listed_account: listedAccount,
  C14_outside_region: outsideRegion,
  C15_parent_or_child: parentOrChild,
  C16_lines_disjoint: linesDisjoint,
  C17_public_tender: publicTender,
  C18_partner_not_eligible: partnerNotEligible,
  C19_below_minimum: belowMinimum,
  C20_speculative: speculative,
  C21_expired_then_refiled: expiredThenRefiled,
  C22_customer_choice: customerChoice,
  C23_multi_partner: multiPartner,
  C24_distributor_mismatch: distributorMismatch,
  C25_marketplace: marketplace,
  C26_drift: drift,
  C27_bypass: bypass,
  C28_self_dealing: selfDealing,
};
