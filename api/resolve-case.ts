import type { z } from 'zod';
import { caseWorkflowId, MESSAGES } from '../program/messages.ts';
import { recordAudit } from '../store/audit.ts';
import { storeCaseCommand } from '../store/case-command.ts';
import { findCase } from '../store/conflict-case.ts';
import { commandIdOf } from './command-id.ts';
import { unanswered } from './command-registration.ts';
import type { ApiDependencies } from './dependencies.ts';
import { presentCase } from './presenters/case.ts';
import { refused } from './problem.ts';
import { notFound, recordIdOf } from './record-id.ts';
import { ok, type Answer } from './route.ts';
import type { CaseAnswer, resolutionBody } from './schemas/case.ts';
import { sendUpdate } from './send-update.ts';
import { caseStart } from './workflow-start.ts';

/** Settles a case and answers how it stands then. The comment is stored first and never sent. */
export async function resolveCase(
  deps: ApiDependencies,
  id: string | undefined,
  { outcome, registrationId, comment, actor }: z.output<typeof resolutionBody>,
  idempotencyKey: string | undefined,
): Promise<Answer<CaseAnswer>> {
  const named = commandIdOf(idempotencyKey, deps.newId);
  if (named.kind === 'problem') return named;
  const { commandId } = named;
  const caseId = recordIdOf(id);
  if (caseId === null || (await findCase(deps.db, caseId)) === null) return notFound('case', id);

  const workflowId = caseWorkflowId(caseId);
  const command = { outcome, registrationId, actor };
  await storeCaseCommand(deps.db, caseId, { commandId, command, comment: comment === '' ? null : comment }, deps.now());
  const result = await sendUpdate(deps.temporal, {
    start: caseStart(caseId),
    update: MESSAGES.resolveCase,
    message: { commandId, command },
  });
  switch (result.kind) {
    case 'answered': {
      if (result.answer.kind === 'refused') return refused(result.answer);
      const conflict = await findCase(deps.db, caseId);
      return conflict === null ? notFound('case', id) : ok(await presentCase(deps.db, conflict));
    }
    case 'rejected':
      // A validator leaves no trace: the audit gets it from here.
      await recordAudit(deps.db, {
        subject: workflowId,
        kind: 'refused',
        actor,
        details: { commandId, outcome, code: result.refusal.code },
        at: deps.now(),
      });
      return refused(result.refusal);
    case 'unanswered':
      return unanswered(commandId);
  }
}
