import type { Approval } from '../../program/approval/approval.ts';
import type { Asking } from '../../program/approval/asking.ts';
import { grantStep } from '../../program/approval/open-approval.ts';
import { askTheTop, passTime, type Passed } from '../../program/approval/pass-time.ts';
import { reconsider } from '../../program/approval/replace-step.ts';
import { askOn } from '../../program/approval/silence.ts';
import type { ReviewStep } from '../../program/approval/step.ts';
import { windowLength } from '../../program/protection.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { Transaction } from '../../store/database.ts';
import type { Registration } from '../../store/registration.ts';
import { askingOf, hostedApproval, withHosted, type Hosted } from '../approval/hosted-question.ts';
import { approvedState, deniedState } from './decided-state.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { decideExtension } from './extend.ts';
import { judgeInTransaction } from './judge.ts';
import { isHeldByAnother, judgeAgain } from './judge-again.ts';
import { pinnedProgram } from './pinned-program.ts';
import { decideTransfer } from './transfer.ts';
import { recordTransition, type Occasion } from './transition.ts';

type By = Omit<Occasion, 'kind'>;
type Deemed = Extract<Passed, { readonly kind: 'deemed' }>;

/** Every question that a registration can have at one time. */
const QUESTIONS: readonly Hosted[] = ['claim', 'extension', 'transfer'];

/**
 * Something is due for one of the registration's questions: nobody answered in time, somebody goes away, a reminder. What the program says of that happens.
 *
 * Silence that approves asks the rules again at this instant. Where nothing stands against it, the step is granted in the program's name; where the rules deny the claim,
 * find a conflict or an earlier claim, or want it completed, that happens instead; where they are unclear, or it is an appeal against them, people are asked on.
 */
export async function passQuestion(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  hosted: Hosted,
  at: Instant,
  byOwner: boolean,
): Promise<void> {
  const { state } = registration;
  const approval = hostedApproval(state, hosted);
  if (approval === null) return;
  const by = { actor: 'program', at, byOwner };
  const asking = await askingOf(trx, deps, pinnedProgram(deps, registration), registration, hosted, at);
  const passed = passTime(asking, approval);
  switch (passed.kind) {
    case 'nothing':
      return;
    case 'moved':
      await recordTransition(trx, deps, registration, withHosted(state, hosted, passed.approval), { kind: KINDS[passed.due.kind], ...by });
      return;
    case 'deemed':
      if (hosted === 'claim') await deem(trx, deps, registration, asking, approval, passed, by);
      else await deemFurther(trx, deps, registration, hosted, asking, approval, passed, by);
  }
}

/** What the audit calls it. */
const KINDS = {
  whole: 'time of the whole over',
  silence: 'silence',
  absence: 'replaced',
  acknowledgement: 'acknowledgement missed',
  reminder: 'approver reminded',
} as const;

/** Looks again at everybody who is asked about the registration: whoever is away, gone or has a stake by now is replaced at once. */
export async function reconsiderQuestions(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  at: Instant,
  byOwner: boolean,
): Promise<Registration> {
  let current = registration;
  for (const hosted of QUESTIONS) {
    const approval = hostedApproval(current.state, hosted);
    if (approval === null) continue;
    const asking = await askingOf(trx, deps, pinnedProgram(deps, current), current, hosted, at);
    const next = reconsider(asking, approval);
    if (next === approval) continue;
    const occasion = { kind: next.lastNumber === approval.lastNumber ? 'absences noted' : 'replaced', actor: 'program', at, byOwner };
    current = await recordTransition(trx, deps, current, withHosted(current.state, hosted, next), occasion);
  }
  return current;
}

async function deem(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  asking: Asking,
  approval: Approval,
  { decision, step, due }: Deemed,
  by: By,
): Promise<void> {
  const { state } = registration;
  const { program } = asking;
  if (decision === 'deny') {
    const reasons = [{ rule: 'deemed_denial', message: `Nobody answered by ${due.at}; the program takes that for a no.` }];
    const { waitlistedUntil, waitlistedBehind } = state;
    const denied = deniedState(program, deps.calendarOf(program), state, reasons, by.at, 'program', null);
    await recordTransition(trx, deps, registration, { ...denied, waitlistedUntil, waitlistedBehind }, { kind: 'deemed denied', ...by });
    return;
  }
  const { evidence, verdict } = await judgeAgain(trx, deps, registration, 'deemed approval', by.at);
  const isAgainst =
    verdict.outcome === 'deny' ||
    verdict.outcome === 'return' ||
    verdict.outcome === 'wait' ||
    (verdict.outcome === 'review' && verdict.conflict !== null);
  if (isAgainst && !state.appealed) {
    // The question ends here, for whoever was asked too; what follows is said by the verdict.
    const occasion = 'deemed approval refused';
    const anew = await recordTransition(trx, deps, registration, { ...state, approval: null }, { kind: occasion, ...by });
    await judgeInTransaction(trx, deps, anew, { occasion, at: by.at, byOwner: by.byOwner });
    return;
  }
  const { lines } = verdict;
  const isPossible = !isAgainst && verdict.outcome !== 'needs_ruling' && !isHeldByAnother(evidence, lines);
  const granted = isPossible && step !== null ? grantStep(asking, approval, step, 'program') : null;
  if (granted?.kind === 'open') {
    await recordTransition(trx, deps, registration, withHosted(state, 'claim', granted.approval), { kind: 'deemed granted', ...by });
    return;
  }
  if (isPossible && windowLength(program, registration, evidence.partner).kind === 'known') {
    const message = `Nobody answered by ${due.at}; the program takes that for a yes, and no rule spoke against it at that time.`;
    const reasons = [{ rule: 'deemed_approval', message }];
    const decided = { partner: evidence.partner, lines, reasons, at: by.at, by: 'program', mayShare: false };
    const approved = await approvedState(trx, program, deps.calendarOf(program), registration, state, decided);
    if (approved.kind === 'approved') {
      await recordTransition(trx, deps, registration, approved.state, { kind: 'deemed approved', ...by });
      return;
    }
  }
  const asked = askFurther(asking, approval, step);
  await recordTransition(trx, deps, registration, withHosted(state, 'claim', asked), { kind: 'silence', ...by });
}

/** The same for an extension or a transfer that was asked for. */
async function deemFurther(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  hosted: 'extension' | 'transfer',
  asking: Asking,
  approval: Approval,
  { decision, step }: Deemed,
  by: By,
): Promise<void> {
  const { state } = registration;
  const decideIt = hosted === 'extension' ? decideExtension : decideTransfer;
  const answer = await decideIt(trx, deps, registration, decision, asking, by, step);
  if (answer.kind === 'done') return;
  // Over before anybody answered: the question has no sense any more.
  if (hosted === 'extension' && Date.parse(by.at) >= Date.parse(state.extension?.until ?? by.at)) {
    await decideExtension(trx, deps, registration, 'deny', asking, by);
    return;
  }
  const asked = askFurther(asking, approval, step);
  const next = withHosted(state, hosted, asked);
  await recordTransition(trx, deps, registration, next, { kind: 'silence', ...by });
}

/** Silence would have been a yes and that was not possible: the next role is asked, or the last one where it was the silence of all. */
function askFurther(asking: Asking, approval: Approval, step: ReviewStep | null): Approval {
  return step === null ? askTheTop(asking, approval, 'not_deemed') : askOn(asking, approval, step);
}
