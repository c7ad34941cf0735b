import type { BulkPort } from '../../../crm/port.ts';
import type { Instant } from '../../../program/vocabulary.ts';
import { changeBulkJob, type BulkJob } from '../../../store/bulk-job.ts';
import { saveBulkWrites } from '../../../store/bulk-write.ts';
import type { Transaction } from '../../../store/database.ts';
import { leaveToSingleCalls, readFreshPushes } from '../../../store/push-queue.ts';
import { saveIntents } from '../../../store/write-intent.ts';
import type { Lane } from '../lane.ts';
import { parentKey } from '../parent-order.ts';
import { intentOf, planPushes } from '../plan-push.ts';
import { keepOutcomes } from '../push-outcome.ts';
import { prepareAll, type Planned, type Prepared } from '../write-rows.ts';
import { keyOf, recordOf, targetOf } from './bulk-record.ts';
import { NOTHING_CARRIED, type Carried } from './carried.ts';
import { releaseJob } from './release-job.ts';

/** As many as one call reads. */
const ROWS_AT_A_TIME = 500;
/** A step ends soon after this, so that it is over long before the server gives it up. */
const STEP_MS = 15_000;
/** Beyond it another job begins: what is in one has to be sent within one call, and its outcomes kept. */
const MOST_ROWS = 200_000;
const MOST_BYTES = 60_000_000;

/**
 * Plans records into a job, in the order of their ids. What is planned is remembered in the job and in the queue in one transaction with how far it came.
 *
 * Records that are found otherwise than this job finds them, or have a value that a job cannot carry, are left to single calls. When few are left in the end,
 * because the CRM had the values already, single calls are cheaper for them too.
 */
export async function fillJob(lane: Lane, bulk: BulkPort, started: BulkJob): Promise<Carried> {
  const { deps, connection, port, mapping, records } = lane;
  const work = started.work === 'update' ? 'update' : 'upsert';
  // What an administrator changed is seen at the latest when a job begins.
  const definition = await port.describe(mapping.object, started.position === null ? 'now' : 'last seen');
  const fits = await bulk.whatFits(mapping.object);
  const target = targetOf(lane, started);
  const isCarried = ({ write }: Prepared): boolean => write.target.kind === target.kind && fits(write);
  const until = performance.now() + STEP_MS;
  let job = started;
  let unchanged = 0;
  let postponed = 0;
  do {
    const due = await readFreshPushes(deps.db, connection, records.objectType, work, job.position, ROWS_AT_A_TIME);
    const last = due.at(-1);
    if (last === undefined || job.rowCount >= MOST_ROWS || job.byteCount >= MOST_BYTES) {
      await endFilling(lane, job);
      break;
    }
    let left: readonly Planned[] = [];
    const remember = async (trx: Transaction, writes: readonly Planned[], seenAt: Instant): Promise<void> => {
      const prepared = prepareAll(lane, writes, definition);
      const sent = prepared.filter(({ record }) => Object.keys(record.send).length > 0);
      left = prepared.filter((each) => !sent.includes(each)).map(({ record }) => record);
      job = await keepPlan(trx, lane, job, last.localId, sent.filter(isCarried), seenAt);
      const others = sent.filter((each) => !isCarried(each)).map(({ record }) => record.push.localId);
      await leaveToSingleCalls(trx, connection, records.objectType, others);
    };
    const plan = await planPushes(lane, due, remember);
    const settled = [...plan.settled, ...left].map((record) => ({ ...record, outcome: null }));
    await keepOutcomes(lane, settled, new Map());
    unchanged += settled.length;
    postponed += plan.postponed;
  } while (performance.now() < until);
  return { ...NOTHING_CARRIED, unchanged, postponed };
}

async function keepPlan(
  trx: Transaction,
  lane: Lane,
  job: BulkJob,
  position: string,
  writes: readonly Prepared[],
  seenAt: Instant,
): Promise<BulkJob> {
  const { connection, mapping, records } = lane;
  await saveIntents(
    trx,
    connection,
    records.objectType,
    writes.map(({ record }) => intentOf(lane, record, seenAt)),
  );
  const kept = writes.map((each) => {
    const { push, local } = each.record;
    const record = recordOf(lane, each, seenAt);
    return { ...push, key: keyOf(each.write), parent: parentKey(mapping, local), record };
  });
  await saveBulkWrites(trx, job, kept);
  const bytes = kept.reduce((sum, { record }) => sum + Buffer.byteLength(JSON.stringify(record.write)), 0);
  const change = { position, rowCount: job.rowCount + kept.length, byteCount: job.byteCount + bytes };
  await changeBulkJob(trx, job.id, change);
  return { ...job, ...change };
}

async function endFilling(lane: Lane, job: BulkJob): Promise<void> {
  if (job.rowCount < lane.bulkFrom / 2) return releaseJob(lane, job, 'not written');
  await changeBulkJob(lane.deps.db, job.id, { phase: 'filled' });
}
