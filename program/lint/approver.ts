import { Decimal } from 'decimal.js';
import { definedSteps } from '../approval/planned-stage.ts';
import type { Program } from '../definition/program.ts';
import { chainsOf, type Chain } from './chain.ts';
import { finding, type LintFinding } from './finding.ts';

type Governance = Program['governance'];

/** L301–L309: who decides, who checks them, who is missing. */
export function lintPeople(program: Program): readonly LintFinding[] {
  const { governance } = program;
  return [
    ...findTooMany(governance),
    ...findEscalations(governance),
    ...findSoleDecider(governance),
    ...findSelfApproval(program),
    ...findAppeals(program),
    ...findFallingLimits(governance),
    ...findFallingDesks(governance),
    ...findNobody(governance),
  ];
}

function membersOf({ roles }: Governance, id: string): readonly string[] {
  return roles.find((role) => role.id === id)?.members ?? [];
}

function findTooMany({ roles }: Governance): readonly LintFinding[] {
  return roles.flatMap(({ id, headcount, members }, at) =>
    new Set(members).size > headcount
      ? [finding('L301', ['governance', 'roles', at, 'headcount'], `${id} has ${headcount} people and the members ${members.join(', ')}`)]
      : [],
  );
}

/** Whoever did not answer is asked again under another name. Said once for the whole ladder where it has one person only (L303). */
function findEscalations(governance: Governance): readonly LintFinding[] {
  if (decidersOf(governance).size < 2) return [];
  return governance.ladder.flatMap((rung, at) => {
    const above = governance.ladder[at + 1];
    if (rung.silence !== 'escalate' || above === undefined) return [];
    const silent = membersOf(governance, rung.role);
    return membersOf(governance, above.role).every((member) => silent.includes(member))
      ? [
          finding(
            'L302',
            ['governance', 'ladder', at, 'silence'],
            `${rung.role} escalates to ${above.role}, whose members are ${membersOf(governance, above.role).join(', ')}`,
          ),
        ]
      : [];
  });
}

function decidersOf(governance: Governance): ReadonlySet<string> {
  return new Set(governance.ladder.flatMap(({ role }) => membersOf(governance, role)));
}

function findSoleDecider(governance: Governance): readonly LintFinding[] {
  const deciders = decidersOf(governance);
  return deciders.size === 1 ? [finding('L303', ['governance', 'ladder'], `${[...deciders].join()} is the only member of every role`)] : [];
}

/** The roles of a chain that its members answer for. Whom the CRM names at the customer's account is nobody that a definition knows. */
function rolesIn({ first, stages }: Chain): readonly string[] {
  const steps = stages.flatMap((stage) => definedSteps(stage));
  const asked = steps.filter(({ asks = 'members' }) => asks === 'members' || asks === 'queue').map(({ role }) => role);
  return first === null ? asked : [first, ...asked];
}

function findSelfApproval(program: Program): readonly LintFinding[] {
  const { governance } = program;
  if (decidersOf(governance).size < 2) return [];
  return chainsOf(program).flatMap((chain) => {
    const roles = rolesIn(chain);
    return roles.flatMap((role, at) => {
      const before = roles.slice(0, at);
      const asked = new Set(before.flatMap((earlier) => membersOf(governance, earlier)));
      const members = membersOf(governance, role);
      const isOnlyThem = before.includes(role) ? members.length < 2 : members.length > 0 && members.every((member) => asked.has(member));
      return isOnlyThem ? [finding('L304', chain.path, `${role} (${members.join(', ')}) is asked after ${before.join(', ')}`)] : [];
    });
  });
}

function findAppeals(program: Program): readonly LintFinding[] {
  const { appeal, governance } = program;
  const top = governance.ladder.at(-1)?.role;
  if (appeal.maxCount === 0 || top === undefined || membersOf(governance, top).length > 1 || decidersOf(governance).size < 2) return [];
  return chainsOf(program)
    .filter(({ path, first }) => path[0] === 'rules' && first === top)
    .map(({ path }) => finding('L305', path, `${top} decides first, has one member, and no role stands above`));
}

function findFallingLimits({ ladder }: Governance): readonly LintFinding[] {
  return ladder.flatMap(({ role, approvalLimit }, at) => {
    const lower = ladder[at - 1];
    if (lower === undefined || approvalLimit === null) return [];
    return lower.approvalLimit === null || new Decimal(approvalLimit).lt(lower.approvalLimit)
      ? [
          finding(
            'L306',
            ['governance', 'ladder', at, 'approvalLimit'],
            `${role} may approve ${approvalLimit}, and ${lower.role} below it ${lower.approvalLimit ?? 'any value'}`,
          ),
        ]
      : [];
  });
}

function findFallingDesks({ ladder, desks }: Governance): readonly LintFinding[] {
  return desks.flatMap(({ role, approvalLimit, escalatesTo }, at) => {
    const above = ladder.find((rung) => rung.role === escalatesTo)?.approvalLimit ?? null;
    return above === null || (approvalLimit !== null && new Decimal(approvalLimit).lte(above))
      ? []
      : [
          finding(
            'L306',
            ['governance', 'desks', at, 'escalatesTo'],
            `${escalatesTo} may approve ${above}, and ${role} below it ${approvalLimit ?? 'any value'}`,
          ),
        ];
  });
}

function findNobody({ executiveSponsor, owner, roles }: Governance): readonly LintFinding[] {
  return [
    ...(owner === null ? [finding('L307', ['governance', 'owner'], 'no role owns the program')] : []),
    ...(executiveSponsor === null ? [finding('L308', ['governance', 'executiveSponsor'], 'no role sponsors the program')] : []),
    ...(roles.every(({ headcount }) => headcount === 0) ? [finding('L309', ['governance', 'roles'], 'no role has a head')] : []),
  ];
}
