import type { RemoteRow } from '../../crm/port.ts';
import { remoteFieldsOf } from '../../mappings/field-mapping.ts';
import type { CanonicalRecord } from '../../program/merge-plan.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { Transaction } from '../../store/database.ts';
import { isBroken, readLinksByLocal } from '../../store/link.ts';
import { finishPushes, readDuePushes, readPushBacklog, type PendingPush } from '../../store/push-queue.ts';
import type { SyncTurn } from '../../store/sync-turn.ts';
import { saveIntents, type UnsettledWrite, type WriteIntent } from '../../store/write-intent.ts';
import type { PushResult } from '../contract.ts';
import { adoptRows } from './adopt-row.ts';
import { findCoveredEdits } from './covered-edit.ts';
import type { Lane } from './lane.ts';
import { readLocals } from './local-record.ts';
import { isClosedToUs, mergeRows, type MergedRow } from './merge-row.ts';
import { keepOutcomes } from './push-outcome.ts';
import { putOffUnreadable, putOffWaiting } from './put-off.ts';
import { tellNotMade } from './not-made.ts';
import { newRecord } from './record-write.ts';
import { settleWrites } from './settle-write.ts';
import type { LocalRecord } from './two-way-record.ts';
import { writeRows, type Planned } from './write-rows.ts';

/** So many write calls share one look at the other side before them and one check after them. */
const WRITES_PER_BATCH = 3;

/** A due entry whose record may be written. */
interface Due {
  readonly push: PendingPush;
  readonly local: LocalRecord;
}

/**
 * Writes the next batch of changed records: their rows are read again and merged, what still differs is written, and the history is checked for edits that were
 * made in between.
 *
 * Only changed fields are written, and a refused row never holds back the others. What is about to be written is remembered first, so a crash or a lost answer at
 * any point is recognised when the batch is repeated. A write call that fails as a whole throws, after what the calls before it brought was kept.
 */
export async function pushTwoWayBatch(lane: Lane, turn: SyncTurn): Promise<PushResult> {
  const { deps, connection, port, records } = lane;
  const batchRows = WRITES_PER_BATCH * port.writeBatchSize;
  await settleWrites(lane, batchRows);
  const due = await readDuePushes(deps.db, connection, records.objectType, batchRows);
  const { locals, unreadable } = await readLocals(
    lane,
    deps.db,
    due.map((push) => push.localId),
  );
  await putOffUnreadable(lane, due, unreadable);
  const waiting = due.filter((push) => !unreadable.has(push.localId) && locals.get(push.localId)?.waitsFor !== null);
  await putOffWaiting(lane, waiting, locals);

  const ready = due.flatMap((push): readonly Due[] => {
    const local = locals.get(push.localId);
    return local === undefined || local.waitsFor !== null ? [] : [{ push, local }];
  });
  const { planned, seenAt } = await planWrites(lane, ready);
  const writes = planned.filter(({ send }) => Object.keys(send).length > 0);
  const { done: sent, failure } = await writeRows(lane, turn, writes);
  const done = [...planned.flatMap((record) => (writes.includes(record) ? [] : [{ ...record, outcome: null }])), ...sent];
  const written = done.filter(({ outcome }) => outcome?.kind === 'written');
  const covered = await findCoveredEdits(
    lane,
    written.flatMap((record): readonly UnsettledWrite[] => {
      const { pair } = record;
      return pair === null ? [] : [{ ...intentOf(lane, record, seenAt), remoteId: pair.row.id, seen: pair.theirs }];
    }),
  );
  await keepOutcomes(lane, done, covered);
  if (failure !== null) throw failure;
  return {
    written: written.length,
    unchanged: done.filter(({ outcome }) => outcome === null).length,
    refused: done.filter(({ outcome }) => outcome?.kind === 'refused').length,
    postponed: waiting.length + unreadable.size,
    ...(await readPushBacklog(deps.db, connection, records.objectType)),
  };
}

