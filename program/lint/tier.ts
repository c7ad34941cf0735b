import { Decimal } from 'decimal.js';
import type { Program } from '../definition/program.ts';
import { finding, type LintFinding } from './finding.ts';

type Track = Program['tracks'][number];
type Tier = Track['tiers'][number];

/** Fewer partners a tier than this, and tiers cost more than they move. */
const LEAST_PARTNERS_A_TIER = 5;

/** L402, L413–L417: how tiers are earned, whether they can be, and whether there are too many. */
export function lintTiers(program: Program): readonly LintFinding[] {
  return [...program.tracks.flatMap((track, at) => lintLadder(program, track, at)), ...findTooMany(program)];
}

function lintLadder(program: Program, track: Track, trackAt: number): readonly LintFinding[] {
  return track.tiers.flatMap((tier, at): readonly LintFinding[] => {
    const path = ['tracks', trackAt, 'tiers', at];
    const below = track.tiers[at - 1];
    if (tier.assignedBy !== null && tier.criteria.length === 0) {
      const words = tier.requirements.length === 0 ? '' : ` ("${tier.requirements.join('; ')}")`;
      return [finding('L402', [...path, 'assignedBy'], `${tier.assignedBy} puts partners on ${tier.id}${words}, without a figure`)];
    }
    return [
      ...(tier.criteria.length === 0 && tier.requirements.length > 0
        ? [finding('L415', [...path, 'requirements'], `${tier.id} asks for "${tier.requirements.join('; ')}" without a figure`)]
        : []),
      ...findUnreachable(program, tier, path),
      ...(below === undefined ? [] : compare(tier, below, path)),
    ];
  });
}

function findUnreachable({ measures }: Program, tier: Tier, path: readonly PropertyKey[]): readonly LintFinding[] {
  return tier.criteria.flatMap(({ measure, atLeast }, at) => {
    const atMost = measures.find(({ id }) => id === measure)?.atMost ?? null;
    return atMost !== null && new Decimal(atLeast).gt(atMost)
      ? [finding('L413', [...path, 'criteria', at], `${tier.id} asks for ${atLeast} of ${measure}, which has ${atMost} at most`)]
      : [];
  });
}

function compare(tier: Tier, below: Tier, path: readonly PropertyKey[]): readonly LintFinding[] {
  const lower = tier.criteria.flatMap(({ measure, atLeast }, at) => {
    const before = below.criteria.find((criterion) => criterion.measure === measure)?.atLeast;
    return before !== undefined && new Decimal(atLeast).lt(before)
      ? [finding('L414', [...path, 'criteria', at], `${tier.id} asks for ${atLeast} of ${measure}, and ${below.id} below it for ${before}`)]
      : [];
  });
  const asks = (one: Tier): string =>
    JSON.stringify([
      one.requirements,
      one.criteria.map(({ measure, atLeast }) => [measure, new Decimal(atLeast).toFixed()]),
      one.assignedBy,
    ]);
  return [
    ...lower,
    ...(asks(tier) === asks(below) ? [finding('L416', path, `${tier.id} asks for nothing that ${below.id} does not`)] : []),
  ];
}

function findTooMany({ size, tracks }: Program): readonly LintFinding[] {
  const ladders = tracks.filter(({ tiers }) => tiers.length > 1);
  const places = tracks.reduce((sum, { tiers }) => sum + Math.max(1, tiers.length), 0);
  if (size === null || ladders.length === 0 || size.activePartners >= places * LEAST_PARTNERS_A_TIER) return [];
  return [finding('L417', ['tracks'], `${size.activePartners} active partners on ${places} tiers`)];
}
