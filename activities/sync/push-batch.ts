import { CrmFailure } from '../../crm/failures.ts';
import type { RemoteRow, WriteOutcome } from '../../crm/port.ts';
import { remoteFieldsOf } from '../../mappings/field-mapping.ts';
import type { CanonicalRecord } from '../../program/merge-plan.ts';
import { isBroken, readLinksByLocal } from '../../store/link.ts';
import { countDuePushes, finishPushes, readDuePushes, saveSentValues, type PendingPush } from '../../store/push-queue.ts';
import type { PushResult } from '../contract.ts';
import { adoptRows } from './adopt-row.ts';
import { findCoveredEdits } from './covered-edit.ts';
import type { Lane } from './lane.ts';
import { readLocals } from './local-record.ts';
import { mergeRows } from './merge-row.ts';
import { keepOutcomes, type PushedRecord } from './push-outcome.ts';
import { putOff, putOffWaiting } from './put-off.ts';
import { newRecord, writeOf } from './record-write.ts';
import type { LocalRecord } from './two-way-record.ts';

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
export async function pushTwoWayBatch(lane: Lane): Promise<PushResult> {
  const { deps, connection, port, records } = lane;
  const due = await readDuePushes(deps.db, connection, records.objectType, WRITES_PER_BATCH * port.writeBatchSize);
  const { locals, unreadable } = await readLocals(
    lane,
    deps.db,
    due.map((push) => push.localId),
  );
  await putOff(lane, due, unreadable);
  const waiting = due.filter((push) => !unreadable.has(push.localId) && locals.get(push.localId)?.waitsFor !== null);
  await putOffWaiting(lane, waiting, locals);

  const ready = due.flatMap((push): readonly Due[] => {
    const local = locals.get(push.localId);
    return local === undefined || local.waitsFor !== null ? [] : [{ push, local }];
  });
  const readAtMs = Date.now() + port.clockOffsetMs();
  const planned = await planWrites(lane, ready);
  const writes = planned.filter(({ send }) => Object.keys(send).length > 0);
  const { outcomes, failure } = await writeAll(lane, writes);
  const done = planned.flatMap((record): readonly PushedRecord[] => {
    if (!writes.includes(record)) return [{ ...record, outcome: null }];
    const outcome = outcomes.get(record.push.localId);
    return outcome === undefined ? [] : [{ ...record, outcome }];
  });
  const written = done.filter(({ outcome }) => outcome?.kind === 'written');
  const covered = await findCoveredEdits(
    lane,
    written.flatMap(({ pair, send }) => (pair === null ? [] : [{ pair, send }])),
    readAtMs,
  );
  await keepOutcomes(lane, done, covered);
  if (failure !== null) throw failure;
  return {
    written: written.length,
    unchanged: done.filter(({ outcome }) => outcome === null).length,
    refused: done.filter(({ outcome }) => outcome?.kind === 'refused').length,
    postponed: waiting.length + unreadable.size,
    dueNow: await countDuePushes(deps.db, connection, records.objectType),
  };
}

/** A record with what is to be written of it. */
type Planned = Omit<PushedRecord, 'outcome'>;

/** Merges what is there now with ours and says what is left to write, which is remembered in the same transaction. */
async function planWrites(lane: Lane, ready: readonly Due[]): Promise<readonly Planned[]> {
  const { connection, records } = lane;
  const rows = await readOtherSide(lane, ready);
  const planned: Planned[] = [];
  await mergeRows(lane, [...rows.values()], async (trx, merged) => {
    planned.length = 0;
    const byLocal = new Map(merged.map((row) => [row.pair.local.localId, row]));
    const links = await readLinksByLocal(
      trx,
      connection,
      records.objectType,
      ready.map(({ push }) => push.localId),
    );
    for (const { push, local } of ready) {
      const row = rows.get(push.localId);
      const mine = byLocal.get(push.localId);
      const link = links.get(push.localId);
      if (mine !== undefined) {
        const answered = mine.command !== null && (await records.isAnswered(trx, connection, mine.command));
        const cleared = answered && records.command !== null ? { [records.command.field]: null, [records.command.comment]: null } : {};
        planned.push({ push, local: mine.pair.local, pair: mine.pair, send: { ...mine.send, ...cleared }, isParked: mine.isParked });
      } else if (row !== undefined && !row.deleted) {
        // It could not be merged and was set aside with an issue, which is tried again by itself.
        await finishPushes(trx, connection, records.objectType, [push]);
      } else if (link === undefined || (isBroken(link) ? local.isRestored : row === undefined)) {
        planned.push({ push, local, pair: null, send: newRecord(lane, local), isParked: false });
      } else {
        // Deleted, and the pull has not heard of it yet or the record is not wanted any more: what follows is decided there.
        await finishPushes(trx, connection, records.objectType, [push]);
      }
    }
    const sent = planned.flatMap(({ push, send }): readonly (readonly [string, CanonicalRecord])[] =>
      Object.keys(send).length === 0 ? [] : [[push.localId, send]],
    );
    await saveSentValues(trx, connection, records.objectType, new Map(sent));
  });
  return planned;
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

/** The outcomes by our ids. A call that fails ends the batch: what was written before it has an outcome, the rest has none. */
async function writeAll(
  lane: Lane,
  writes: readonly Planned[],
): Promise<{ readonly outcomes: ReadonlyMap<string, WriteOutcome>; readonly failure: CrmFailure | null }> {
  const { port, mapping } = lane;
  const outcomes = new Map<string, WriteOutcome>();
  for (let first = 0; first < writes.length; first += port.writeBatchSize) {
    const some = writes.slice(first, first + port.writeBatchSize);
    try {
      const answers = await port.write(
        mapping.object,
        some.map(({ local, pair, send }) => writeOf(lane, local, pair?.row ?? null, send)),
      );
      for (const [index, { push }] of some.entries()) {
        const answer = answers[index];
        if (answer !== undefined) outcomes.set(push.localId, answer);
      }
    } catch (error) {
      if (!(error instanceof CrmFailure)) throw error;
      return { outcomes, failure: error };
    }
  }
  return { outcomes, failure: null };
}
