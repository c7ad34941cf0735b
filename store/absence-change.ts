import type { Instant } from '../program/vocabulary.ts';
import { endAbsence, insertAbsence, type StoredAbsence } from './absence.ts';
import { recordAudit } from './audit.ts';
import type { Transaction } from './database.ts';
import { enqueue } from './outbox.ts';
import { findSubjectsAsking, findSubjectsWithoutApprover } from './question.ts';

/** Keeps an absence, and has everything looked at again that this person is asked, so that whoever stands in is asked at once, or when it begins. */
export async function enterAbsence(trx: Transaction, absence: StoredAbsence, now: Instant): Promise<void> {
  await insertAbsence(trx, absence, now);
  const { id, from, until, delegate } = absence;
  await recordAudit(trx, {
    subject: `user/${absence.alias}`,
    kind: 'absence entered',
    actor: absence.enteredBy,
    details: { absenceId: id, from, until, delegate },
    at: now,
  });
  await reconsiderQuestionsTo(trx, [absence.alias]);
}

/** Ends an absence now. What others were asked meanwhile stays with them; only what nobody could be asked is put to whoever is back. */
export async function endAbsenceNow(
  trx: Transaction,
  { alias, id, actor }: { readonly alias: string; readonly id: string; readonly actor: string },
  fallback: string | null,
  now: Instant,
): Promise<boolean> {
  if (!(await endAbsence(trx, alias, id, now))) return false;
  await recordAudit(trx, { subject: `user/${alias}`, kind: 'absence ended', actor, details: { absenceId: id }, at: now });
  await reconsiderQuestionsToNobody(trx, fallback);
  await reconsiderQuestionsTo(trx, [alias]);
  return true;
}

/** Somebody may be free again: every question that is with nobody, or with the fallback, is looked at again. */
export async function reconsiderQuestionsToNobody(trx: Transaction, fallback: string | null): Promise<void> {
  for (const subject of await findSubjectsWithoutApprover(trx, fallback)) await reconsider(trx, subject);
}

/** Somebody who is asked is not there any more, or will not be: every question that is put to them is looked at again. */
export async function reconsiderQuestionsTo(trx: Transaction, aliases: readonly string[]): Promise<void> {
  for (const subject of await findSubjectsAsking(trx, aliases)) await reconsider(trx, subject);
}

async function reconsider(trx: Transaction, subject: string): Promise<void> {
  await enqueue(
    trx,
    subject,
    subject.startsWith('case/')
      ? { kind: 'refresh_case', payload: { reconsider: true } }
      : { kind: 'refresh_registration', payload: { reevaluate: false, reconsider: true } },
  );
}
