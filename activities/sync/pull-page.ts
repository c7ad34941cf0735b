import type { RemoteRow } from '../../crm/port.ts';
import { remoteFieldsOf } from '../../mappings/field-mapping.ts';
import { clearChanged, type ChangedRecord } from '../../store/changed-record.ts';
import type { Transaction } from '../../store/database.ts';
import { readLinksByRemote } from '../../store/link.ts';
import { queuePush } from '../../store/push-queue.ts';
import { attempt } from '../../store/sync-attempt.ts';
import { readCursor, saveCursor, type SyncCursor } from '../../store/sync-cursor.ts';
import { takeRowsToRetry, resolveIssues } from '../../store/sync-issue.ts';
import { adoptRows } from './adopt-row.ts';
import { pullChanges } from './capture.ts';
import { forgetRow } from './forget-row.ts';
import { setAside, type Lane } from './lane.ts';
import { mergeRows } from './merge-row.ts';
import { toldChanges } from './told-change.ts';

const RETRIED_ROWS = 200;

/**
 * Pulls one page of a record type that goes both ways, and commits rows, bases, events and the cursor in one transaction.
 * A crash before the commit repeats the page; a repeated page plans nothing new.
 */
export async function pullTwoWayPage(lane: Lane): Promise<{ rows: number; drained: boolean }> {
  const { deps, connection, port, mapping, records } = lane;
  const knownStamps = async (ids: readonly string[]) => {
    const links = await readLinksByRemote(deps.db, connection, records.objectType, ids);
    return new Map([...links].map(([id, link]) => [id, link.remoteStamp]));
  };
  const cursor = await readCursor(deps.db, connection, records.objectType);
  const source = { port, mapping, knownStamps, told: toldChanges(deps.db, connection, records.objectType) };
  const page = await pullChanges(source, cursor, deps.now, (rows, next, looked) => keepPage(lane, rows, next, looked));
  return page.drained ? { ...page, rows: page.rows + (await retryRows(lane)) } : page;
}

async function keepPage(
  lane: Lane,
  rows: readonly RemoteRow[],
  cursor: SyncCursor | null,
  looked: readonly ChangedRecord[],
): Promise<void> {
  const { connection, records } = lane;
  await adoptRows(lane, rows);
  await mergeRows(lane, rows, async (trx, merged) => {
    const toSend = merged.filter(({ send, command }) => Object.keys(send).length > 0 || command !== null);
    await queuePush(
      trx,
      [connection],
      records.objectType,
      toSend.map(({ pair }) => pair.local.localId),
    );
    await forgetRows(
      trx,
      lane,
      rows.filter((row) => row.deleted),
    );
    if (cursor !== null) await saveCursor(trx, connection, records.objectType, cursor);
    await clearChanged(trx, connection, records.objectType, looked);
  });
}

/** Rows that are gone from the CRM: their links are broken, or follow a merge. */
export async function forgetRows(trx: Transaction, lane: Lane, deleted: readonly RemoteRow[]): Promise<void> {
  const { deps, connection, records } = lane;
  const ids = deleted.map((row) => row.id);
  const links = await readLinksByRemote(trx, connection, records.objectType, ids);
  await resolveIssues(trx, connection, records.objectType, 'row', { remoteIds: ids }, deps.now());
  await records.lock(
    trx,
    [...links.values()].map((link) => link.localId),
  );
  for (const row of deleted) {
    const link = links.get(row.id);
    if (link === undefined) continue;
    const outcome = await attempt(trx, () => forgetRow(trx, lane, link, row));
    if (outcome.kind === 'failed') await setAside(trx, lane, link, outcome.reason);
  }
}

/** Rows that could not be taken over before: nobody need touch them for another look, since what they lacked may be there now. */
async function retryRows(lane: Lane): Promise<number> {
  const { deps, connection, port, mapping, records } = lane;
  const ids = await takeRowsToRetry(deps.db, connection, records.objectType, deps.now(), RETRIED_ROWS);
  if (ids.length === 0) return 0;
  await keepPage(lane, await port.read(mapping.object, ids, remoteFieldsOf(mapping)), null, []);
  return ids.length;
}
