import { sql } from 'kysely';
import type { Refusal } from '../program/failures.ts';
import { registrationWorkflowId } from '../program/messages.ts';
import type { RegistrationCommand } from '../program/registration-life.ts';
import type { Instant } from '../program/vocabulary.ts';
import { insertAndRecord } from './audit.ts';
import { digestOfText, digestOfValues } from './audit-text.ts';
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

/**
 * Stores a command before it is sent; one that is there already (same id) stays as it was. The audit has who asked for what, and digests in place of what was
 * written and of the values, so that a later change of either is found.
 */
export async function storeCommand(
  db: Database | Transaction,
  registrationId: string,
  command: { commandId: string; command: RegistrationCommand; comment: string | null; amendment?: object },
  now: Instant,
): Promise<'stored' | 'known'> {
  const { commandId, comment, amendment } = command;
  // The claim first: who decides it holds it, and records after that.
  const insert = sql`
    insert into registration_command (registration_id, command_id, command, comment, amendment, received_at)
    select id, ${commandId}::text, ${JSON.stringify(command.command)}::jsonb, ${comment}::text,
      ${amendment === undefined ? null : JSON.stringify(amendment)}::jsonb, ${now}::timestamptz
    from registration where id = ${registrationId} for key share
    on conflict do nothing returning command_id`;
  const { kind, actor, ...asked } = command.command;
  const digests = { commentDigest: digestOfText(comment), valuesDigest: digestOfValues(amendment ?? null) };
  const isStored = await insertAndRecord(db, insert, {
    subject: registrationWorkflowId(registrationId),
    kind: 'asked',
    actor,
    details: { commandId, command: kind, ...asked, ...digests },
    at: now,
  });
  return isStored ? 'stored' : 'known';
}

/** What the audit names beside what came of a command. One that was typed by hand in the Temporal UI is stored only once it was carried out. */
export function askedBy(stored: StoredCommand | null): { readonly commandId?: string } {
  return stored === null ? {} : { commandId: stored.commandId };
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

/** The appeals of the registration that were taken up. */
export async function readAppeals(
  trx: Transaction,
  registrationId: string,
): Promise<readonly Pick<StoredCommand, 'comment' | 'amendment'>[]> {
  return trx
    .selectFrom('registration_command')
    .select(['comment', 'amendment'])
    .where('registration_id', '=', registrationId)
    .where(sql<boolean>`command ->> 'kind' = 'appeal' and outcome ->> 'kind' = 'done'`)
    .execute();
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
