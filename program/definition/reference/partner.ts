import { checkId, checkIds, checkOf, findTwice, type DefinitionProblem, type ReferenceCheck } from './problem.ts';

/** Who partners are and what they may register: tracks, tiers, measures and kinds that exist. */
export const PARTNER_CHECKS: readonly ReferenceCheck[] = [
  checkOf(['tracks', 'governance', 'measures'], ({ tracks, governance, measures }) => {
    const roles = governance.roles.map(({ id }) => id);
    const known = measures.map(({ id }) => id);
    return tracks.flatMap((track, at): DefinitionProblem[] => [
      ...(track.director === null ? [] : checkId(['tracks', at, 'director'], track.director, roles)),
      ...track.tiers.flatMap((tier, index) => {
        const path = ['tracks', at, 'tiers', index];
        return [
          ...(tier.assignedBy === null ? [] : checkId([...path, 'assignedBy'], tier.assignedBy, roles)),
          ...tier.criteria.flatMap(({ measure }, place) => checkId([...path, 'criteria', place, 'measure'], measure, known)),
          ...findTwice(
            [...path, 'criteria'],
            'measure',
            tier.criteria.map(({ measure }) => measure),
          ),
        ];
      }),
    ]);
  }),
  checkOf(['eligibility', 'tracks', 'types', 'kinds'], ({ eligibility, tracks, types, kinds }) => {
    const trackIds = tracks.map(({ id }) => id);
    const kindIds = kinds.map(({ id }) => id);
    const { byTrack, otherwise } = eligibility.defaultKind;
    return [
      ...findTwice(['eligibility', 'partnerStatuses'], null, eligibility.partnerStatuses),
      ...eligibility.rows.flatMap((row, at) => {
        const path = ['eligibility', 'rows', at];
        const reached = row.tracks.length === 0 ? tracks : tracks.filter(({ id }) => row.tracks.includes(id));
        return [
          ...checkIds([...path, 'tracks'], row.tracks, trackIds),
          ...checkIds(
            [...path, 'types'],
            row.types,
            types.map(({ id }) => id),
          ),
          ...checkIds(
            [...path, 'tiers'],
            row.tiers,
            reached.flatMap(({ tiers }) => tiers.map(({ id }) => id)),
          ),
          ...checkIds([...path, 'kinds'], row.kinds, kindIds),
        ];
      }),
      ...Object.entries(byTrack).flatMap(([track, kind]) => [
        ...checkId(['eligibility', 'defaultKind', 'byTrack', track], track, trackIds),
        ...checkId(['eligibility', 'defaultKind', 'byTrack', track], kind, kindIds),
      ]),
      ...checkId(['eligibility', 'defaultKind', 'otherwise'], otherwise, kindIds),
    ];
  }),
];
