import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import type { Instant } from '../program/vocabulary.ts';
import { endAbsence, insertAbsence, listAbsences, type StoredAbsence } from './absence.ts';
import { recordAudit } from './audit.ts';
import type { Transaction } from './database.ts';
import { enqueue } from './outbox.ts';
import { findSubjectsAsking, findSubjectsWithoutApprover } from './question.ts';

/** Nobody is away so often; a calendar that was entered twice is. */
export const MOST_ABSENCES = 200;

/** `known`: the same absence was entered before, and is answered as it was. `too_many`: the person has as many as there may be that are not over. */
export type EnteredAbsence = { readonly kind: 'entered' | 'known'; readonly absence: StoredAbsence } | { readonly kind: 'too_many' };

/**
 * Keeps an absence, and has everything looked at again that this person is asked, so that whoever stands in is asked at once, or when it begins. One that agrees with
 * an open one of that person in times, delegate and scope is that one: whoever asks again because the answer was lost does not enter it twice. Entries for one person
 * wait for each other.
 */
export async function enterAbsence(trx: Transaction, absence: StoredAbsence, now: Instant): Promise<EnteredAbsence> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`absence/${absence.alias}`}, 0))`.execute(trx);
  const open = await listAbsences(trx, absence.alias, now);
  const same = open.find((other) => isSame(other, absence));
  if (same !== undefined) return { kind: 'known', absence: same };
  if (open.length >= MOST_ABSENCES) return { kind: 'too_many' };
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
  return { kind: 'entered', absence };
}

function isSame(one: StoredAbsence, other: StoredAbsence): boolean {
  return (
    Date.parse(one.from) === Date.parse(other.from) &&
    Date.parse(one.until) === Date.parse(other.until) &&
    one.delegate === other.delegate &&
    isDeepStrictEqual(one.scope, other.scope)
  );
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
