import type { Program } from '../definition/program.ts';
import { finding, type LintFinding } from './finding.ts';
import { positionsOf } from './axis.ts';

type Row = Program['eligibility']['rows'][number];

/** L108–L110, L124: whether each row of the eligibility fits somebody, whether kinds and tracks are left out, and whether what is taken by default may be registered. */
export function lintEligibility(program: Program): readonly LintFinding[] {
  const { rows } = program.eligibility;
  const partners = partnersOf(program);
  const deciding = partners.map((partner) => rows.findIndex((row) => fits(row, partner)));
  const dead = rows.flatMap((row, at): readonly LintFinding[] => {
    if (deciding.includes(at)) return [];
    const takenBy = [...new Set(partners.flatMap((partner, index) => (fits(row, partner) ? [deciding[index]] : [])))];
    const path = ['eligibility', 'rows', at];
    return [
      takenBy.length === 0
        ? finding('L108', path, 'it names no partner that there can be', 'name tracks, or types for partners without a track.')
        : finding('L108', path, `all of its partners are taken by ${takenBy.map((row) => `eligibility.rows[${row}]`).join(', ')}`),
    ];
  });
  const reachable = rows.filter((_row, at) => deciding.includes(at));
  const kinds = program.kinds.flatMap(({ id }, at) =>
    reachable.some((row) => row.kinds.includes(id)) ? [] : [finding('L109', ['kinds', at], `no partner may register ${id}`)],
  );
  const tracks = program.tracks.flatMap(({ id }, at) =>
    rows.some((row) => row.tracks.includes(id))
      ? []
      : [finding('L110', ['tracks', at], `partners of the track ${id} may register nothing`)],
  );
  return [...dead, ...kinds, ...tracks, ...findRefusedDefaults(program)];
}

/** A track that may register nothing has no default that would help. */
function findRefusedDefaults({ eligibility }: Program): readonly LintFinding[] {
  return Object.entries(eligibility.defaultKind.byTrack).flatMap(([track, kind]) => {
    const allowed = new Set(eligibility.rows.filter(({ tracks }) => tracks.includes(track)).flatMap(({ kinds }) => kinds));
    return allowed.size === 0 || allowed.has(kind)
      ? []
      : [
          finding(
            'L124',
            ['eligibility', 'defaultKind', 'byTrack', track],
            `${kind} is taken by default, and ${track} partners may register ${[...allowed].join(', ')}`,
          ),
        ];
  });
}

interface Partner {
  readonly track: string | null;
  readonly tier: string | null;
  readonly type: string;
}

/** Every partner that rows can tell apart: on a track its type does not matter. */
function partnersOf(program: Program): readonly Partner[] {
  return positionsOf(program).flatMap((position): readonly Partner[] =>
    position.track === null ? program.types.map(({ id }) => ({ ...position, type: id })) : [{ ...position, type: '' }],
  );
}

function fits(row: Row, { track, tier, type }: Partner): boolean {
  const isNamed = track === null ? row.types.includes(type) : row.tracks.includes(track);
  return isNamed && (row.tiers.length === 0 || (tier !== null && row.tiers.includes(tier)));
}
