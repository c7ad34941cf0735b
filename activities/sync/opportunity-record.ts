import { canonicaliseRow } from '../../mappings/field-mapping.ts';
import { registrationWorkflowId } from '../../program/messages.ts';
import type { CanonicalRecord } from '../../program/merge-plan.ts';
import { recordAudit } from '../../store/audit.ts';
import type { Database, Transaction } from '../../store/database.ts';
import { isBroken, readLinksByLocal } from '../../store/link.ts';
import { recordLoss } from '../../store/lost-opportunity.ts';
import { readPrimaries } from '../../store/opportunity-link.ts';
import { readOrders } from '../../store/opportunity-order.ts';
import { readPlaces } from '../../store/place.ts';
import { queuePush } from '../../store/push-queue.ts';
import { lockRegistration, readRegistrations, saveSyncNote } from '../../store/registration.ts';
import type { ActivityDependencies } from '../decision/dependencies.ts';
import { askRule } from '../decision/notice-opportunity.ts';
import { fulfilOrder } from './fulfil-order.ts';
import { newOpportunity } from './new-opportunity.ts';
import type { LocalRecord, TwoWayRecords } from './two-way-record.ts';

/**
 * Opportunities as far as we write them: which registration is the primary of one, and the whole of those that we make. An opportunity that we make has the id of its
 * registration as ours; any other has one that is derived from the CRM's (`queuePrimaries`), and only while it has, or had, a primary.
 */
export const opportunityRecords: TwoWayRecords = {
  objectType: 'opportunity',
  command: null,

  async read(db, deps, connection, ids) {
    if (ids.length === 0) return [];
    const links = await readLinksByLocal(db, connection, 'opportunity', ids);
    const registrations = new Map((await readRegistrations(db, ids)).map((registration) => [registration.registrationId, registration]));
    const ordered = new Set((await readOrders(db, ids, connection)).map(({ registrationId }) => registrationId));
    const primaries = await readPrimaries(
      db,
      connection,
      [...links.values()].map(({ remoteId }) => remoteId),
    );
    const rows = await readLinksByLocal(db, connection, 'registration', [...primaries.values(), ...ordered]);
    const known = ids.filter((id) => links.has(id) || registrations.has(id));
    return Promise.all(
      known.map(async (localId): Promise<LocalRecord> => {
        const link = links.get(localId);
        const isToBeMade = ordered.has(localId) && (link === undefined || isBroken(link));
        const primary = isToBeMade ? localId : link === undefined ? null : (primaries.get(link.remoteId) ?? null);
        const row = primary === null ? undefined : rows.get(primary);
        const isThere = row !== undefined && !isBroken(row);
        const made = isToBeMade ? await valuesToMake(db, deps, connection, localId) : {};
        const values = { ...made, primaryRegistration: isThere ? row.remoteId : null };
        const parent = primary === null ? null : ({ objectType: 'registration', localId: primary } as const);
        return {
          localId,
          ...inTheirForm(deps, connection, values),
          editedAt: {},
          parents: parent === null ? {} : { primaryRegistration: parent },
          waitsFor: isThere ? null : parent,
          isRestored: isToBeMade,
          notMade: null,
          ...(isToBeMade ? {} : { isTheirs: true }),
        };
      }),
    );
  },

  async lock() {
    // What is compared is kept by no row of ours: a primary that changes meanwhile is queued anew in the transaction that changes it.
  },

  async take() {
    return [];
  },

  /** Somebody in the CRM edited which registration is the primary. It is written back, and the one that is the primary hears of it. */
  async answerOverridden(trx, deps, connection, localId, fields, at) {
    const link = (await readLinksByLocal(trx, connection, 'opportunity', [localId])).get(localId);
    const primary = link === undefined ? null : ((await readPrimaries(trx, connection, [link.remoteId])).get(link.remoteId) ?? null);
    if (link === undefined || primary === null) return;
    const registration = await lockRegistration(trx, primary);
    if (registration === null) return;
    const opportunity = link.remoteId;
    await recordAudit(trx, {
      subject: registrationWorkflowId(primary),
      kind: 'primary edited in CRM',
      actor: connection,
      details: { connection, opportunity, fields },
      at,
    });
    const note =
      'The primary registration of the opportunity was edited in the CRM and written back; a command changes it (see the guide).';
    await saveSyncNote(trx, primary, note, at);
    await queuePush(trx, [...deps.connections.keys()], 'registration', [primary]);
    await recordLoss(trx, { registrationId: primary, connection, opportunity, how: 'primary_edited', at, by: connection });
    if (registration.state.status === 'approved') await askRule(trx, deps, [registration], 'C27_bypass');
  },

  async onDeleted() {
    // The mirror of opportunities says what follows for the registrations that were linked to it.
  },

  /** One that was ordered has been made, or was found: its registration is linked to it. */
  async onLinked(trx, deps, connection, localIds) {
    if (localIds.length === 0) return;
    const links = await readLinksByLocal(trx, connection, 'opportunity', localIds);
    const orders = new Map((await readOrders(trx, localIds, connection)).map((order) => [order.registrationId, order]));
    for (const { registrationId } of await readRegistrations(trx, localIds)) {
      const opportunity = links.get(registrationId)?.remoteId;
      if (opportunity === undefined) continue;
      await fulfilOrder(trx, deps, { registrationId, connection, opportunity, order: orders.get(registrationId) ?? null });
    }
  },

  async keepCommand() {},
  async isAnswered() {
    return true;
  },
  async receive() {
    return null;
  },
};

async function valuesToMake(
  db: Database | Transaction,
  deps: ActivityDependencies,
  name: string,
  registrationId: string,
): Promise<CanonicalRecord> {
  const connection = deps.connections.get(name);
  const [registration] = await readRegistrations(db, [registrationId]);
  if (connection === undefined || registration === undefined) return {};
  const place = (await readPlaces(db, name, [registrationId])).get(registrationId);
  return newOpportunity(db, deps, name, connection, registration, place?.customerAccount ?? null);
}

function inTheirForm(deps: ActivityDependencies, connection: string, values: CanonicalRecord): Pick<LocalRecord, 'values' | 'problems'> {
  const mapping = deps.connections.get(connection)?.conversion?.mapping;
  return mapping === undefined ? { values, problems: [] } : canonicaliseRow(mapping, values);
}
