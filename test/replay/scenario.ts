import { caseWorkflowId, MESSAGES, registrationWorkflowId } from '../../program/messages.ts';
import { storeCaseCommand } from '../../store/case-command.ts';
import { later, type ClaimWishes } from '../support/decision-stage.ts';
import type { FlowStage } from '../support/flow-stage.ts';
import { until } from '../support/until.ts';
import { stepOf } from '../support/open-step.ts';

/** What is recorded: each plays one life, and says whose history is kept under which name. */
export interface Recording {
  /** Of the file, without `.json`. */
  readonly name: string;
  readonly workflowId: string;
  /** The first run of a workflow that continued as new; the last one where it is left out. */
  readonly runId?: string;
}

/** Texts that the played claims and commands hold. None of them may be found in a history. */
export const PRIVATE_TEXTS = {
  customerName: 'Zyxgard Holdings',
  customerDomain: 'zyxgard.com',
  partnerName: 'Quillmark Partners',
  contactName: 'Dana Reed',
  contactEmail: 'dana.reed@zyxgard.com',
  description: 'Two sites in spring, budget approved by their board.',
  comment: 'I know these people; they will sign.',
} as const;

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
const DONE = JSON.stringify({ kind: 'answered', answer: { kind: 'done' } });

async function claim(flow: FlowStage, wishes: ClaimWishes = {}): Promise<string> {
  const partnerId = await flow.decisions.addPartner({ name: PRIVATE_TEXTS.partnerName });
  return flow.submit({
    partnerId,
    contact: { name: PRIVATE_TEXTS.contactName, email: PRIVATE_TEXTS.contactEmail },
    description: PRIVATE_TEXTS.description,
    ...wishes,
    customer: { name: PRIVATE_TEXTS.customerName, domain: PRIVATE_TEXTS.customerDomain, ...wishes.customer },
  });
}

async function carriedOut(sent: Promise<unknown>): Promise<void> {
  const answer = JSON.stringify(await sent);
  if (answer !== DONE) throw new Error(`a command of the scenario was not carried out: ${answer}`);
}

const decide = (decision: 'approve' | 'deny' | 'return', actor: string) => ({ kind: 'decide', decision, actor }) as const;
const FOR_MANAGER = { estimatedValue: { amount: '60000.00', currency: 'USD' } } as const;

/** Approved by the program, prolonged, and expired at the end; nobody appeals. */
export async function playExpired(flow: FlowStage): Promise<readonly Recording[]> {
  const id = await claim(flow);
  await carriedOut(flow.send(id, { kind: 'extend', days: 30, actor: 'partner' }));
  const until = (await flow.state(id)).protection?.until ?? '';
  await flow.skipTo(later(until, 20));
  const { appealUntil } = await flow.untilState(id, 'the end of the protection', ({ status }) => status === 'expired');
  await flow.skipTo(later(appealUntil ?? '', 20));
  await flow.ended(registrationWorkflowId(id));
  return [{ name: 'registration-expired', workflowId: registrationWorkflowId(id) }];
}

/** Reminded of its end, given to another partner, prolonged, and revoked by the director. */
export async function playRevoked(flow: FlowStage): Promise<readonly Recording[]> {
  const id = await claim(flow);
  const [first] = (await flow.state(id)).reminders;
  await flow.skipTo(later(first ?? '', 20));
  await flow.untilState(id, 'the first reminder', ({ reminders }) => reminders[0] !== first);
  const partnerId = await flow.decisions.addPartner({ name: PRIVATE_TEXTS.partnerName });
  await carriedOut(flow.send(id, { kind: 'transfer', partnerId, actor: 'vp' }, { comment: PRIVATE_TEXTS.comment }));
  await carriedOut(flow.send(id, { kind: 'extend', days: null, actor: 'partner' }));
  await flow.send(id, { kind: 'revoke', actor: 'manager' });
  await carriedOut(flow.send(id, { kind: 'revoke', actor: 'director' }, { comment: PRIVATE_TEXTS.comment }));
  await flow.ended(registrationWorkflowId(id));
  return [{ name: 'registration-reminded-transferred-revoked', workflowId: registrationWorkflowId(id) }];
}

/** Nobody answers: manager, director, VP, and the VP again, who approves at last. It is withdrawn later. */
export async function playEscalated(flow: FlowStage): Promise<readonly Recording[]> {
  const id = await claim(flow, FOR_MANAGER);
  for (const role of ['director', 'vp', 'vp']) {
    const dueAt = stepOf(await flow.state(id))?.dueAt ?? '';
    await flow.skipTo(later(dueAt, 20));
    await flow.untilState(id, `${role} is asked`, (state) => stepOf(state)?.role === role && stepOf(state)?.dueAt !== dueAt);
  }
  await carriedOut(flow.send(id, decide('approve', 'vp'), { comment: PRIVATE_TEXTS.comment }));
  await carriedOut(flow.send(id, { kind: 'withdraw', actor: 'partner' }, { comment: PRIVATE_TEXTS.comment }));
  await flow.ended(registrationWorkflowId(id));
  return [{ name: 'registration-escalated', workflowId: registrationWorkflowId(id) }];
}

