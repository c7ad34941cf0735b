import type { Program } from '../../program/definition/program.ts';
import { openStep, type ReviewStep } from '../../program/review-step.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { Transaction } from '../../store/database.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { excludedApprovers } from './excluded-approver.ts';

/** The question of an appeal. It goes to somebody other than the first asked: the next role up the ladder. */
export async function openAppealStep(
  trx: Transaction,
  deps: ActivityDependencies,
  program: Program,
  registrationId: string,
  at: Instant,
): Promise<ReviewStep> {
  const { ladder } = program.governance;
  const role = ladder[1]?.role ?? ladder[0]?.role ?? '';
  const excluded = await excludedApprovers(trx, { registrationIds: [registrationId], opportunity: null });
  return openStep(program, role, null, excluded, at, deps.calendarOf(program));
}
