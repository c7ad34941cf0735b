import type { RemoteRow } from '../../crm/port.ts';
import { remoteFieldsOf } from '../../mappings/field-mapping.ts';
import type { CanonicalRecord } from '../../program/merge-plan.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { Transaction } from '../../store/database.ts';
import { isBroken, readLinksByLocal } from '../../store/link.ts';
import { finishPushes, type PendingPush } from '../../store/push-queue.ts';
import { readMerged } from '../../store/sync-issue.ts';
import { saveIntents, type WriteIntent } from '../../store/write-intent.ts';
import { adoptRows } from './adopt-row.ts';
import type { Lane } from './lane.ts';
import { readLocals } from './local-record.ts';
import { isClosedToUs, mergeRows, type MergedRow } from './merge-row.ts';
import { tellNotMade } from './not-made.ts';
import { inParentOrder } from './parent-order.ts';
import { putOffUnreadable, putOffWaiting } from './put-off.ts';
import { newRecord } from './record-write.ts';
import type { RowPair } from './remote-edit.ts';
import type { LocalRecord } from './two-way-record.ts';
import type { Planned } from './write-rows.ts';

/** A due entry whose record may be written. */
interface Due {
  readonly push: PendingPush;
  readonly local: LocalRecord;
}

export interface PushPlan {
  /** Records that there is nothing to write of. */
  readonly settled: readonly Planned[];
  /** Records of which something is to be written, those that hang on the same others beside each other. */
  readonly writes: readonly Planned[];
  /** When the other side was read, by the CRM's clock. */
  readonly seenAt: Instant;
  /** How many cannot be written yet. */
  readonly postponed: number;
}

/** Remembers what is about to be written, in the transaction in which it was planned. */
export type RememberWrites = (trx: Transaction, writes: readonly Planned[], seenAt: Instant) => Promise<void>;

/**
 * Looks at due entries: their rows are read again and merged, and what still differs is to be written. What cannot be written yet is put off, and what is not wanted
 * any more is taken off the queue.
 */
export async function planPushes(lane: Lane, due: readonly PendingPush[], remember: RememberWrites): Promise<PushPlan> {
  const { locals, unreadable } = await readLocals(
    lane,
    lane.deps.db,
    due.map((push) => push.localId),
  );
  await putOffUnreadable(lane, due, unreadable);
  const waiting = due.filter((push) => !unreadable.has(push.localId) && locals.get(push.localId)?.waitsFor !== null);
  await putOffWaiting(lane, waiting, locals);
  const ready = due.flatMap((push): readonly Due[] => {
    const local = locals.get(push.localId);
    return local === undefined || local.waitsFor !== null ? [] : [{ push, local }];
  });
  return { ...(await planReady(lane, ready, remember)), postponed: waiting.length + unreadable.size };
}

/** As a plan of single calls remembers its writes. */
export function rememberIntents(lane: Lane): RememberWrites {
  return (trx, writes, seenAt) =>
    saveIntents(
      trx,
      lane.connection,
      lane.records.objectType,
      writes.map((write) => intentOf(lane, write, seenAt)),
    );
}

async function planReady(lane: Lane, ready: readonly Due[], remember: RememberWrites): Promise<Omit<PushPlan, 'postponed'>> {
  const { connection, port, records } = lane;
  const startedAtMs = Date.now();
  const rows = await readOtherSide(lane, ready);
  // By the CRM's clock, of which the first answer to a new worker tells.
  const seenAt = new Date(startedAtMs + port.clockOffsetMs()).toISOString();
  let settled: readonly Planned[] = [];
  let writes: readonly Planned[] = [];
  await mergeRows(lane, [...rows.values()], async (trx, mergedRows) => {
    const byLocal = new Map(mergedRows.map((row) => [row.pair.local.localId, row]));
    const links = await readLinksByLocal(
      trx,
      connection,
      records.objectType,
      ready.map(({ push }) => push.localId),
    );
    const broken = [...links.values()].filter(isBroken).map(({ localId }) => localId);
    const merged = await readMerged(trx, connection, records.objectType, broken);
    const isToBeMade = ({ push, local }: Due): boolean => {
      const [row, link] = [rows.get(push.localId), links.get(push.localId)];
      // A row that is there and could not be merged was set aside with an issue, which is tried again by itself.
      if ((row !== undefined && !row.deleted) || local.isTheirs === true) return false;
      const merger = merged.get(push.localId);
      // It became one with another record of ours: a person says whether there are to be two again.
      if (merger !== undefined && merger.remoteId === link?.remoteId) return merger.isRetried;
      // Deleted, and the pull has not heard of it yet or the record is not wanted any more: what follows is decided there.
      return link === undefined || (isBroken(link) ? local.isRestored : row === undefined);
    };
    const planned: Planned[] = [];
    const notMade: LocalRecord[] = [];
    for (const due of ready) {
      const { push, local } = due;
      const mine = byLocal.get(push.localId);
      if (mine === undefined) {
        if (isToBeMade(due) && local.notMade !== null) notMade.push(local);
        else if (isToBeMade(due)) planned.push({ push, local, pair: null, send: newRecord(lane, local), isParked: false });
        continue;
      }
      const { pair, isParked } = mine;
      const cleared = isClosedToUs(lane, pair) ? {} : await clearedCommand(trx, lane, mine);
      planned.push({ push, local: withUnseen(lane, pair), pair, send: { ...mine.send, ...cleared }, isParked });
    }
    await tellNotMade(trx, lane, notMade);
    const isPlanned = new Set(planned.map(({ push }) => push.localId));
    await finishPushes(
      trx,
      connection,
      records.objectType,
      ready.flatMap(({ push }) => (isPlanned.has(push.localId) ? [] : [push])),
    );
    const isToWrite = ({ send }: Planned): boolean => Object.keys(send).length > 0;
    settled = planned.filter((record) => !isToWrite(record));
    writes = inParentOrder(lane.mapping, planned.filter(isToWrite));
    await remember(trx, writes, seenAt);
  });
  return { settled, writes, seenAt };
}

/** Values of ours that the CRM does not have and does not show the field of: it was taken away. Nothing was planned of them, and that is to be told. */
function withUnseen({ mapping, policies }: Lane, { row, local, base }: RowPair): LocalRecord {
  const unseen = mapping.fields.filter(({ ours, theirs, isOptional }) => {
    const isToBeThere = (policies[ours] === 'ours' || policies[ours] === 'newest') && isOptional !== true;
    const value = local.values[ours];
    return isToBeThere && row.fields[theirs] === undefined && value !== undefined && value !== (base?.[ours] ?? null);
  });
  if (unseen.length === 0) return local;
  const told = unseen.map(({ theirs }) => ({
    field: theirs,
    message: 'does not exist in the CRM, or the integration user may not see it',
  }));
  return { ...local, problems: [...local.problems, ...told] };
}

/** A command that was answered is cleared, with what stands beside it. */
async function clearedCommand(trx: Transaction, { connection, records }: Lane, { command }: MergedRow): Promise<CanonicalRecord> {
  if (command === null || records.command === null || !(await records.isAnswered(trx, connection, command))) return {};
  return { [records.command.field]: null, [records.command.comment]: null };
}

export function intentOf({ records }: Lane, { push, pair, send }: Omit<Planned, 'local' | 'isParked'>, seenAt: Instant): WriteIntent {
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
