import type { Approval } from '../../program/approval/approval.ts';
import { openApproval } from '../../program/approval/open-approval.ts';
import { bareStep, planStage, type PlannedStage } from '../../program/approval/planned-stage.ts';
import { rolesOf, rungOf } from '../../program/approval/rung.ts';
import type { Program } from '../../program/definition/program.ts';
import { decidersOf } from '../../program/registration-life.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { Transaction } from '../../store/database.ts';
import type { Registration } from '../../store/registration.ts';
import type { ActivityDependencies } from '../decision/dependencies.ts';
import { pinnedProgram } from '../decision/pinned-program.ts';
import { askingAbout } from './asking-about.ts';

/** The question of an appeal. Whoever decided before hears it only where nobody else is left. */
export async function openAppeal(trx: Transaction, deps: ActivityDependencies, registration: Registration, at: Instant): Promise<Approval> {
  const program = pinnedProgram(deps, registration);
  const { state } = registration;
  const decidedBefore = decidersOf(state);
  const asking = await askingAbout(trx, deps, program, registration, { kind: 'appeal', decidedBefore }, at);
  return openApproval(asking, appealStages(program, decidedBefore.at(-1) ?? null), state.questions);
}

/** Whom the program names, otherwise the next role up from whoever decided, and from the first where that was the program. */
export function appealStages(program: Program, decidedBy: string | null): readonly [PlannedStage, ...PlannedStage[]] {
  const [first, ...rest] = program.appeal.steps.map(planStage);
  if (first !== undefined) return [first, ...rest];
  const { ladder } = program.governance;
  const role =
    (decidedBy === null ? undefined : rolesOf(program, decidedBy).findLast((held) => ladder.some((rung) => rung.role === held))) ??
    ladder[0]?.role;
  const asked = role ?? '';
  return [bareStep(rungOf(program, asked).above ?? asked)];
}
