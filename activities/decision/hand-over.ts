import { acknowledge } from '../../program/approval/approval.ts';
import { delegateStep, reassignStep } from '../../program/approval/hand-over.ts';
import type { CaseCommand, Resolution } from '../../program/case-life.ts';
import { refuse, type Refusal } from '../../program/failures.ts';
import { PARTNER_ACTOR, type RegistrationCommand } from '../../program/registration-life.ts';
import type { Instant } from '../../program/vocabulary.ts';
import { caseWorkflowId } from '../../program/messages.ts';
import { recordAudit } from '../../store/audit.ts';
import type { StoredCommand } from '../../store/command.ts';
import { lockCase } from '../../store/conflict-case.ts';
import type { Transaction } from '../../store/database.ts';
import type { Registration } from '../../store/registration.ts';
import { askingAboutCase } from '../approval/asking-about-case.ts';
import { askingOf, hostedApproval, withHosted, type Hosted } from '../approval/hosted-question.ts';
import { caseApproval, saveCaseQuestion } from './case-step.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { hearStatement } from './hear-statement.ts';
import { pinnedProgram } from './pinned-program.ts';
import { tellOfComment } from './tell.ts';
import { recordTransition, type Occasion } from './transition.ts';

type Done = { readonly kind: 'done' };
type HandingOver = Extract<RegistrationCommand, { readonly kind: 'delegate' | 'reassign' }>;
type Commenting = Extract<RegistrationCommand, { readonly kind: 'comment' }>;

const QUESTIONS: readonly Hosted[] = ['claim', 'extension', 'transfer'];
const OCCASIONS = { delegate: 'delegated', reassign: 'reassigned' } as const;

/** Lets somebody else answer what is open about a registration. Where several questions are, the first that `actor` may give away. */
export async function handOver(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  { kind, actor, to }: HandingOver,
  occasion: Omit<Occasion, 'kind'>,
): Promise<Done | Refusal> {
  const { state } = registration;
  let refusal: Refusal = refuse('STATE_DOES_NOT_ALLOW', 'No question is open about the registration.');
  for (const hosted of QUESTIONS) {
    const approval = hostedApproval(state, hosted);
    if (approval === null) continue;
    const asking = await askingOf(trx, deps, pinnedProgram(deps, registration), registration, hosted, occasion.at);
    const given = kind === 'delegate' ? delegateStep(asking, approval, actor, to) : reassignStep(asking, approval, actor, to);
    if (given.kind === 'refused') {
      refusal = given;
      continue;
    }
    const next = withHosted(state, hosted, given.approval);
    await recordTransition(trx, deps, registration, next, { ...occasion, kind: OCCASIONS[kind], details: { ...occasion.details, to } });
    return { kind: 'done' };
  }
  return refusal;
}

/**
 * Keeps a comment, whose text is stored beside the command. What an insider says to the partner is carried there, and counts as being in touch; what the partner says
 * does neither.
 */
export async function comment(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  { audience, actor }: Commenting,
  stored: StoredCommand | null,
  occasion: Omit<Occasion, 'kind'>,
): Promise<Done> {
  const { state } = registration;
  const approval = hostedApproval(state, 'claim');
  const isToPartner = audience === 'partner' && actor !== PARTNER_ACTOR;
  const answered = isToPartner && approval !== null ? withHosted(state, 'claim', acknowledge(approval, occasion.at)) : state;
  await recordTransition(trx, deps, registration, answered, { ...occasion, kind: `commented (${audience})` });
  if (isToPartner && stored !== null && stored.comment !== null) {
    await tellOfComment(trx, deps, registration, { commentId: stored.commandId, text: stored.comment, at: occasion.at });
  }
  return { kind: 'done' };
}

/** The same for a case. */
export async function handOverCase(
  trx: Transaction,
  deps: ActivityDependencies,
  caseId: string,
  registrations: readonly Registration[],
  command: Exclude<CaseCommand, Resolution> & { readonly commandId: string },
  at: Instant,
): Promise<Done | Refusal> {
  const { kind, actor, commandId } = command;
  const by = { commandId };
  if (kind === 'statement') return hearStatement(trx, deps, caseId, registrations, { ...command, commandId }, at);
  const conflict = await lockCase(trx, caseId);
  if (conflict === null) return refuse('CASE_UNKNOWN', `There is no case ${caseId}.`);
  if (kind === 'comment') {
    await recordAudit(trx, { subject: caseWorkflowId(caseId), kind: `commented (${command.audience})`, actor, details: by, at });
    return { kind: 'done' };
  }
  const approval = caseApproval(conflict);
  if (approval === null) return refuse('STATE_DOES_NOT_ALLOW', `The case is ${conflict.state.status}; nobody is asked any more.`);
  const asking = await askingAboutCase(trx, deps, conflict, registrations, at);
  const given = kind === 'delegate' ? delegateStep(asking, approval, actor, command.to) : reassignStep(asking, approval, actor, command.to);
  if (given.kind === 'refused') return given;
  const occasion = { kind: OCCASIONS[kind], actor, at, ownerOf: null, details: { to: command.to, ...by } };
  await saveCaseQuestion(trx, deps, conflict, registrations, given.approval, occasion);
  return { kind: 'done' };
}
