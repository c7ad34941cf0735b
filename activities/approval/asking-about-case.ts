import type { Asking } from '../../program/approval/asking.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { ConflictCase } from '../../store/conflict-case.ts';
import type { Transaction } from '../../store/database.ts';
import type { Registration } from '../../store/registration.ts';
import type { ActivityDependencies } from '../decision/dependencies.ts';
import { pinnedProgram } from '../decision/pinned-program.ts';
import { askingAbout } from './asking-about.ts';

/** Who can be asked about a conflict now: the question is that of whoever claims in it, and nobody with a stake in any of the registrations or the opportunity decides. */
export async function askingAboutCase(
  trx: Transaction,
  deps: ActivityDependencies,
  conflict: ConflictCase,
  registrations: readonly Registration[],
  at: Instant,
): Promise<Asking> {
  const claimant = registrations.find(({ state }) => state.caseId === conflict.id) ?? registrations[0];
  if (claimant === undefined) throw new RangeError(`case ${conflict.id} is about no registration`);
  const others = registrations.filter((registration) => registration !== claimant);
  const { opportunity, state } = conflict;
  const about = { kind: 'case', others, opportunity, decidedBefore: state.decidedBefore } as const;
  return askingAbout(trx, deps, pinnedProgram(deps, claimant), claimant, about, at);
}
