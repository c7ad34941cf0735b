import type { Relation } from '../program/claim.ts';
import { ACCOUNT_COLUMNS, candidateOf, type AccountCandidate } from './account-evidence.ts';
import type { Database, Transaction } from './database.ts';

/** Of a group with more companies the first are looked at, by id: whoever stands in a larger one is for people to know. */
const MOST_RELATIVES = 200;

export interface RelatedAccount {
  readonly account: AccountCandidate;
  /** How it stands to the account that was asked for. */
  readonly relation: Exclude<Relation, 'same'>;
}

/** The parent of these accounts, their children and the other children of their parent, one step up and one down; none of the accounts themselves. */
export async function findRelatedAccounts(
  db: Database | Transaction,
  connection: string,
  accounts: readonly AccountCandidate[],
): Promise<readonly RelatedAccount[]> {
  if (accounts.length === 0) return [];
  const own = accounts.map(({ remoteId }) => remoteId);
  const parents = [...new Set(accounts.flatMap(({ parentRemoteId }) => (parentRemoteId === null ? [] : [parentRemoteId])))];
  const rows = await db
    .selectFrom('crm_account')
    .select(ACCOUNT_COLUMNS)
    .where('connection', '=', connection)
    .where('deleted', '=', false)
    .where('remote_id', 'not in', own)
    .where((where) =>
      where.or([
        where('parent_remote_id', 'in', [...own, ...parents]),
        ...(parents.length === 0 ? [] : [where('remote_id', 'in', parents)]),
      ]),
    )
    .orderBy('remote_id')
    .limit(MOST_RELATIVES)
    .execute();
  return rows.map((row) => {
    const account = candidateOf(row);
    const isChild = account.parentRemoteId !== null && own.includes(account.parentRemoteId);
    return { account, relation: parents.includes(account.remoteId) ? 'parent' : isChild ? 'child' : 'sibling' };
  });
}
