import type { RivalClaim } from '../claim.ts';
import { holds } from '../condition.ts';
import type { RuleOutcome } from '../definition/conflict-rule.ts';
import type { Program } from '../definition/program.ts';
import { otherPartners, overlap, standingLines } from './rival.ts';
import type { RuleInput } from './rule.ts';
import { areSitesApart } from './site.ts';

type Split = Program['splits'][number];

/**
 * The rivals that compete with the claim: other partners, without those that have another part in the same deal.
 *
 * The rules about competition (C02, C03, C04, C21, C22) look at these; the others are C23's, where the program does more than note them.
 * What is only probable stays here, since a person has to look first whether it is the same customer at all.
 */
export function competitors(input: RuleInput): readonly RivalClaim[] {
  if (!input.program.rules.order.some(({ id, on }) => id === 'C23_multi_partner' && decides(on['other_role']))) return otherPartners(input);
  return otherPartners(input).filter((rival) => sharedSplits(input, rival).length === 0);
}

/** A row that only notes or approves settles nothing between the two: a line is not protected twice unless people say so. */
function decides(outcome: RuleOutcome | undefined): boolean {
  return outcome?.outcome !== 'note' && outcome?.outcome !== 'approve';
}

/**
 * The splits of the program by which claim and rival share one deal; none where they compete.
 *
 * A claim's part in a deal is its kind, so a split covers two claims when its shares name both kinds. They have to be of different kinds,
 * at certainly the same customer, on a line on which the rival stands, not at two sites that are named and differ; and the program has to
 * have a row for C23 that may apply to the claim. Without that row partners compete, whatever splits are declared.
 */
export function sharedSplits({ program, claim, evidence }: RuleInput, rival: RivalClaim): readonly Split[] {
  if (rival.kind === claim.kind || rival.match.band !== 'exact' || areSitesApart(claim.facts.site, rival.site)) return [];
  if (overlap(claim.productLines, standingLines(rival)).length === 0) return [];
  const splits = program.splits.filter((split) => covers(split, [claim.kind, rival.kind]));
  const isShared = program.rules.order.some(
    ({ id, when }) => id === 'C23_multi_partner' && (when === undefined || holds(when, program, claim, evidence.partner) !== 'no'),
  );
  return isShared ? splits : [];
}

/** True where every kind has a share. */
export function covers({ shares }: Split, kinds: readonly string[]): boolean {
  return kinds.every((kind) => Object.hasOwn(shares, kind));
}
