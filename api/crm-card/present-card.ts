import { leadingStep } from '../../program/approval/approval.ts';
import { refusalOf } from '../../program/command-refusal.ts';
import { openApprovals, type RegistrationCommand } from '../../program/registration-life.ts';
import { REQUESTED_DECISIONS, type Instant, type RequestedDecision } from '../../program/vocabulary.ts';
import type { readCasesOf } from '../../store/conflict-case.ts';
import type { Registration } from '../../store/registration.ts';
import type { CardAnswer } from '../schemas/crm-card.ts';
import { ACTION_WORDS, STATUS_WORDS } from './words.ts';

type CaseOfRegistration = Awaited<ReturnType<typeof readCasesOf>>[number];

/** What a button does in the name of `actor`. */
export function commandOf(decision: RequestedDecision, actor: string): RegistrationCommand {
  return decision === 'extend' ? { kind: 'extend', days: null, actor } : { kind: 'decide', decision, actor };
}

/**
 * What the card shows `viewer` of a registration: insiders see the conflict as it is. Buttons are those that would not be refused, by the same rules that answer them; a
 * viewer whom nobody knows here (null) has none, and is told so.
 */
export function presentCard(
  registration: Registration,
  cases: readonly CaseOfRegistration[],
  viewer: string | null,
  now: Instant,
): CardAnswer {
  const { state } = registration;
  const [approval] = openApprovals(state);
  const step = approval === undefined ? null : leadingStep(approval);
  const allowed =
    viewer === null ? [] : REQUESTED_DECISIONS.filter((decision) => refusalOf(state, commandOf(decision, viewer), now) === null);
  return {
    registrationId: registration.registrationId,
    title: `${registration.externalId}: ${registration.customer.name}`,
    status: state.status,
    ...STATUS_WORDS[state.status],
    protectedUntil: state.protection?.until ?? null,
    review: step === null ? null : { step: step.name, approver: step.approver, dueAt: step.dueAt },
    conflict: conflictOf(cases),
    decision: state.decision === null ? null : state.decision.reasons.map(({ message }) => message).join(' '),
    note: registration.syncNote,
    actions: allowed.map((name) => ({ name, label: ACTION_WORDS[name].label, needsReason: ACTION_WORDS[name].needsReason })),
    hint: hintOf(viewer, allowed.length > 0, step?.approver ?? null),
  };
}

function conflictOf(cases: readonly CaseOfRegistration[]): string | null {
  const open = cases.filter(({ conflict }) => conflict.state.status !== 'resolved');
  const words = open.map(({ side, conflict }) =>
    side === 'claimant' ? conflict.summary : 'Another partner claims it as well: a person settles whose it is.',
  );
  return words.length === 0 ? null : words.join(' · ');
}

function hintOf(viewer: string | null, mayAct: boolean, approver: string | null): string | null {
  if (viewer === null)
    return 'You are not known to Dealkeeper yet, so you can look and not decide. An owner is known some minutes after they were added.';
  if (mayAct || approver === null) return null;
  return `${approver} is asked to decide.`;
}
