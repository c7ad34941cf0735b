import type { RemoteRow } from '../../crm/port.ts';
import type { Transaction } from '../../store/database.ts';
import { isBroken, saveLink, type Link } from '../../store/link.ts';
import { queuePush } from '../../store/push-queue.ts';
import { MERGED_INTO_ANOTHER, readMerged } from '../../store/sync-issue.ts';
import { joinRow } from './adopt-row.ts';
import { raiseLaneIssue, type Lane } from './lane.ts';

/**
 * A linked record is gone from the CRM. Where it was merged into another one, that one takes its place; otherwise the link is kept as broken, and the record
 * type says what follows. Only a row that says itself that it is deleted gets here: a missing one proves nothing.
 */
export async function forgetRow(trx: Transaction, lane: Lane, link: Link, row: RemoteRow): Promise<void> {
  const { deps, connection, records } = lane;
  const at = deps.now();
  if (row.mergedInto !== null && (await joinRow(trx, lane, row.mergedInto, link.localId)) === 'saved') {
    await queuePush(trx, [connection], records.objectType, [link.localId]);
    return;
  }
  if (isBroken(link) && link.remoteStamp === row.stamp) return;
  await saveLink(trx, connection, records.objectType, { ...link, base: {}, remoteStamp: row.stamp }, at);
  if (row.mergedInto === null) {
    await records.onDeleted(trx, deps, connection, link.localId, at, link.base);
    await queuePush(trx, [connection], records.objectType, [link.localId]);
    return;
  }
  // HubSpot tells of it anew with every change of the record that stays: what a person has settled stays settled.
  const told = (await readMerged(trx, connection, records.objectType, [link.localId])).get(link.localId);
  if (isBroken(link) && told?.remoteId === row.id) return;
  await raiseLaneIssue(trx, lane, {
    localId: link.localId,
    remoteId: row.id,
    category: 'deleted_or_merged',
    code: MERGED_INTO_ANOTHER,
    message: `The record was merged into ${row.mergedInto}, which is linked to another record of ours.`,
    remedy: 'Decide which of the two records stays; retry makes a record of its own again.',
  });
}
