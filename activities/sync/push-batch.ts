import { readDuePushes, readPushBacklog } from '../../store/push-queue.ts';
import type { SyncTurn } from '../../store/sync-turn.ts';
import type { UnsettledWrite } from '../../store/write-intent.ts';
import type { PushResult } from '../contract.ts';
import { goOnWithBulk } from './bulk/push-job.ts';
import { findCoveredEdits } from './covered-edit.ts';
import type { Lane } from './lane.ts';
import { intentOf, planPushes, rememberIntents } from './plan-push.ts';
import { keepOutcomes } from './push-outcome.ts';
import { settleWrites } from './settle-write.ts';
import { writeRows } from './write-rows.ts';

/** So many write calls share one look at the other side before them and one check after them. */
const WRITES_PER_BATCH = 3;

/**
 * Writes the next batch of changed records: their rows are read again and merged, what still differs is written, and the history is checked for edits that were
 * made in between. Where very many wait, a job of the CRM takes them.
 *
 * Only changed fields are written, and a refused row never holds back the others. What is about to be written is remembered first, so a crash or a lost answer at
 * any point is recognised when the batch is repeated. A write call that fails as a whole throws, after what the calls before it brought was kept.
 */
export async function pushTwoWayBatch(lane: Lane, turn: SyncTurn): Promise<PushResult> {
  const { deps, connection, port, records } = lane;
  const batchRows = WRITES_PER_BATCH * port.writeBatchSize;
  await settleWrites(lane, batchRows);
  const inBulk = await goOnWithBulk(lane, turn);
  if (inBulk !== null) return { ...inBulk, ...(await readPushBacklog(deps.db, connection, records.objectType)) };
  const which = lane.mapping.notes === undefined ? 'all' : 'without notes';
  const due = await readDuePushes(deps.db, connection, records.objectType, batchRows, which);
  const { settled, writes, seenAt, postponed } = await planPushes(lane, due, rememberIntents(lane));
  const { done: sent, failure } = await writeRows(lane, turn, writes);
  const done = [...settled.map((record) => ({ ...record, outcome: null })), ...sent];
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
    postponed,
    ...(await readPushBacklog(deps.db, connection, records.objectType)),
  };
}
