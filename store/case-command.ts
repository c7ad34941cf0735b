import type { Instant } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';

/** Stores what a person wrote beside the resolution of a case, before it is sent; one that is there already (same id) stays as it was. */
export async function storeCaseCommand(
  db: Database | Transaction,
  caseId: string,
  command: { readonly commandId: string; readonly comment: string | null },
  now: Instant,
): Promise<'stored' | 'known'> {
  const result = await db
    .insertInto('case_command')
    .values({ case_id: caseId, command_id: command.commandId, comment: command.comment, received_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n ? 'stored' : 'known';
}
