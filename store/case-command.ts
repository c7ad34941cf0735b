import { sql } from 'kysely';
import type { CaseCommand } from '../program/case-life.ts';
import { caseWorkflowId, type CommandAnswer } from '../program/messages.ts';
import type { Instant } from '../program/vocabulary.ts';
import { insertAndRecord } from './audit.ts';
import { digestOfText } from './audit-text.ts';
import type { Database, Transaction } from './database.ts';

/**
 * Stores a command on a case with what a person wrote, before it is sent; one that is there already (same id) stays as it was. The audit has what was asked for, with the
 * digest of the comment.
 */
export async function storeCaseCommand(
  db: Database | Transaction,
  caseId: string,
  { commandId, command, comment }: { readonly commandId: string; readonly command: CaseCommand; readonly comment: string | null },
  now: Instant,
): Promise<'stored' | 'known'> {
  // The case first: who settles it holds it, and records after that.
  const insert = sql`
    insert into case_command (case_id, command_id, command, comment, received_at)
    select id, ${commandId}::text, ${JSON.stringify(command)}::jsonb, ${comment}::text, ${now}::timestamptz from conflict_case where id = ${caseId} for key share
    on conflict do nothing returning command_id`;
  const { kind = 'settle', actor, ...asked } = command;
  const details = { commandId, command: kind === 'settle' ? 'resolve' : kind, ...asked, commentDigest: digestOfText(comment) };
  const entry = { subject: caseWorkflowId(caseId), kind: 'asked', actor, details, at: now };
  return (await insertAndRecord(db, insert, entry)) ? 'stored' : 'known';
}

/** What the command was answered with; null while it was not carried out. */
export async function findCaseAnswer(db: Database | Transaction, caseId: string, commandId: string): Promise<CommandAnswer | null> {
  const row = await db
    .selectFrom('case_command')
    .select('outcome')
    .where('case_id', '=', caseId)
    .where('command_id', '=', commandId)
    .executeTakeFirst();
  return (row?.outcome ?? null) as CommandAnswer | null;
}

/** Keeps the answer, so that the same command id is carried out once; also of a command that was never stored. */
export async function saveCaseAnswer(
  trx: Transaction,
  caseId: string,
  commandId: string,
  answer: CommandAnswer,
  now: Instant,
): Promise<void> {
  const outcome = JSON.stringify(answer);
  await trx
    .insertInto('case_command')
    .values({ case_id: caseId, command_id: commandId, command: null, comment: null, outcome, received_at: now })
    .onConflict((conflict) => conflict.columns(['case_id', 'command_id']).doUpdateSet({ outcome }))
    .execute();
}