/** Returned, amended, refused to somebody, approved, an extension refused, denied ones beside it: a life of updates. */
export async function playAmended(flow: FlowStage): Promise<readonly Recording[]> {
  const id = await claim(flow, FOR_MANAGER);
  await carriedOut(flow.send(id, decide('return', 'manager'), { comment: PRIVATE_TEXTS.comment }));
  await flow.skipTo(later(await flow.now(), DAY_MS));
  const amendment = { description: PRIVATE_TEXTS.description, estimatedValue: { amount: '61000.00', currency: 'USD' } };
  await carriedOut(flow.send(id, { kind: 'amend', actor: 'partner' }, { amendment }));
  await flow.send(id, decide('approve', 'rep'));
  await carriedOut(flow.send(id, decide('approve', 'manager'), { comment: PRIVATE_TEXTS.comment }));
  await flow.send(id, { kind: 'extend', days: 400, actor: 'partner' });
  await carriedOut(flow.send(id, { kind: 'close', outcome: 'won', actor: 'rep' }));
  await flow.ended(registrationWorkflowId(id));
  return [{ name: 'registration-returned-amended-approved', workflowId: registrationWorkflowId(id) }];
}

/** A conflict that is ignored by the manager and awarded by the director, with the claims on both sides of it. */
export async function playCase(flow: FlowStage): Promise<readonly Recording[]> {
  const holder = await claim(flow);
  const claimant = await claim(flow, { customer: { domain: null } });
  const { caseId, approval } = await flow.state(claimant);
  const step = stepOf({ approval });
  const workflowId = caseWorkflowId(caseId ?? '');
  await flow.untilVisible(workflowId, { Step: 'partner_manager' });
  await flow.skipTo(later(step?.dueAt ?? '', 20));
  await flow.untilState(claimant, 'the director is asked', (state) => stepOf(state)?.role === 'director');
  await flow.untilVisible(registrationWorkflowId(claimant), { Step: 'director' });
  await carriedOut(flow.settle(caseId ?? '', { outcome: 'award', registrationId: claimant, actor: 'director' }));
  await flow.ended(workflowId);
  await flow.untilVisible(registrationWorkflowId(claimant), { RegistrationStatus: 'approved' });
  await carriedOut(flow.send(claimant, { kind: 'withdraw', actor: 'partner' }));
  await flow.ended(registrationWorkflowId(claimant));
  await flow.skipTo(later((await flow.state(holder)).appealUntil ?? '', 20));
  await flow.ended(registrationWorkflowId(holder));
  return [
    { name: 'case-escalated-awarded', workflowId },
    { name: 'registration-claimant-of-a-case', workflowId: registrationWorkflowId(claimant) },
    { name: 'registration-revoked', workflowId: registrationWorkflowId(holder) },
  ];
}

/** Handed from one to another, answered by whoever stands in, denied, heard again by somebody else, and expired; with words in between, enough for a long history. */
export async function playHandedOver(flow: FlowStage): Promise<readonly Recording[]> {
  const id = await claim(flow, FOR_MANAGER);
  const workflowId = registrationWorkflowId(id);
  await carriedOut(flow.send(id, { kind: 'delegate', to: 'director', actor: 'manager' }, { comment: PRIVATE_TEXTS.comment }));
  await carriedOut(flow.send(id, { kind: 'reassign', to: 'manager', actor: 'vp' }, { comment: PRIVATE_TEXTS.comment }));
  for (let said = 0; said < 40; said += 1) {
    const audience = said % 2 === 0 ? 'internal' : 'partner';
    await carriedOut(flow.send(id, { kind: 'comment', audience, actor: 'manager' }, { comment: PRIVATE_TEXTS.comment }));
  }
  const handle = flow.environment.client.workflow.getHandle(workflowId);
  await handle.signal(MESSAGES.refreshRegistration, { reevaluate: false, reconsider: true });
  await handle.signal(MESSAGES.refreshRegistration, 'typed by hand');
  await carriedOut(flow.send(id, decide('deny', 'manager'), { comment: PRIVATE_TEXTS.comment }));
  const appeal = { amendment: { evidence: ['a letter'] }, comment: PRIVATE_TEXTS.comment };
  await carriedOut(flow.send(id, { kind: 'appeal', actor: 'partner' }, appeal));
  await flow.untilVisible(workflowId, { Step: 'director' });
  await carriedOut(flow.send(id, decide('approve', 'director'), { comment: PRIVATE_TEXTS.comment }));
  const { protection } = await flow.state(id);
  await flow.skipTo(later(protection?.until ?? '', 20));
  const { appealUntil } = await flow.untilState(id, 'the end of the protection', ({ status }) => status === 'expired');
  await flow.skipTo(later(appealUntil ?? later(await flow.now(), DAY_MS), 20));
  await flow.ended(workflowId);
  return [{ name: 'registration-handed-over-appealed', workflowId }];
}

