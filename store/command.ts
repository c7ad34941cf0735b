import type { Refusal } from '../program/failures.ts';
import type { RegistrationCommand } from '../program/registration-life.ts';
import type { Instant } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';

export interface StoredCommand {
  readonly commandId: string;
  readonly command: RegistrationCommand;
  /** What the person wrote; it never enters a workflow's history. */
  readonly comment: string | null;
  /** The values of an amendment: only the fields that the partner sent. */
  readonly amendment: object | null;
  readonly outcome: { readonly kind: 'done' } | Refusal | null;
}

/** Stores a command before it is sent; one that is there already (same id) stays as it was. */
export async function storeCommand(
  db: Database | Transaction,
  registrationId: string,
  command: { commandId: string; command: RegistrationCommand; comment: string | null; amendment?: object },
  now: Instant,
): Promise<'stored' | 'known'> {
  const result = await db
    .insertInto('registration_command')
    .values({
      registration_id: registrationId,
      command_id: command.commandId,
      command: JSON.stringify(command.command),
      comment: command.comment,
      amendment: command.amendment === undefined ? null : JSON.stringify(command.amendment),
      outcome: null,
      received_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n ? 'stored' : 'known';
}

export async function findCommand(db: Database | Transaction, registrationId: string, commandId: string): Promise<StoredCommand | null> {
  const row = await db
    .selectFrom('registration_command')
    .selectAll()
    .where('registration_id', '=', registrationId)
    .where('command_id', '=', commandId)
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    commandId: row.command_id,
    command: row.command,
    comment: row.comment,
    amendment: row.amendment,
    outcome: row.outcome as StoredCommand['outcome'],
  };
}

export async function saveCommandOutcome(
  db: Database | Transaction,
  registrationId: string,
  commandId: string,
  outcome: { kind: 'done' } | Refusal,
): Promise<void> {
  await db
    .updateTable('registration_command')
    .set({ outcome: JSON.stringify(outcome) })
    .where('registration_id', '=', registrationId)
    .where('command_id', '=', commandId)
    .where('outcome', 'is', null)
    .execute();
}
