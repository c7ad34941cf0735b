import { removeBulkJob, type BulkJob } from '../../../store/bulk-job.ts';
import { forgetBulkWrites, readRemainingWrites } from '../../../store/bulk-write.ts';
import { leaveToSingleCalls } from '../../../store/push-queue.ts';
import { forgetIntents } from '../../../store/write-intent.ts';
import type { Lane } from '../lane.ts';

const ROWS_AT_A_TIME = 1_000;

/**
 * Ends a job and leaves what is in it to single calls, which plan it anew. `unknown`: the CRM may have carried it out; that its values are ours, and what lies beneath
 * them, is still looked up then.
 */
export async function releaseJob({ deps, connection, records }: Lane, job: BulkJob, fate: 'unknown' | 'not written'): Promise<void> {
  for (;;) {
    const left = await readRemainingWrites(deps.db, job.id, ROWS_AT_A_TIME);
    if (left.length === 0) break;
    const localIds = left.map(({ localId }) => localId);
    await deps.db.transaction().execute(async (trx) => {
      if (fate === 'not written') await forgetIntents(trx, connection, records.objectType, localIds);
      await leaveToSingleCalls(trx, connection, records.objectType, localIds);
      await forgetBulkWrites(
        trx,
        job.id,
        left.map(({ key }) => key),
      );
    });
  }
  await removeBulkJob(deps.db, job.id);
}
