import type { CaseCommand } from '../program/case-life.ts';
import type { CommandAnswer } from '../program/messages.ts';
import type { Instant } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';

/** Stores a command on a case with what a person wrote, before it is sent; one that is there already (same id) stays as it was. */
export async function storeCaseCommand(
  db: Database | Transaction,
  caseId: string,
  { commandId, command, comment }: { readonly commandId: string; readonly command: CaseCommand; readonly comment: string | null },
  now: Instant,
): Promise<'stored' | 'known'> {
  const result = await db
    .insertInto('case_command')
    .values({ case_id: caseId, command_id: commandId, command: JSON.stringify(command), comment, outcome: null, received_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n ? 'stored' : 'known';
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
