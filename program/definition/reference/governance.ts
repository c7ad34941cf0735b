import type { Program } from '../program.ts';
import { checkDecimals, checkId, checkOf, type DefinitionProblem, type Path, type ReferenceCheck } from './problem.ts';

/** Who decides: every rung has people, silence at the top is not passed on to nobody, and everybody is of a role that exists. */
export const GOVERNANCE_CHECKS: readonly ReferenceCheck[] = [
  checkOf(['governance'], ({ governance }) => {
    const roles = governance.roles.map(({ id }) => id);
    const deciders = governance.ladder.flatMap((rung) => governance.roles.find((role) => role.id === rung.role)?.members ?? []);
    return [
      ...governance.ladder.flatMap((rung, at) => checkRung(governance, rung, ['governance', 'ladder', at])),
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
    governance.ladder.flatMap(({ approvalLimit }, at) =>
      approvalLimit === null ? [] : checkDecimals(['governance', 'ladder', at, 'approvalLimit'], approvalLimit, routing.currency),
    ),
  ),
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
