import { caseWorkflowId, registrationWorkflowId } from '../../program/messages.ts';
import type { Instant } from '../../program/vocabulary.ts';
import { recordAudit } from '../../store/audit.ts';
import { leaveOpenCases, readMembers } from '../../store/conflict-case.ts';
import type { Transaction } from '../../store/database.ts';
import { enqueue } from '../../store/outbox.ts';
import { readRegistrations } from '../../store/registration.ts';

/**
 * Takes a registration that is another claim now out of the cases that are open: their outcome is not about it any more.
 * Those who still claim there are judged again, since it may have been their only rival.
 */
export async function leaveCases(trx: Transaction, registrationId: string, at: Instant): Promise<void> {
  for (const caseId of await leaveOpenCases(trx, registrationId)) {
    await recordAudit(trx, { subject: caseWorkflowId(caseId), kind: 'left', actor: 'program', details: { leaving: registrationId }, at });
    const members = (await readMembers(trx, caseId)).map((member) => member.registrationId);
    for (const { registrationId: id, state } of await readRegistrations(trx, members)) {
      if (state.caseId !== caseId || state.status !== 'in_review') continue;
      await enqueue(trx, registrationWorkflowId(id), { kind: 'refresh_registration', payload: { reevaluate: true } });
    }
  }
}
