import type { Approval } from './approval/approval.ts';
import { restoreApproval, type EarlierChain, type EarlierStep } from './approval/restore-approval.ts';
import type { CaseState, SettledOutcome } from './case-life.ts';
import type { RegistrationProgress } from './messages.ts';
import { SUBMITTED, type RegistrationState } from './registration-life.ts';
import type { Instant } from './vocabulary.ts';

/** Before approvals had stages, the open question was one step beside a chain of roles. */
interface Earlier {
  readonly step?: EarlierStep | null;
  readonly chain?: EarlierChain;
  readonly extension?: { readonly step?: EarlierStep } | null;
  readonly interrupted?: { readonly step?: EarlierStep; readonly at: Instant } | null;
}

const NO_CHAIN: EarlierChain = { granted: [], rest: [] };

/**
 * A registration's state as a database or a workflow's history has it, written by this release or by an earlier one, in the form of this release. What an earlier release
 * did not know is as if it had never happened; what it promised stays promised.
 */
export function restoreState(stored: Partial<RegistrationState>): RegistrationState {
  const { step, chain = NO_CHAIN, extension, interrupted, ...rest } = stored as Partial<RegistrationState> & Earlier;
  const isAppeal = stored.appealed === true;
  const kind = isAppeal ? 'appeal' : 'registration';
  const approval = step === undefined || step === null ? (stored.approval ?? null) : restoreApproval(kind, step, chain);
  return {
    ...SUBMITTED,
    ...rest,
    approval,
    questions: stored.questions ?? approval?.lastNumber ?? 0,
    extension: restoreExtension(extension ?? null),
    interrupted: restoreInterruption(interrupted ?? null, chain),
  };
}

/** The same for the part of it that its workflow carries. */
export function restoreProgress(stored: Partial<RegistrationProgress>): RegistrationProgress {
  const { decision: _isText, ...progress } = restoreState(stored as Partial<RegistrationState>);
  return progress;
}

/** What an outcome had before deals were shared by figures and losers got something instead. */
const NO_TERMS: Pick<SettledOutcome, 'shares' | 'remediations'> = { shares: [], remediations: [] };

/** The same for a case. */
export function restoreCaseState(stored: CaseState): CaseState {
  const { step, chain = NO_CHAIN, ...rest } = stored as CaseState & Earlier;
  const approval = step === undefined || step === null ? (stored.approval ?? null) : restoreApproval('case', step, chain);
  const { hearing = null, decidedBefore = [] } = stored as Partial<CaseState>;
  const outcome = stored.outcome === null ? null : { ...NO_TERMS, ...stored.outcome };
  return { ...rest, approval, questions: stored.questions ?? approval?.lastNumber ?? 0, outcome, hearing, decidedBefore };
}

function restoreExtension(
  stored: (RegistrationState['extension'] & { readonly step?: EarlierStep }) | null,
): RegistrationState['extension'] {
  if (stored === null) return null;
  const { step, ...rest } = stored;
  return step === undefined ? rest : { ...rest, approval: restoreApproval('extension', step, NO_CHAIN) };
}

function restoreInterruption(
  stored: { readonly approval?: Approval; readonly step?: EarlierStep; readonly at: Instant } | null,
  chain: EarlierChain,
): RegistrationState['interrupted'] {
  if (stored === null) return null;
  const approval = stored.step === undefined ? stored.approval : restoreApproval('registration', stored.step, chain);
  return approval === undefined ? null : { approval, at: stored.at };
}
