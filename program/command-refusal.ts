import { answerersOf, type Approval } from './approval/approval.ts';
import { refuse, type Refusal } from './failures.ts';
import { isUndecided, mayBePrimary, openApprovals, type RegistrationCommand, type RegistrationState } from './registration-life.ts';
import type { Decision, Instant } from './vocabulary.ts';

/**
 * Whether `command` is possible in `state` at `now`: null when it is, otherwise the refusal to answer with.
 *
 * It is asked twice: by the workflow before a command enters its history, and by the transaction that carries it out.
 * Who may decide was fixed when the step opened (`ReviewStep.mayDecide`); who may delegate or reassign it is looked up when that is carried out.
 */
export function refusalOf(state: RegistrationState, command: RegistrationCommand, now: Instant): Refusal | null {
  switch (command.kind) {
    case 'decide':
      return refusalOfDecision(state, command.decision, command.actor);
    case 'amend':
      if (isUndecided(state.status) || state.status === 'approved') return null;
      return notNow(state, 'amended', 'only submitted, in_review, returned and approved registrations can be');
    case 'withdraw':
      if (isUndecided(state.status) || state.status === 'approved') return null;
      return notNow(state, 'withdrawn', 'only submitted, in_review, returned and approved registrations can be');
    case 'extend':
      return refusalOfExtension(state, now);
    case 'appeal':
      return refusalOfAppeal(state, now);
    case 'close':
      return state.status === 'approved' ? null : notNow(state, `marked as ${command.outcome}`, 'only an approved registration can be');
    case 'reopen':
      return state.closing === null ? refuse('STATE_DOES_NOT_ALLOW', 'The registration is not about to be closed.') : null;
    case 'revoke':
      return state.status === 'approved' ? null : notNow(state, 'revoked', 'only an approved registration can be');
    case 'transfer':
      if (state.transfer !== null) return refuse('TRANSFER_NOT_ALLOWED', 'A transfer was asked for before and is not decided yet.');
      return state.status === 'approved' ? null : notNow(state, 'transferred', 'only an approved registration can be');
    case 'delegate':
    case 'reassign':
      return openApprovals(state).length > 0
        ? null
        : refuse('STATE_DOES_NOT_ALLOW', `No question is open about the registration, which is ${state.status}; a case has its own.`);
    case 'comment':
      return null;
    case 'link':
    case 'relink':
      return command.primary === true && !mayBePrimary(state.status)
        ? notNow(state, 'the primary of an opportunity', 'only an approved or won registration can be; link it without')
        : null;
    case 'unlink':
      return null;
    case 'create_opportunity':
      return state.status === 'approved' ? null : notNow(state, 'given an opportunity', 'only an approved registration can be');
  }
}

function refusalOfDecision(state: RegistrationState, decision: Decision, actor: string): Refusal | null {
  const { extension, transfer } = state;
  if (extension !== null || transfer !== null) return refusalOfFurtherDecision(state, decision, actor);
  if (state.status !== 'in_review') {
    return refuse('STATE_DOES_NOT_ALLOW', `The registration is ${state.status}; a decision is possible only while it is in_review.`);
  }
  if (state.approval === null) {
    return refuse(
      'STATE_DOES_NOT_ALLOW',
      'The registration waits until an earlier claim on the same customer is decided; nobody can decide it before.',
    );
  }
  return refusalOfActor([state.approval], `${decision} this registration`, actor);
}

/** An extension or a transfer that waits for somebody are the only questions that an approved or an expired registration can have. */
function refusalOfFurtherDecision({ extension, transfer }: RegistrationState, decision: Decision, actor: string): Refusal | null {
  const what = extension !== null ? 'extension' : 'transfer';
  if (decision === 'return') {
    const asked = what === 'extension' ? 'An extension was' : 'A transfer was';
    return refuse('STATE_DOES_NOT_ALLOW', `${asked} asked for: it is approved or denied, not returned.`);
  }
  const approvals = [extension, transfer].flatMap((pending) => (pending === null ? [] : [pending.approval]));
  return refusalOfActor(
    approvals,
    `${decision} this ${extension !== null && transfer !== null ? 'extension or this transfer' : what}`,
    actor,
  );
}

function refusalOfActor(approvals: readonly Approval[], wanted: string, actor: string): Refusal | null {
  const who = [...new Set(approvals.flatMap(answerersOf))];
  if (who.includes(actor)) return null;
  const steps = [...new Set(approvals.flatMap((approval) => approval.steps.map(({ name }) => name)))];
  const asked = steps.length === 1 ? `the step ${steps.join('')} is` : `the steps ${steps.join(', ')} are`;
  return refuse('ACTOR_MAY_NOT_DECIDE', `${actor} may not ${wanted}; ${asked} decided by: ${who.join(', ')}.`);
}

function refusalOfExtension(state: RegistrationState, now: Instant): Refusal | null {
  const { status, protection, expired, extension } = state;
  if (extension !== null) {
    return refuse('EXTENSION_NOT_ALLOWED', `An extension until ${extension.until} was asked for before and is not decided yet.`);
  }
  if (status === 'expired' && expired !== null && expired.extensibleUntil !== null) {
    if (now < expired.extensibleUntil) return null;
    return refuse(
      'EXTENSION_NOT_ALLOWED',
      `The protection ended at ${expired.protection.until}; an extension could be asked for until ${expired.extensibleUntil}.`,
    );
  }
  if (status !== 'approved' || protection === null) return notNow(state, 'extended', 'only an approved registration has a protection');
  if (now < protection.until) return null;
  return refuse('EXTENSION_NOT_ALLOWED', `The protection ended at ${protection.until}; an extension has to be asked for before the end.`);
}

function refusalOfAppeal(state: RegistrationState, now: Instant): Refusal | null {
  const isByCase = state.status === 'revoked' && (state.appealUntil !== null || state.appeals > 0);
  if (state.status !== 'denied' && state.status !== 'expired' && !isByCase)
    return notNow(state, 'appealed', 'only a denied or an expired registration can be, or one that a case revoked');
  if (state.appealUntil === null && state.appeals > 0) {
    const times = state.appeals === 1 ? 'once' : `${state.appeals} times`;
    return refuse('APPEAL_NOT_ALLOWED', `The registration was appealed ${times} before; the program hears no more.`);
  }
  if (state.appealUntil === null || now >= state.appealUntil) {
    return refuse('APPEAL_NOT_ALLOWED', `The time for an appeal ended${state.appealUntil === null ? '' : ` at ${state.appealUntil}`}.`);
  }
  return null;
}

function notNow(state: RegistrationState, wanted: string, possible: string): Refusal {
  return refuse('STATE_DOES_NOT_ALLOW', `The registration is ${state.status} and cannot be ${wanted}; ${possible}.`);
}
