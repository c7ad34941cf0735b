import type { Program } from '../program.ts';
import { checkDecimals, checkId, checkIds, checkOf, type DefinitionProblem, type Path, type ReferenceCheck } from './problem.ts';

/** Who decides: every rung has people, silence at the top is not passed on to nobody, and everybody is of a role that exists. */
export const GOVERNANCE_CHECKS: readonly ReferenceCheck[] = [
  checkOf(['governance'], ({ governance }) => {
    const roles = governance.roles.map(({ id }) => id);
    const deciders = governance.ladder.flatMap((rung) => governance.roles.find((role) => role.id === rung.role)?.members ?? []);
    return [
      ...governance.ladder.flatMap((rung, at) => checkRung(governance, rung, ['governance', 'ladder', at])),
      ...governance.desks.flatMap((desk, at) => checkDesk(governance, desk, ['governance', 'desks', at])),
      ...(governance.owner === null ? [] : checkId(['governance', 'owner'], governance.owner, roles)),
      ...(governance.executiveSponsor === null ? [] : checkId(['governance', 'executiveSponsor'], governance.executiveSponsor, roles)),
      ...checkId(['governance', 'defaultManager'], governance.defaultManager, deciders),
      ...governance.maturity.flatMap(({ least, most }, at) =>
        most !== null && most < least
          ? [{ path: ['governance', 'maturity', at, 'most'], message: `${most}; expected ${least} or more` }]
          : [],
      ),
    ];
  }),
  checkOf(['governance', 'routing'], ({ governance, routing }) =>
    (['ladder', 'desks', 'people'] as const).flatMap((list) =>
      governance[list].flatMap(({ approvalLimit }, at) =>
        approvalLimit === null ? [] : checkDecimals(['governance', list, at, 'approvalLimit'], approvalLimit, routing.currency),
      ),
    ),
  ),
  checkOf(['governance', 'calendars', 'regions', 'productLines'], ({ governance, calendars, regions, productLines }) => {
    const known = {
      calendars: calendars.map(({ id }) => id),
      regions: regions.map(({ id }) => id),
      productLines: productLines.map(({ id }) => id),
    };
    return governance.people.flatMap((person, at) => checkPerson(['governance', 'people', at], person, known));
  }),
];

type Governance = Program['governance'];

function checkRung(governance: Governance, rung: Governance['ladder'][number], path: Path): readonly DefinitionProblem[] {
  const roles = governance.roles.map(({ id }) => id);
  const role = governance.roles.find(({ id }) => id === rung.role);
  return [
    ...checkId([...path, 'role'], rung.role, roles),
    ...(role !== undefined && role.members.length === 0
      ? [{ path: [...path, 'role'], message: `${rung.role}; expected a role with members` }]
      : []),
    ...checkSilence([...path, 'silence'], rung.silence, rung.role, governance),
  ];
}

/** A desk is no rung of the ladder: it hands up to one. */
function checkDesk(governance: Governance, desk: Governance['desks'][number], path: Path): readonly DefinitionProblem[] {
  const ladder = governance.ladder.map(({ role }) => role);
  const role = governance.roles.find(({ id }) => id === desk.role);
  return [
    ...checkId(
      [...path, 'role'],
      desk.role,
      governance.roles.map(({ id }) => id),
    ),
    ...(role !== undefined && role.members.length === 0
      ? [{ path: [...path, 'role'], message: `${desk.role}; expected a role with members` }]
      : []),
    ...(ladder.includes(desk.role)
      ? [{ path: [...path, 'role'], message: `${desk.role}; expected a role that does not stand on the ladder` }]
      : []),
    ...checkId([...path, 'escalatesTo'], desk.escalatesTo, ladder),
  ];
}

function checkPerson(
  path: Path,
  { alias, calendar, regions, productLines, deputy, quota }: Governance['people'][number],
  known: Readonly<Record<'calendars' | 'regions' | 'productLines', readonly string[]>>,
): readonly DefinitionProblem[] {
  return [
    ...(calendar === null ? [] : checkId([...path, 'calendar'], calendar, known.calendars)),
    ...checkIds([...path, 'regions'], regions, known.regions),
    ...checkIds([...path, 'productLines'], productLines, known.productLines),
    ...checkIds([...path, 'quota', 'regions'], quota?.regions, known.regions),
    ...checkIds([...path, 'quota', 'productLines'], quota?.productLines, known.productLines),
    ...(deputy === alias ? [{ path: [...path, 'deputy'], message: `${deputy}; expected somebody else` }] : []),
  ];
}

/** Nobody stands above the last rung: its silence cannot be passed on, except to another member of the same role. */
export function checkSilence(
  path: Path,
  silence: Governance['ladder'][number]['silence'] | undefined,
  role: string,
  { ladder, roles }: Governance,
): readonly DefinitionProblem[] {
  if (ladder.at(-1)?.role !== role) return [];
  const members = roles.find(({ id }) => id === role)?.members.length ?? 0;
  if (silence === 'escalate') return [{ path, message: 'escalate; expected keep_asking, since no role stands above' }];
  if (silence === 'reassign' && members < 2)
    return [{ path, message: 'reassign; expected keep_asking, since the role has no other member and no role stands above' }];
  return [];
}
