import type { CustomerMatch, DirectContact, DirectOpportunity, Purchase, Relation } from '../../program/claim.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { Transaction } from '../../store/database.ts';
import { findOpenOpportunities, findWonOpportunities } from '../../store/opportunity-evidence.ts';
import { readPartnerOpportunities } from '../../store/place.ts';
import type { MatchedAccount } from './matched-account.ts';

/** An account at which opportunities are looked for, and whose it is. */
export interface AccountInQuestion {
  readonly connection: string;
  readonly remoteId: string;
  readonly match: CustomerMatch;
  readonly relation: Relation;
}

/** Open opportunities at the accounts. Those of an approved registration are a partner's, not the direct team's. */
export async function findDirectOpportunities(
  trx: Transaction,
  accounts: readonly AccountInQuestion[],
): Promise<readonly DirectOpportunity[]> {
  const found: DirectOpportunity[] = [];
  for (const [connection, here] of byConnection(accounts)) {
    const opportunities = await findOpenOpportunities(trx, connection, [...here.keys()]);
    const taken = await readPartnerOpportunities(
      trx,
      connection,
      opportunities.map(({ remoteId }) => remoteId),
    );
    for (const opportunity of opportunities) {
      const account = here.get(opportunity.accountRemoteId);
      if (account === undefined || taken.has(opportunity.remoteId)) continue;
      found.push({ ...opportunity, isClosed: false, match: account.match, relation: account.relation });
    }
  }
  return found;
}

/** When the direct team last touched the accounts, as far as their CRM says. */
export function contactsOf(accounts: readonly MatchedAccount[]): readonly DirectContact[] {
  return accounts.flatMap(({ connection, remoteId, lastActivityAt, match }) =>
    lastActivityAt === null ? [] : [{ connection, accountRemoteId: remoteId, lastContactAt: lastActivityAt, match }],
  );
}

/** What was bought directly: won opportunities at the accounts, of which no product line is known. Those of a partner's registration are told by the registration. */
export async function findDirectPurchases(
  trx: Transaction,
  accounts: readonly AccountInQuestion[],
  since: Instant,
): Promise<readonly Purchase[]> {
  const found: Purchase[] = [];
  for (const [connection, here] of byConnection(accounts)) {
    const won = await findWonOpportunities(trx, connection, [...here.keys()]);
    const taken = await readPartnerOpportunities(
      trx,
      connection,
      won.map(({ remoteId }) => remoteId),
    );
    for (const { remoteId, accountRemoteId, wonAt } of won) {
      const account = here.get(accountRemoteId);
      const isRecent = Date.parse(wonAt) >= Date.parse(since);
      if (account === undefined || taken.has(remoteId) || !isRecent) continue;
      const source = { kind: 'opportunity', connection, remoteId } as const;
      found.push({ source, productLine: null, partnerId: null, boughtAt: wonAt, match: account.match });
    }
  }
  return found;
}

/** The accounts of each CRM, by their ids. */
export function byConnection(accounts: readonly AccountInQuestion[]): ReadonlyMap<string, ReadonlyMap<string, AccountInQuestion>> {
  const connections = new Map<string, Map<string, AccountInQuestion>>();
  for (const account of accounts) {
    const here = connections.get(account.connection) ?? new Map<string, AccountInQuestion>();
    connections.set(account.connection, here.set(account.remoteId, account));
  }
  return connections;
}
