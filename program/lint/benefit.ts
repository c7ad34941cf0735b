import type { Condition } from '../condition.ts';
import type { Program } from '../definition/program.ts';
import { finding, type LintFinding } from './finding.ts';

type Row = Program['economics'][number];
export type Benefit = Row['benefits'][number];

/** L403–L405: whether a partner can tell what a deal earns. */
export function lintEconomics(program: Program): readonly LintFinding[] {
  const isAllVague = !program.economics.some(({ benefits }) => benefits.some(isDefinite));
  return program.tracks.flatMap((track, trackAt): readonly LintFinding[] => {
    const at = program.economics.findIndex((row) => row.track === track.id);
    const row = program.economics[at];
    if (row === undefined || row.benefits.length === 0)
      return [
        finding('L420', row === undefined ? ['tracks', trackAt] : ['economics', at], `nothing is said of what ${track.id} partners earn`),
      ];
    const path = ['economics', at, 'benefits'];
    const vague = row.benefits.filter((benefit) => isPay(benefit) && !hasFigure(benefit));
    if (vague.length > 0 && isAllVague)
      return [finding('L403', path, `${track.id}: ${vague.map(describeVague).join(', ')}; no benefit of the program is definite`)];
    return row.benefits.flatMap((benefit, index) => [
      ...(vague.includes(benefit) ? [finding('L404', [...path, index], describeVague(benefit))] : []),
      ...(isUngraded(benefit, track)
        ? [finding('L405', [...path, index], `graded by the tier, and ${track.id} has none from there on`)]
        : []),
    ]);
  });
}

/** Says how much. A share from nothing to all says nothing. */
function hasFigure(benefit: Benefit): boolean {
  switch (benefit.kind) {
    case 'funds':
      return benefit.least !== null || benefit.most !== null;
    case 'revenue_share':
    case 'margin':
      return benefit.leastPercent !== '0' || benefit.mostPercent !== '100';
    case 'commission':
    case 'discount':
      return true;
    case 'listing':
    case 'deal_protection':
    case 'other':
      return false;
  }
}

/** A partner can tell what it gets: a figure, or something that one has or has not. */
function isDefinite(benefit: Benefit): boolean {
  return hasFigure(benefit) || !isPay(benefit);
}

/** What could have a figure. A listing and a protection are what they are. */
function isPay({ kind }: Benefit): boolean {
  return kind !== 'listing' && kind !== 'deal_protection';
}

function describeVague(benefit: Benefit): string {
  return benefit.kind === 'other' ? `"${benefit.description}"` : `${benefit.kind} without an amount`;
}

function isUngraded(benefit: Benefit, { tiers }: Program['tracks'][number]): boolean {
  if (benefit.kind !== 'margin' || benefit.gradedBy !== 'tier' || benefit.leastPercent === benefit.mostPercent) return false;
  const from = benefit.fromTier === null ? 0 : tiers.findIndex(({ id }) => id === benefit.fromTier);
  return tiers.slice(Math.max(0, from)).length < 2;
}

/** For which claims a benefit holds, of partners that are on the track and high enough. */
export function benefitCondition(program: Program, track: string, benefit: Benefit): Condition {
  const tiers = program.tracks.find(({ id }) => id === track)?.tiers.map(({ id }) => id) ?? [];
  const own: Condition = benefit.when ?? {};
  const reached = benefit.fromTier === null ? undefined : tiers.slice(Math.max(0, tiers.indexOf(benefit.fromTier)));
  const both = reached === undefined ? own.tiers : own.tiers === undefined ? reached : reached.filter((tier) => own.tiers?.includes(tier));
  const tracks = own.tracks === undefined ? [track] : own.tracks.filter((one) => one === track);
  return { ...own, tracks, ...(both === undefined ? {} : { tiers: both }) };
}
