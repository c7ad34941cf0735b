import { checkOf, findTwice, type ReferenceCheck } from './problem.ts';

/** What the rest of the definition refers to is named once. */
export const REPEATED_IDS: readonly ReferenceCheck[] = [
  checkOf(['types'], ({ types }) => findTwice(['types'], 'id', types.map(idOf))),
  checkOf(['tracks'], ({ tracks }) => [
    ...findTwice(['tracks'], 'id', tracks.map(idOf)),
    ...tracks.flatMap(({ tiers }, at) => findTwice(['tracks', at, 'tiers'], 'id', tiers.map(idOf))),
  ]),
  checkOf(['measures'], ({ measures }) => findTwice(['measures'], 'id', measures.map(idOf))),
  checkOf(['economics'], ({ economics }) =>
    findTwice(
      ['economics'],
      'track',
      economics.map(({ track }) => track),
    ),
  ),
  checkOf(['splits'], ({ splits }) => findTwice(['splits'], 'id', splits.map(idOf))),
  checkOf(['governance'], ({ governance: { roles, ladder, desks, people } }) => [
    ...findTwice(['governance', 'roles'], 'id', roles.map(idOf)),
    ...roles.flatMap(({ members }, at) => findTwice(['governance', 'roles', at, 'members'], null, members)),
    ...findTwice(
      ['governance', 'ladder'],
      'role',
      ladder.map(({ role }) => role),
    ),
    ...findTwice(
      ['governance', 'desks'],
      'role',
      desks.map(({ role }) => role),
    ),
    ...findTwice(
      ['governance', 'people'],
      'alias',
      people.map(({ alias }) => alias),
    ),
  ]),
  checkOf(['documents'], ({ documents }) => findTwice(['documents'], 'id', documents.map(idOf))),
  checkOf(['systems'], ({ systems }) => findTwice(['systems'], 'id', systems.map(idOf))),
  checkOf(['launch'], ({ launch }) =>
    findTwice(
      ['launch'],
      'phase',
      launch.map(({ phase }) => phase),
    ),
  ),
  checkOf(['scale'], ({ scale }) =>
    findTwice(
      ['scale'],
      'activity',
      scale.map(({ activity }) => activity),
    ),
  ),
  checkOf(['maturity'], ({ maturity }) =>
    findTwice(
      ['maturity'],
      'area',
      maturity.map(({ area }) => area),
    ),
  ),
  checkOf(['metrics'], ({ metrics }) => findTwice(['metrics'], 'id', metrics.map(idOf))),
  checkOf(['kinds'], ({ kinds }) => findTwice(['kinds'], 'id', kinds.map(idOf))),
  checkOf(['productLines'], ({ productLines }) => findTwice(['productLines'], 'id', productLines.map(idOf))),
  checkOf(['regions'], ({ regions }) => findTwice(['regions'], 'id', regions.map(idOf))),
  checkOf(['intake'], ({ intake }) => findTwice(['intake'], 'id', intake.map(idOf))),
  checkOf(['requiredFacts'], ({ requiredFacts }) => findTwice(['requiredFacts'], null, requiredFacts)),
  checkOf(['calendars'], ({ calendars }) => [
    ...findTwice(['calendars'], 'id', calendars.map(idOf)),
    ...calendars.flatMap(({ workingDays }, at) => findTwice(['calendars', at, 'workingDays'], null, workingDays.map(String))),
  ]),
  checkOf(['cases'], ({ cases }) => findTwice(['cases', 'remediation'], 'id', cases.remediation.map(idOf))),
  checkOf(['precedence'], ({ precedence }) => findTwice(['precedence'], null, precedence)),
  // One rule may stand in several rows where each but one says to which claims it applies.
  checkOf(['rules'], ({ rules }) => {
    const everywhere = rules.order.map(({ id, when }) => (when === undefined ? id : null));
    return everywhere.flatMap((id, at) =>
      id !== null && everywhere.indexOf(id) < at
        ? [{ path: ['rules', 'order', at, 'id'], message: `${id}; used before, expected once, or with \`when\`` }]
        : [],
    );
  }),
];

function idOf({ id }: { readonly id: string }): string {
  return id;
}
