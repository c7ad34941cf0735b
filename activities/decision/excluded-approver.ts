import { readUsers } from '../../store/crm-mirror.ts';
import type { Transaction } from '../../store/database.ts';
import { readOpportunityOwner } from '../../store/place.ts';

/**
 * Who must not decide: users that every CRM which knows them has deactivated, and the owner of the opportunity in question.
 * A user whom no CRM knows is not excluded: people are named by the program before the first sync.
 */
export async function excludedApprovers(
  trx: Transaction,
  opportunity: { readonly connection: string; readonly remoteId: string } | null,
): Promise<ReadonlySet<string>> {
  const users = await readUsers(trx, null);
  const active = new Set(users.filter((user) => user.isActive).map((user) => user.alias));
  const excluded = new Set(users.filter((user) => !user.isActive && !active.has(user.alias)).map((user) => user.alias));
  const owner = opportunity === null ? null : await readOpportunityOwner(trx, opportunity.connection, opportunity.remoteId);
  if (owner !== null) excluded.add(owner);
  return excluded;
}
