import { canonicalJson } from '../program/canonical-json.ts';
import type { CaseCommand } from '../program/case-life.ts';
import type { Refusal } from '../program/failures.ts';
import { caseWorkflowId, MESSAGES } from '../program/messages.ts';
import { recordAudit } from '../store/audit.ts';
import { findCaseCommand, storeCaseCommand, type WrittenCaseCommand } from '../store/case-command.ts';
import { listStatements, type EvidencePiece } from '../store/case-statement.ts';
import { findCase } from '../store/conflict-case.ts';
import { commandIdOf, idempotencyKeyOf } from './command-id.ts';
import { unanswered } from './command-registration.ts';
import type { ApiDependencies } from './dependencies.ts';
import { presentCase } from './presenters/case.ts';
import { presentStatement } from './presenters/statement.ts';
import { problem, refused, type Problem } from './problem.ts';
import { notFound, recordIdOf } from './record-id.ts';
import { ok, type Answer } from './route.ts';
import type { CaseAnswer, StatementAnswer } from './schemas/case.ts';
import { sendUpdate } from './send-update.ts';
import { caseStart } from './workflow-start.ts';

/** Carries out a command on a case, such as its resolution, and answers how it stands then. What a person wrote is stored first and never sent. */
export async function commandCase(
  deps: ApiDependencies,
  id: string | undefined,
  command: CaseCommand,
  comment: string,
  idempotencyKey: string | undefined,
): Promise<Answer<CaseAnswer>> {
  const sent = await sendCaseCommand(deps, id, command, { comment: comment === '' ? null : comment }, idempotencyKey);
  if (sent.kind === 'problem') return sent;
  const conflict = await findCase(deps.db, sent.caseId);
  return conflict === null ? notFound('case', id) : ok(await presentCase(deps.db, conflict));
}

/** Takes what one side says for itself, and answers that alone: what the other sides said is not for it. */
export async function stateInCase(
  deps: ApiDependencies,
  id: string | undefined,
  registrationId: string,
  { text, evidence, actor }: { readonly text: string; readonly evidence: readonly EvidencePiece[]; readonly actor: string },
  idempotencyKey: string | undefined,
): Promise<Answer<StatementAnswer>> {
  const command = { kind: 'statement', registrationId, actor } as const;
  const sent = await sendCaseCommand(deps, id, command, { comment: text, evidence }, idempotencyKey);
  if (sent.kind === 'problem') return sent;
  const statements = await listStatements(deps.db, sent.caseId);
  const statement = statements.find((one) => one.id === sent.commandId);
  return statement === undefined ? unanswered(sent.commandId) : ok(presentStatement(statement));
}

interface SentCommand {
  readonly kind: 'done';
  readonly caseId: string;
  readonly commandId: string;
}

async function sendCaseCommand(
  deps: ApiDependencies,
  id: string | undefined,
  command: CaseCommand,
  words: Pick<WrittenCaseCommand, 'comment' | 'evidence'>,
  idempotencyKey: string | undefined,
): Promise<SentCommand | Problem> {
  const named = commandIdOf(idempotencyKey, deps.newId);
  if (named.kind === 'problem') return named;
  const { commandId } = named;
  const caseId = recordIdOf(id);
  if (caseId === null || (await findCase(deps.db, caseId)) === null) return notFound('case', id);

  const written = { commandId, command, ...words };
  if ((await storeCaseCommand(deps.db, caseId, written, deps.now())) === 'known') {
    const known = await findCaseCommand(deps.db, caseId, commandId);
    if (known !== null && !isSameContent(known, written)) {
      const detail = `The key ${idempotencyKeyOf(commandId)} belongs to another command on this case; send this one with a key of its own.`;
      return problem('command-id-in-use', detail);
    }
  }
  const workflowId = caseWorkflowId(caseId);
  const result = await sendUpdate(deps.temporal, {
    start: caseStart(caseId),
    update: MESSAGES.resolveCase,
    message: { commandId, command },
  });
  switch (result.kind) {
    case 'answered':
      return result.answer.kind === 'refused' ? refused(result.answer) : { kind: 'done', caseId, commandId };
    case 'rejected':
      await keepRefusal(deps, workflowId, commandId, command, result.refusal);
      return refused(result.refusal);
    case 'unanswered':
      return unanswered(commandId);
  }
}

/** A validator leaves no trace: the audit gets it from here. */
async function keepRefusal(
  deps: ApiDependencies,
  subject: string,
  commandId: string,
  command: CaseCommand,
  refusal: Refusal,
): Promise<void> {
  const details = { commandId, command: command.kind ?? 'settle', code: refusal.code };
  await recordAudit(deps.db, { subject, kind: 'refused', actor: command.actor, details, at: deps.now() });
}

function isSameContent(known: object, { command, comment, evidence }: WrittenCaseCommand): boolean {
  return canonicalJson(known) === canonicalJson({ command, comment, evidence: evidence ?? null });
}
