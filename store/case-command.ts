import { sql } from 'kysely';
import type { CaseCommand } from '../program/case-life.ts';
import { caseWorkflowId, type CommandAnswer } from '../program/messages.ts';
import type { Instant } from '../program/vocabulary.ts';
import { insertAndRecord } from './audit.ts';
import { digestOfText, digestOfValues } from './audit-text.ts';
import type { EvidencePiece } from './case-statement.ts';
import type { Database, Transaction } from './database.ts';

export interface WrittenCaseCommand {
  readonly commandId: string;
  readonly command: CaseCommand;
  /** What a person wrote: a comment, a reason, or the text of a statement. */
  readonly comment: string | null;
  /** What a statement rests on. */
  readonly evidence?: readonly EvidencePiece[];
}

/**
 * Stores a command on a case with what a person wrote, before it is sent; one that is there already (same id) stays as it was. The audit has what was asked for, with the
 * digest of the comment.
 */
export async function storeCaseCommand(
  db: Database | Transaction,
  caseId: string,
  { commandId, command, comment, evidence }: WrittenCaseCommand,
  now: Instant,
): Promise<'stored' | 'known'> {
  // The case first: who settles it holds it, and records after that.
  const insert = sql`
    insert into case_command (case_id, command_id, command, comment, evidence, received_at)
    select id, ${commandId}::text, ${JSON.stringify(command)}::jsonb, ${comment}::text,
      ${evidence === undefined ? null : JSON.stringify(evidence)}::jsonb, ${now}::timestamptz
    from conflict_case where id = ${caseId} for key share
    on conflict do nothing returning command_id`;
  const { kind = 'settle', actor, ...asked } = command;
  const digests = {
    commentDigest: digestOfText(comment),
    ...(evidence === undefined ? {} : { valuesDigest: digestOfValues(evidence) }),
  };
  const details = { commandId, command: kind === 'settle' ? 'resolve' : kind, ...asked, ...digests };
  const entry = { subject: caseWorkflowId(caseId), kind: 'asked', actor, details, at: now };
  return (await insertAndRecord(db, insert, entry)) ? 'stored' : 'known';
}

/** The command as it was written; null where none of this id was stored. One that was typed by hand in the Temporal UI has no content. */
export async function findCaseCommand(db: Database | Transaction, caseId: string, commandId: string): Promise<object | null> {
  const row = await db
    .selectFrom('case_command')
    .select(['command', 'comment', 'evidence'])
    .where('case_id', '=', caseId)
    .where('command_id', '=', commandId)
    .executeTakeFirst();
  return row === undefined || row.command === null ? null : row;
}

/** What was written to a command; null where nothing was. */
export async function findCaseComment(trx: Transaction, caseId: string, commandId: string): Promise<string | null> {
  const row = await trx
    .selectFrom('case_command')
    .select('comment')
    .where('case_id', '=', caseId)
    .where('command_id', '=', commandId)
    .executeTakeFirst();
  return row?.comment ?? null;
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
    .values({ case_id: caseId, command_id: commandId, command: null, comment: null, evidence: null, outcome, received_at: now })
    .onConflict((conflict) => conflict.columns(['case_id', 'command_id']).doUpdateSet({ outcome }))
    .execute();
}
