import type { RemoteRow } from '../../crm/port.ts';
import type { Transaction } from '../../store/database.ts';
import { isBroken, readLinksByLocal, readLinksByRemote, saveLink, type Link } from '../../store/link.ts';
import { isPassing, reasonOf } from '../../store/sync-attempt.ts';
import { raiseLaneIssue, setAside, type Lane } from './lane.ts';
import { readLocals } from './local-record.ts';

/** A row without our id that lacks what a submission needs, such as a partner that we know. */
export const SUBMISSION_INCOMPLETE = 'SUBMISSION_INCOMPLETE';

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/**
 * Rows that are not linked yet: with our id they are our own (an answer that was lost, or a first match) and are linked; without, they were made in the CRM and
 * are received. Each row is a transaction of its own, before the page's, and repeating it changes nothing.
 */
export async function adoptRows(lane: Lane, rows: readonly RemoteRow[]): Promise<void> {
  const { deps, connection, mapping, records } = lane;
  const key = mapping.externalId?.theirs;
  if (key === undefined) return;
  const linked = await readLinksByRemote(
    deps.db,
    connection,
    records.objectType,
    rows.map((row) => row.id),
  );
  const unlinked = rows.filter((row) => !row.deleted && !linked.has(row.id));
  const ourIds = unlinked.map((row) => idOn(row, key)).filter((id) => UUID.test(id));
  const { locals } = await readLocals(lane, deps.db, ourIds);
  for (const row of unlinked) {
    if (row.fields[key] === undefined) continue;
    const ourId = idOn(row, key);
    try {
      if (ourId === '') await receiveRow(lane, row);
      else if (locals.has(ourId)) await linkOwn(lane, row, ourId, key);
      else await refuseForeign(lane, row, ourId);
    } catch (error) {
      if (isPassing(error)) throw error;
      await deps.db.transaction().execute((trx) => setAside(trx, lane, { localId: null, remoteId: row.id }, reasonOf(error)));
    }
  }
}

function idOn(row: RemoteRow, key: string): string {
  const value = row.fields[key];
  return typeof value === 'string' ? value : '';
}

async function linkOwn(lane: Lane, row: RemoteRow, ourId: string, key: string): Promise<void> {
  const { deps, connection, records } = lane;
  const current = (await readLinksByLocal(deps.db, connection, records.objectType, [ourId])).get(ourId);
  if (current !== undefined && !isBroken(current) && (await stillCarries(lane, current, ourId, key))) {
    await deps.db.transaction().execute((trx) =>
      raiseLaneIssue(trx, lane, {
        localId: ourId,
        remoteId: row.id,
        category: 'duplicate',
        code: 'RECORD_DOUBLED',
        message: `The record carries the id ${ourId}, and so does ${current.remoteId}.`,
        remedy: 'Merge the two in the CRM, or delete one of them.',
      }),
    );
    return;
  }
  await deps.db.transaction().execute((trx) => joinRow(trx, lane, row.id, ourId));
}

/** Joins our record and theirs, which have agreed on nothing yet, and has everything that points to it written anew. */
export async function joinRow(trx: Transaction, lane: Lane, remoteId: string, localId: string): Promise<'saved' | 'taken'> {
  const { deps, connection, records } = lane;
  const saved = await saveLink(trx, connection, records.objectType, { localId, remoteId, base: {}, remoteStamp: null }, deps.now());
  if (saved === 'saved') await records.onLinked(trx, deps, connection, [localId]);
  return saved;
}

/** Whether the record that we know as ours still is: it may have been deleted, or its id may have been moved to another one. */
async function stillCarries({ port, mapping }: Lane, link: Link, ourId: string, key: string): Promise<boolean> {
  const [row] = await port.read(mapping.object, [link.remoteId], [key]);
  return row !== undefined && !row.deleted && row.fields[key] === ourId;
}

async function refuseForeign(lane: Lane, row: RemoteRow, foreignId: string): Promise<void> {
  await lane.deps.db.transaction().execute((trx) =>
    raiseLaneIssue(trx, lane, {
      localId: null,
      remoteId: row.id,
      category: 'conflict',
      code: 'RECORD_NOT_OURS',
      message: `The record carries the id ${foreignId}, which is none of ours.`,
      remedy: 'Clear the id in the CRM to have the record received anew, or skip.',
    }),
  );
}

async function receiveRow(lane: Lane, row: RemoteRow): Promise<void> {
  const problem = await lane.records.receive(lane.deps, lane.connection, row);
  if (problem === null) return;
  const issue = { localId: null, remoteId: row.id, category: 'invalid_value', code: SUBMISSION_INCOMPLETE, ...problem } as const;
  await lane.deps.db.transaction().execute((trx) => raiseLaneIssue(trx, lane, issue));
}
