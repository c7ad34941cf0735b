import { answeredBy } from '../../program/approval/approval.ts';
import type { Refusal } from '../../program/failures.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { ConflictCase } from '../../store/conflict-case.ts';
import type { Transaction } from '../../store/database.ts';
import type { Registration } from '../../store/registration.ts';
import type { ActivityDependencies } from '../decision/dependencies.ts';
import { askingAboutCase } from './asking-about-case.ts';
import { refusalOfApprover } from './refusal-of-approver.ts';

/**
 * Whether somebody may act on a case at all as things are now: nobody does who has a stake in any of its sides, nor in the place of such a person.
 * `registrations`: all that are in it. Null where nothing speaks against `actor`.
 */
export async function refusalInCase(
  trx: Transaction,
  deps: ActivityDependencies,
  conflict: ConflictCase,
  registrations: readonly Registration[],
  actor: string,
  at: Instant,
): Promise<Refusal | null> {
  const asking = await askingAboutCase(trx, deps, conflict, registrations, at);
  const { approval } = conflict.state;
  const step = approval === null ? null : answeredBy(approval, actor);
  return refusalOfApprover(trx, asking, conflict.opportunity, actor, step?.standIns[actor] ?? null);
}
