import type { CustomerMatch, Relation } from '../../program/claim.ts';
import { matchCustomers } from '../../program/customer-identity.ts';
import { withoutDomainOf } from '../../program/customer-key.ts';
import type { Program } from '../../program/definition/program.ts';
import { throughGroup } from '../../program/match-score.ts';
import { nameSimilarity } from '../../program/name-similarity.ts';
import type { AccountCandidate } from '../../store/account-evidence.ts';
import { findRelatedAccounts } from '../../store/account-group.ts';
import { customersWith } from '../../store/customer.ts';
import type { Transaction } from '../../store/database.ts';
import { identityKeys } from '../../store/receipt.ts';
import { findRivalCandidates, type RivalCandidate } from '../../store/rival-evidence.ts';
import { findPlacedAt } from '../../store/shared-account.ts';
import type { FoundRival } from './gather-rivals.ts';
import type { MatchedAccount } from './matched-account.ts';

/** An account of another company of the customer's group, and how sure it is that the group is the customer's. */
export interface RelativeAccount {
  readonly account: AccountCandidate;
  readonly relation: Exclude<Relation, 'same'>;
  readonly match: CustomerMatch;
}

/** The accounts beside those that may be the customer in their CRM's hierarchy. Weak matches have no family. */
export async function findRelativeAccounts(trx: Transaction, matched: readonly MatchedAccount[]): Promise<readonly RelativeAccount[]> {
  const found: RelativeAccount[] = [];
  const likely = matched.filter(({ match }) => match.band !== 'weak');
  for (const connection of new Set(likely.map((account) => account.connection))) {
    const here = likely.filter((account) => account.connection === connection);
    for (const { account, relation } of await findRelatedAccounts(trx, connection, here)) {
      const nearest = here.find((own) => isOfFamily(own, account)) ?? here[0];
      if (nearest !== undefined) found.push({ account, relation, match: nearest.match });
    }
  }
  return found;
}

function isOfFamily(own: MatchedAccount, other: AccountCandidate): boolean {
  const { remoteId, parentRemoteId } = other;
  return (
    own.parentRemoteId === remoteId || parentRemoteId === own.remoteId || (parentRemoteId !== null && parentRemoteId === own.parentRemoteId)
  );
}

/** Claims on those companies: placed at one of the accounts, sharing a key with it, or of its very name. Claims on the customer itself (`own`) are none of them. */
export async function findRelatives(
  trx: Transaction,
  freeMailDomains: ReadonlySet<string>,
  program: Program,
  registrationId: string,
  relatives: readonly RelativeAccount[],
  own: ReadonlySet<string>,
): Promise<readonly (FoundRival & { readonly relation: Relation })[]> {
  if (relatives.length === 0) return [];
  const byPlace = new Map<string, RelativeAccount>();
  for (const connection of new Set(relatives.map(({ account }) => account.connection))) {
    const here = new Map(relatives.filter(({ account }) => account.connection === connection).map((one) => [one.account.remoteId, one]));
    for (const [id, account] of await findPlacedAt(trx, connection, [...here.keys()])) {
      const relative = here.get(account);
      if (relative !== undefined) byPlace.set(id, relative);
    }
  }
  const keys = relatives.flatMap(({ account }) => identityKeys(account.customer, freeMailDomains));
  const among = {
    customerIds: await customersWith(trx, keys),
    registrationIds: [...byPlace.keys()],
    names: [...new Set(relatives.map(({ account }) => account.nameKey).filter((name) => name !== ''))],
  };
  const candidates = await findRivalCandidates(trx, registrationId, among);
  return candidates.flatMap((candidate) => {
    if (own.has(candidate.registrationId)) return [];
    const placed = byPlace.get(candidate.registrationId);
    const relative = placed ?? relatives.find((one) => isAbout(candidate, one.account, freeMailDomains));
    if (relative === undefined) return [];
    const { account, relation, match } = relative;
    const record = recordMatch(candidate, account, program, freeMailDomains);
    const ofRecord = placed === undefined ? record : match;
    if (ofRecord === null) return [];
    const says = `${relation} account ${account.remoteId} of ${account.connection}`;
    return [{ candidate, relation, match: throughGroup(says, match, ofRecord) }];
  });
}

/** Cheap enough for every pair: the same name, or a key in common. */
function isAbout(candidate: RivalCandidate, account: AccountCandidate, freeMailDomains: ReadonlySet<string>): boolean {
  if (candidate.customerNameKey === account.nameKey) return true;
  const keys = new Set(identityKeys(account.customer, freeMailDomains).map(({ kind, value }) => `${kind}:${value}`));
  return identityKeys(statedOf(candidate), freeMailDomains).some(({ kind, value }) => keys.has(`${kind}:${value}`));
}

function recordMatch(
  candidate: RivalCandidate,
  account: AccountCandidate,
  program: Program,
  freeMailDomains: ReadonlySet<string>,
): CustomerMatch | null {
  const similarity = nameSimilarity(candidate.customerNameKey, account.nameKey);
  return matchCustomers(statedOf(candidate), account.customer, similarity, freeMailDomains, program.matching);
}

function statedOf({ partnerName, partnerDomain, customer }: RivalCandidate): RivalCandidate['customer'] {
  return withoutDomainOf({ name: partnerName, domain: partnerDomain }, customer);
}
