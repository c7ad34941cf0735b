import { CrmFailure } from '../../../crm/failures.ts';
import type { BulkPort } from '../../../crm/port.ts';
import { addBulkJob, changeBulkJob, findDueWriteJob, type BulkJob } from '../../../store/bulk-job.ts';
import { streamBulkWrites } from '../../../store/bulk-write.ts';
import { countFreshPushes, type PushKind } from '../../../store/push-queue.ts';
import { resolveLaneIssues } from '../../../store/sync-issue.ts';
import type { SyncTurn } from '../../../store/sync-turn.ts';
import { raiseLaneIssue, type Lane } from '../lane.ts';
import { targetOf, writeOfRecord } from './bulk-record.ts';
import { NOTHING_CARRIED, type Carried } from './carried.ts';
import { fillJob } from './fill-job.ts';
import { keepResults } from './keep-results.ts';
import { releaseJob } from './release-job.ts';

/** A job of the CRM did not end well, or does not end; its records go row by row, or are still waited for. */
export const BULK_JOB_FAILED = 'BULK_JOB_FAILED';
export const BULK_JOB_STALLED = 'BULK_JOB_STALLED';

/** A job may wait for others in the org; from here on a person is told. */
const STALLED_AFTER_MS = 30 * 60_000;
/** The CRM is asked so soon whether a job is done, then after twice as long each time, up to the longest pause. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Takes the next step of a job that writes many records, or begins one where so many of a kind wait that it is worth one; null where single calls are.
 *
 * A job is planned as a batch is: what others changed meanwhile is read and merged, and only what differs is written. Its records are its own until their outcome is kept,
 * so nothing else is sent of them; everything else goes on. Each step is stored before the next begins, so that any process goes on where another one ended, and
 * the same rows are never in two jobs.
 */
export async function goOnWithBulk(lane: Lane, turn: SyncTurn): Promise<Carried | null> {
  const { deps, connection, port, records } = lane;
  if (port.bulk === undefined || records.objectType === 'opportunity') return null;
  const job = await findDueWriteJob(deps.db, connection, records.objectType);
  if (job !== null) return takeStep(lane, port.bulk, turn, job);
  const fresh = await countFreshPushes(deps.db, connection, records.objectType);
  const work = (['upsert', 'update'] as const).find((kind: PushKind) => fresh[kind] >= lane.bulkFrom);
  if (work === undefined) return null;
  await addBulkJob(deps.db, { id: deps.newId(), connection, objectType: records.objectType, work, phase: 'filling' });
  const begun = await findDueWriteJob(deps.db, connection, records.objectType);
  return begun === null ? NOTHING_CARRIED : takeStep(lane, port.bulk, turn, begun);
}

function takeStep(lane: Lane, bulk: BulkPort, turn: SyncTurn, job: BulkJob): Promise<Carried> {
  switch (job.phase) {
    case 'filling':
      return fillJob(lane, bulk, job);
    case 'filled':
      return send(lane, bulk, turn, job);
    case 'open':
      return sendAnew(lane, bulk, turn, job);
    case 'uploaded':
      return close(lane, bulk, turn, job, job.remoteId ?? '');
    case 'closed':
      return ask(lane, bulk, job);
    case 'ended':
      return finish(lane, bulk, job);
    case 'asking':
    case 'reading':
    case 'refused':
      throw new Error(`bulk job ${job.id} writes, and is in the phase ${job.phase}`);
  }
}

async function send(lane: Lane, bulk: BulkPort, turn: SyncTurn, job: BulkJob): Promise<Carried> {
  const { deps, mapping } = lane;
  await turn.confirm();
  let remoteId: string;
  try {
    remoteId = await bulk.openWrite(mapping.object, targetOf(lane, job));
  } catch (error) {
    if (!(error instanceof CrmFailure) || !REFUSED.has(error.code)) throw error;
    await giveUp(lane, job, `No job could be made: ${error.message}`);
    return NOTHING_CARRIED;
  }
  await changeBulkJob(deps.db, job.id, { phase: 'open', remoteId });
  deps.log.info({ connection: lane.connection, objectType: job.objectType, job: remoteId, rows: job.rowCount }, 'a bulk job was made');
  await bulk.upload(mapping.object, remoteId, () => writesOf(lane, job));
  await changeBulkJob(deps.db, job.id, { phase: 'uploaded' });
  return close(lane, bulk, turn, job, remoteId);
}

/** The CRM has no jobs for this object, or not for this user. */
const REFUSED: ReadonlySet<string> = new Set([
  'CRM_REQUEST_INVALID',
  'CRM_FIELD_UNKNOWN',
  'CRM_PERMISSION_DENIED',
  'CRM_CREATE_DENIED',
  'CRM_VALUE_INVALID',
]);

async function* writesOf({ deps }: Lane, job: BulkJob) {
  for await (const { record } of streamBulkWrites(deps.db, job.id)) yield writeOfRecord(record);
}