/** Merges what is there now with ours and says what is left to write, which is remembered in the same transaction. */
async function planWrites(lane: Lane, ready: readonly Due[]): Promise<{ readonly planned: readonly Planned[]; readonly seenAt: Instant }> {
  const { connection, port, records } = lane;
  const startedAtMs = Date.now();
  const rows = await readOtherSide(lane, ready);
  // By the CRM's clock, of which the first answer to a new worker tells.
  const seenAt = new Date(startedAtMs + port.clockOffsetMs()).toISOString();
  let planned: readonly Planned[] = [];
  await mergeRows(lane, [...rows.values()], async (trx, merged) => {
    const byLocal = new Map(merged.map((row) => [row.pair.local.localId, row]));
    const links = await readLinksByLocal(
      trx,
      connection,
      records.objectType,
      ready.map(({ push }) => push.localId),
    );
    const isToBeMade = ({ push, local }: Due): boolean => {
      const [row, link] = [rows.get(push.localId), links.get(push.localId)];
      // A row that is there and could not be merged was set aside with an issue, which is tried again by itself.
      if ((row !== undefined && !row.deleted) || local.isTheirs === true) return false;
      // Deleted, and the pull has not heard of it yet or the record is not wanted any more: what follows is decided there.
      return link === undefined || (isBroken(link) ? local.isRestored : row === undefined);
    };
    const plans: Planned[] = [];
    const notMade: LocalRecord[] = [];
    for (const due of ready) {
      const { push, local } = due;
      const mine = byLocal.get(push.localId);
      if (mine === undefined) {
        if (isToBeMade(due) && local.notMade !== null) notMade.push(local);
        else if (isToBeMade(due)) plans.push({ push, local, pair: null, send: newRecord(lane, local), isParked: false });
        continue;
      }
      const { pair, isParked } = mine;
      const cleared = isClosedToUs(lane, pair) ? {} : await clearedCommand(trx, lane, mine);
      plans.push({ push, local: pair.local, pair, send: { ...mine.send, ...cleared }, isParked });
    }
    planned = plans;
    await tellNotMade(trx, lane, notMade);
    const isPlanned = new Set(planned.map(({ push }) => push.localId));
    await finishPushes(
      trx,
      connection,
      records.objectType,
      ready.flatMap(({ push }) => (isPlanned.has(push.localId) ? [] : [push])),
    );
    const writes = planned.filter(({ send }) => Object.keys(send).length > 0);
    await saveIntents(
      trx,
      connection,
      records.objectType,
      writes.map((write) => intentOf(lane, write, seenAt)),
    );
  });
  return { planned, seenAt };
}

/** A command that was answered is cleared, with what stands beside it. */
async function clearedCommand(trx: Transaction, { connection, records }: Lane, { command }: MergedRow): Promise<CanonicalRecord> {
  if (command === null || records.command === null || !(await records.isAnswered(trx, connection, command))) return {};
  return { [records.command.field]: null, [records.command.comment]: null };
}

function intentOf({ records }: Lane, { push, pair, send }: Omit<Planned, 'local' | 'isParked'>, seenAt: Instant): WriteIntent {
  if (pair === null) return { localId: push.localId, sent: send, seen: null, seenAt };
  const fields = [...Object.keys(send), ...(records.command === null ? [] : [records.command.comment])];
  const seen = Object.fromEntries(fields.map((field) => [field, pair.theirs[field] ?? null]));
  return { localId: push.localId, sent: send, seen, seenAt };
}

/** Their rows of these records as they are now, by our ids. One without a link may be there all the same: its creation was answered to a worker that died. */
async function readOtherSide(lane: Lane, ready: readonly Due[]): Promise<ReadonlyMap<string, RemoteRow>> {
  const { deps, connection, port, mapping, records } = lane;
  const ids = ready.map(({ push }) => push.localId);
  const fields = remoteFieldsOf(mapping);
  const known = await readLinksByLocal(deps.db, connection, records.objectType, ids);
  const unlinked = ids.filter((id) => !known.has(id));
  const key = mapping.externalId?.theirs ?? '';
  const found = unlinked.length === 0 ? [] : await port.find(mapping.object, key, unlinked, fields);
  if (found.length > 0) await adoptRows(lane, found);
  const remoteIds = [...known.values()].map((link) => link.remoteId);
  const read = remoteIds.length === 0 ? [] : await port.read(mapping.object, remoteIds, fields);
  const links = found.length === 0 ? known : await readLinksByLocal(deps.db, connection, records.objectType, ids);
  const rows = new Map([...read, ...found].map((row) => [row.id, row]));
  return new Map(
    [...links].flatMap(([localId, link]) => {
      const row = rows.get(link.remoteId);
      return row === undefined ? [] : [[localId, row] as const];
    }),
  );
}
