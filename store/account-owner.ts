import type { Database, Transaction } from './database.ts';

/** Whose account it is, as the mirror has it: the user's id and alias, where the user is active; null where nobody is known. */
export async function readAccountOwner(
  db: Database | Transaction,
  connection: string,
  accountId: string,
): Promise<{ readonly remoteId: string; readonly alias: string } | null> {
  const row = await db
    .selectFrom('crm_account as account')
    .innerJoin('crm_user as owner', (join) =>
      join.onRef('owner.connection', '=', 'account.connection').onRef('owner.remote_id', '=', 'account.owner_remote_id'),
    )
    .select(['owner.remote_id', 'owner.alias'])
    .where('account.connection', '=', connection)
    .where('account.remote_id', '=', accountId)
    .where('account.deleted', '=', false)
    .where('owner.is_active', '=', true)
    .where('owner.deleted', '=', false)
    .executeTakeFirst();
  return row === undefined ? null : { remoteId: row.remote_id, alias: row.alias };
}
