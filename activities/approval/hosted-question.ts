import type { Approval } from '../../program/approval/approval.ts';
import type { Asking } from '../../program/approval/asking.ts';
import type { Program } from '../../program/definition/program.ts';
import { withQuestion, type RegistrationState } from '../../program/registration-life.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { Transaction } from '../../store/database.ts';
import type { Registration } from '../../store/registration.ts';
import type { ActivityDependencies } from '../decision/dependencies.ts';
import { askingAbout } from './asking-about.ts';

/** The questions that a registration hosts: about the claim itself (an appeal is one), about further time, about another partner. */
export type Hosted = 'claim' | 'extension' | 'transfer';

/** The question as it stands, numbered so that whoever is asked next gets a number that none has; null where it is not open. */
export function hostedApproval(state: RegistrationState, hosted: Hosted): Approval | null {
  const approval = approvalIn(state, hosted);
  return approval === null ? null : { ...approval, lastNumber: Math.max(approval.lastNumber, state.questions) };
}

function approvalIn(state: RegistrationState, hosted: Hosted): Approval | null {
  switch (hosted) {
    case 'claim':
      return state.caseId === null ? state.approval : null;
    case 'extension':
      return state.extension?.approval ?? null;
    case 'transfer':
      return state.transfer?.approval ?? null;
  }
}

/** The state with that question moved on. */
export function withHosted(state: RegistrationState, hosted: Hosted, approval: Approval): RegistrationState {
  const { extension, transfer } = state;
  if (hosted === 'claim') return withQuestion(state, approval);
  // The question about the claim itself is closed then: whether it needs somebody is said by this one.
  const moved = { ...withQuestion(state, approval), approval: state.approval };
  if (hosted === 'extension') return extension === null ? moved : { ...moved, extension: { ...extension, approval } };
  return transfer === null ? moved : { ...moved, transfer: { ...transfer, approval } };
}

/** Who can be asked that question now. */
export function askingOf(
  trx: Transaction,
  deps: Pick<ActivityDependencies, 'calendarOf'>,
  program: Program,
  registration: Registration,
  hosted: Hosted,
  at: Instant,
): Promise<Asking> {
  const { extension, transfer, appealed, decidedBefore, decision } = registration.state;
  switch (hosted) {
    case 'claim':
      return askingAbout(trx, deps, program, registration, appealed ? { kind: 'appeal', decidedBefore } : { kind: 'registration' }, at);
    case 'extension':
      return askingAbout(trx, deps, program, registration, { kind: 'extension', askedBy: extension?.askedBy ?? decision?.by ?? null }, at);
    case 'transfer':
      return askingAbout(trx, deps, program, registration, { kind: 'transfer', askedBy: transfer?.askedBy ?? null }, at);
  }
}