/** The arbiter's question is handed over and back, looked at again, and answered by silence at the top only: asked there once more, and settled with shared outcome. */
export async function playCaseHandedOver(flow: FlowStage): Promise<readonly Recording[]> {
  const holder = await claim(flow);
  const claimant = await claim(flow, { customer: { domain: null } });
  const { caseId } = await flow.state(claimant);
  const workflowId = caseWorkflowId(caseId ?? '');
  await flow.untilVisible(workflowId, { Step: 'partner_manager' });
  await carriedOut(flow.settle(caseId ?? '', { kind: 'delegate', to: 'director', actor: 'manager' }));
  await carriedOut(flow.settle(caseId ?? '', { kind: 'reassign', to: 'manager', actor: 'vp' }));
  await carriedOut(flow.settle(caseId ?? '', { kind: 'comment', audience: 'internal', actor: 'manager' }));
  await flow.environment.client.workflow.getHandle(workflowId).signal(MESSAGES.refreshCase, { reconsider: true });
  for (const role of ['director', 'vp', 'vp']) {
    const dueAt = stepOf(await flow.state(claimant))?.dueAt ?? '';
    await flow.skipTo(later(dueAt, 20));
    await flow.untilState(claimant, `${role} is asked`, (state) => stepOf(state)?.role === role && stepOf(state)?.dueAt !== dueAt);
  }
  await carriedOut(flow.settle(caseId ?? '', { outcome: 'split', registrationId: null, actor: 'vp' }));
  await flow.ended(workflowId);
  for (const id of [claimant, holder]) await carriedOut(flow.send(id, { kind: 'withdraw', actor: 'partner' }));
  await flow.ended(registrationWorkflowId(claimant));
  return [{ name: 'case-handed-over-split', workflowId }];
}

/** A conflict in which a side speaks, and whose outcome is appealed in vain by who had held the position. */
export async function playAppeal(flow: FlowStage): Promise<readonly Recording[]> {
  const holder = await claim(flow);
  const claimant = await claim(flow, { customer: { domain: null } });
  const caseId = (await flow.state(claimant)).caseId ?? '';
  const workflowId = caseWorkflowId(caseId);
  await flow.untilVisible(workflowId, { Step: 'partner_manager' });
  const said = { kind: 'statement', registrationId: holder, actor: 'partner' } as const;
  await storeCaseCommand(flow.decisions.db, caseId, { commandId: 'said', command: said, comment: PRIVATE_TEXTS.comment }, await flow.now());
  await carriedOut(flow.settle(caseId, said, 'said'));
  await carriedOut(flow.settle(caseId, { outcome: 'award', registrationId: claimant, remediation: 'next_deal', actor: 'manager' }));
  await flow.ended(workflowId);
  await flow.untilVisible(registrationWorkflowId(holder), { RegistrationStatus: 'revoked' });
  const amendment = { evidence: [`${PRIVATE_TEXTS.comment} once more`] };
  await carriedOut(flow.send(holder, { kind: 'appeal', actor: 'partner' }, { comment: PRIVATE_TEXTS.comment, amendment }));
  await flow.untilVisible(workflowId, { Step: 'director' });
  const uphold = { outcome: 'uphold', registrationId: null } as const;
  await flow.settle(caseId, { ...uphold, actor: 'manager' });
  await carriedOut(flow.settle(caseId, { ...uphold, actor: 'director' }));
  await flow.ended(workflowId);
  await flow.ended(registrationWorkflowId(holder));
  return [
    { name: 'case-appealed', workflowId },
    { name: 'registration-revoked-appealed', workflowId: registrationWorkflowId(holder) },
  ];
}

/** A registration that was signalled so often that it began anew, on a server that suggests it early: its first run and its last one. */
export async function playContinued(flow: FlowStage): Promise<readonly Recording[]> {
  const id = await claim(flow, FOR_MANAGER);
  const workflowId = registrationWorkflowId(id);
  const handle = flow.environment.client.workflow.getHandle(workflowId);
  const { runId } = await handle.describe();
  await until('another run', async () => {
    await handle.signal(MESSAGES.refreshRegistration, { reevaluate: false });
    return (await handle.describe()).runId !== runId;
  });
  await carriedOut(flow.send(id, decide('approve', 'manager')));
  await carriedOut(flow.send(id, { kind: 'withdraw', actor: 'partner' }));
  await flow.ended(workflowId);
  return [
    { name: 'registration-continued-first-run', workflowId, runId },
    { name: 'registration-continued-last-run', workflowId },
  ];
}
