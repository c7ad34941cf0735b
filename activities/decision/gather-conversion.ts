import type { ApprovedPosition, BypassingOpportunity, ConversionEvidence, LinkedOpportunity } from '../../program/claim.ts';
import { findBeside, findLinkedOpportunities, findOpportunitiesWonSince } from '../../store/conversion-evidence.ts';
import type { Transaction } from '../../store/database.ts';
import { findLosses } from '../../store/lost-opportunity.ts';
import { readPartnerOpportunities } from '../../store/place.ts';
import type { Registration } from '../../store/registration.ts';
import { findPlacedAccounts } from './customer-account.ts';
import { byConnection, findDirectOpportunities, type AccountInQuestion } from './gather-direct.ts';

/**
 * What became of the registration's opportunities, and of others at its customer. `accounts`: those that may be the customer. What was lost, and what the direct team
 * made of others, is looked for since the approval alone; where there was none, nobody could take anything.
 */
export async function gatherConversion(
  trx: Transaction,
  { registrationId, partnerId }: Pick<Registration, 'registrationId' | 'partnerId'>,
  accounts: readonly AccountInQuestion[],
  approved: ApprovedPosition | null,
): Promise<ConversionEvidence> {
  const exact = accounts.filter(({ match }) => match.band === 'exact');
  const placed = await findPlacedAccounts(trx, registrationId, exact);
  const linked = await gatherLinked(trx, registrationId, partnerId, [...placed, ...accounts]);
  if (approved === null) return { linked, lost: [], direct: [] };
  const open = (await findDirectOpportunities(trx, placed)).map((opportunity) => ({ ...opportunity, wonAt: null }));
  return {
    linked,
    lost: await findLosses(trx, registrationId, approved.approvedAt),
    direct: [...open, ...(await findWonDirectly(trx, [...exact, ...placed], approved.approvedAt))],
  };
}

async function gatherLinked(
  trx: Transaction,
  registrationId: string,
  partnerId: string,
  accounts: readonly AccountInQuestion[],
): Promise<readonly LinkedOpportunity[]> {
  const linked = await findLinkedOpportunities(trx, registrationId);
  const beside = linked.length === 0 ? [] : await findBeside(trx, registrationId, partnerId);
  return linked.map((opportunity) => {
    const { connection, remoteId, accountRemoteId } = opportunity;
    const account = accounts.find((one) => one.connection === connection && one.remoteId === accountRemoteId);
    const others = beside.filter((one) => one.connection === connection && one.opportunity === remoteId);
    return {
      ...opportunity,
      match: account?.match ?? null,
      beside: others.map(({ registrationId: id, partnerId: of, kind, isPrimary }) => ({
        registrationId: id,
        partnerId: of,
        kind,
        isPrimary,
      })),
    };
  });
}

/** Won since then, and not for a partner's registration. */
async function findWonDirectly(
  trx: Transaction,
  accounts: readonly AccountInQuestion[],
  since: string,
): Promise<readonly BypassingOpportunity[]> {
  const found: BypassingOpportunity[] = [];
  for (const [connection, here] of byConnection(accounts)) {
    const won = await findOpportunitiesWonSince(trx, connection, [...here.keys()], since);
    const taken = await readPartnerOpportunities(
      trx,
      connection,
      won.map(({ remoteId }) => remoteId),
    );
    for (const opportunity of won) {
      const account = here.get(opportunity.accountRemoteId);
      if (account === undefined || taken.has(opportunity.remoteId)) continue;
      found.push({ ...opportunity, isClosed: true, match: account.match, relation: account.relation });
    }
  }
  return found;
}
