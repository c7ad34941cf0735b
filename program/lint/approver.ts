import { Decimal } from 'decimal.js';
import type { Path } from '../definition/source-place.ts';
import { definedSteps, type DefinedStage } from '../approval/planned-stage.ts';
import type { Program } from '../definition/program.ts';
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

/** Every chain of stages that the program asks for, with all the roles in it, and where it stands. */
function chainsOf({ routing, rules }: Program): readonly { readonly path: Path; readonly roles: readonly string[] }[] {
  return [
    ...routing.rows.map(({ steps }, at) => ({ path: ['routing', 'rows', at, 'steps'], roles: rolesIn(steps) })),
    ...rules.order.flatMap(({ on }, at) =>
      Object.entries(on).flatMap(([situation, outcome]) =>
        outcome.outcome === 'review'
          ? [{ path: ['rules', 'order', at, 'on', situation], roles: [outcome.decider, ...rolesIn(outcome.then)] }]
          : [],
      ),
    ),
  ];
}

function rolesIn(stages: readonly DefinedStage[]): readonly string[] {
  return stages.flatMap((stage) => definedSteps(stage).map(({ role }) => role));
}

function findSelfApproval(program: Program): readonly LintFinding[] {
  const { governance } = program;
  if (decidersOf(governance).size < 2) return [];
  return chainsOf(program).flatMap(({ path, roles }) =>
    roles.flatMap((role, at) => {
      const before = roles.slice(0, at);
      const asked = new Set(before.flatMap((earlier) => membersOf(governance, earlier)));
      const members = membersOf(governance, role);
      const isOnlyThem = before.includes(role) ? members.length < 2 : members.length > 0 && members.every((member) => asked.has(member));
      return isOnlyThem ? [finding('L304', path, `${role} (${members.join(', ')}) is asked after ${before.join(', ')}`)] : [];
    }),
  );
}

function findAppeals(program: Program): readonly LintFinding[] {
  const { appeal, governance } = program;
  const top = governance.ladder.at(-1)?.role;
  if (appeal.maxCount === 0 || top === undefined || membersOf(governance, top).length > 1 || decidersOf(governance).size < 2) return [];
  return chainsOf(program)
    .filter(({ path, roles }) => path[0] === 'rules' && roles[0] === top)
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

function findNobody({ executiveSponsor, owner, roles }: Governance): readonly LintFinding[] {
  return [
    ...(owner === null ? [finding('L307', ['governance', 'owner'], 'no role owns the program')] : []),
    ...(executiveSponsor === null ? [finding('L308', ['governance', 'executiveSponsor'], 'no role sponsors the program')] : []),
    ...(roles.every(({ headcount }) => headcount === 0) ? [finding('L309', ['governance', 'roles'], 'no role has a head')] : []),
  ];
}
