import type { ApprovedPosition } from '../claim.ts';
import type { Program } from '../definition/program.ts';
import { judgeClaim } from '../judge-claim.ts';
import type { Verdict } from '../verdict.ts';
import type { EpochMs } from '../vocabulary.ts';
import type { Run } from './run.ts';
import { latestSighting, type Standing } from './standing.ts';
import { evidenceAt, instantOf } from './world.ts';

/** What the claim is approved as at `at`: what it is amended to later is held against it. */
export function positionOf(standing: Standing, at: EpochMs, until: EpochMs): ApprovedPosition {
  const { customer, productLines, estimatedValue } = standing.claim;
  const { partnerId } = latestSighting(standing).evidence.partner;
  return { approvedAt: instantOf(at), partnerId, customer, productLines, estimatedValue, until: instantOf(until) };
}

/**
 * What C26 alone says of an approved claim that was amended; null where the program does not ask. As in production, what the other rules would say today takes no yes
 * back. Only a denial follows from it here: a claim that people look into stays protected until they say otherwise, and what they really said is in the history.
 */
export function driftOf(run: Run, standing: Standing, at: EpochMs): Verdict | null {
  const { program, claim, approved } = standing;
  const order = program.rules.order.filter(({ id }) => id === 'C26_drift');
  if (approved === null || order.length === 0) return null;
  const own: Program = { ...program, rules: { ...program.rules, order } };
  const evidence = evidenceAt(run.world, run.scenario.matchesOf(program), standing, at);
  // A transfer takes the approval with it, and is not simulated: whose the claim is by now is no drift.
  return judgeClaim(own, claim, { ...evidence, approved: { ...approved, partnerId: evidence.partner.partnerId } });
}