/** The upload of somebody before us ended before its end, or nobody knows how: that job was never closed, so nothing of it is written, and it is given up. */
async function sendAnew(lane: Lane, bulk: BulkPort, turn: SyncTurn, job: BulkJob): Promise<Carried> {
  await turn.confirm();
  if (job.remoteId !== null) await bulk.abort(job.remoteId);
  await changeBulkJob(lane.deps.db, job.id, { phase: 'filled', remoteId: null });
  return send(lane, bulk, turn, { ...job, phase: 'filled', remoteId: null });
}

/** Whether an earlier try was heard is not known: a job that is not open any more was closed by it, or has ended otherwise. */
async function close(lane: Lane, bulk: BulkPort, turn: SyncTurn, job: BulkJob, remoteId: string): Promise<Carried> {
  await turn.confirm();
  const { state } = job.phase === 'uploaded' ? await bulk.writeStatus(remoteId) : { state: 'open' };
  if (state === 'open') await bulk.close(remoteId);
  await changeBulkJob(lane.deps.db, job.id, { phase: 'closed', closedAt: lane.deps.now(), polls: 0, pauseMs: FIRST_PAUSE_MS });
  return NOTHING_CARRIED;
}

async function ask(lane: Lane, bulk: BulkPort, job: BulkJob): Promise<Carried> {
  const { deps, connection, records } = lane;
  const { state } = await bulk.writeStatus(job.remoteId ?? '');
  if (state !== 'working' && state !== 'open') {
    await changeBulkJob(deps.db, job.id, { phase: 'ended', pauseMs: 0 });
    return finish(lane, bulk, { ...job, phase: 'ended' });
  }
  // Nobody but us closes it: the answer that it was closed was wrong, or an answer of another time.
  if (state === 'open') await bulk.close(job.remoteId ?? '');
  const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(job.polls, 20));
  await changeBulkJob(deps.db, job.id, { polls: job.polls + 1, pauseMs });
  const waitedMs = Date.parse(deps.now()) - Date.parse(job.closedAt ?? job.begunAt);
  if (waitedMs >= STALLED_AFTER_MS) {
    const minutes = Math.floor(waitedMs / 60_000);
    await deps.db.transaction().execute((trx) =>
      raiseLaneIssue(trx, lane, {
        localId: null,
        remoteId: null,
        category: 'unavailable',
        code: BULK_JOB_STALLED,
        message: `The CRM has been working on job ${job.remoteId ?? ''} with ${job.rowCount} ${records.objectType}s of ${connection} for ${minutes} minutes.`,
        remedy: 'Look at it in Setup, Bulk Data Load Jobs. When it is aborted there, its records are written row by row.',
      }),
    );
  }
  return NOTHING_CARRIED;
}

/** Keeps what came of the job; what has no outcome was not written, and goes row by row. A job that the CRM does not know any more may have been carried out all the same. */
async function finish(lane: Lane, bulk: BulkPort, job: BulkJob): Promise<Carried> {
  const status = await bulk.writeStatus(job.remoteId ?? '');
  const { isWhole, carried } =
    status.state === 'gone' ? { isWhole: true, carried: NOTHING_CARRIED } : await keepResults(lane, bulk, job, status.processed);
  if (!isWhole) return carried;
  if (status.state === 'complete') {
    await releaseJob(lane, job, 'not written');
    await tellMended(lane);
  } else {
    const words = status.message === null ? '' : `: ${status.message}`;
    const fate =
      status.state === 'gone' ? 'is not known to the CRM any more' : `was ${status.state === 'failed' ? 'given up by the CRM' : 'aborted'}`;
    await giveUp(lane, job, `Job ${job.remoteId ?? ''} ${fate}${words}`, status.state === 'gone' ? 'unknown' : 'not written');
  }
  return carried;
}

async function giveUp(lane: Lane, job: BulkJob, message: string, fate: 'unknown' | 'not written' = 'not written'): Promise<void> {
  const { deps, connection } = lane;
  deps.log.warn({ connection, objectType: job.objectType, job: job.remoteId }, 'a bulk job was given up; its records go row by row');
  await deps.db.transaction().execute((trx) =>
    raiseLaneIssue(trx, lane, {
      localId: null,
      remoteId: null,
      category: 'unavailable',
      code: BULK_JOB_FAILED,
      message: `${message}. Its records are written row by row.`,
      remedy: 'Mend what the CRM says of the job, if anything; the issue is closed by the next job that ends well.',
    }),
  );
  await releaseJob(lane, job, fate);
}

async function tellMended({ deps, connection, records }: Lane): Promise<void> {
  await deps.db.transaction().execute(async (trx) => {
    for (const code of [BULK_JOB_FAILED, BULK_JOB_STALLED]) await resolveLaneIssues(trx, connection, records.objectType, code, deps.now());
  });
}
