import { CrmFailure } from '../../../crm/failures.ts';
import type { BulkOutcome, BulkPort, WriteOutcome } from '../../../crm/port.ts';
import type { BulkJob } from '../../../store/bulk-job.ts';
import { forgetBulkWrites, readBulkWrites, type BulkWrite } from '../../../store/bulk-write.ts';
import { leaveToSingleCalls } from '../../../store/push-queue.ts';
import { forgetIntents, type UnsettledWrite } from '../../../store/write-intent.ts';
import { findCoveredEdits } from '../covered-edit.ts';
import type { Lane } from '../lane.ts';
import { readLocals } from '../local-record.ts';
import { keepOutcomes, type PushedRecord } from '../push-outcome.ts';
import { OF_A_FIELD } from '../write-rows.ts';
import { targetOf, writeOfRecord } from './bulk-record.ts';
import { NOTHING_CARRIED, sumOf, type Carried } from './carried.ts';

const ROWS_AT_A_TIME = 500;
/** As of a step that fills a job. What is kept is not looked at again by the next one. */
const STEP_MS = 30_000;

/**
 * Keeps the outcomes of a job as those of single calls are kept, some rows at a time; each is taken out of the job in the transaction that keeps it. `isWhole`: none is left.
 *
 * A row that is refused for what may be a single field goes once more by single calls, which find the field and write the rest.
 */
export async function keepResults(
  lane: Lane,
  bulk: BulkPort,
  job: BulkJob,
  processed: number,
): Promise<{ readonly isWhole: boolean; readonly carried: Carried }> {
  const until = performance.now() + STEP_MS;
  let carried = NOTHING_CARRIED;
  let count = 0;
  let some: BulkOutcome[] = [];
  const keep = async (): Promise<void> => {
    carried = sumOf(carried, await keepSome(lane, job, some));
    some = [];
  };
  for await (const outcome of bulk.outcomes(job.remoteId ?? '', targetOf(lane, job))) {
    count += 1;
    if (some.push(outcome) < ROWS_AT_A_TIME) continue;
    await keep();
    if (performance.now() >= until) return { isWhole: false, carried };
  }
  await keep();
  // Rows without an outcome count as not written, so none may be missing.
  if (count < processed) throw new CrmFailure('CRM_UNAVAILABLE', `${count} results of a bulk job that processed ${processed} rows`);
  return { isWhole: true, carried };
}

async function keepSome(lane: Lane, job: BulkJob, outcomes: readonly BulkOutcome[]): Promise<Carried> {
  const { deps, connection, records } = lane;
  const writes = await readBulkWrites(
    deps.db,
    job.id,
    outcomes.map(({ key }) => key),
  );
  if (writes.length === 0) return NOTHING_CARRIED;
  const byKey = new Map(outcomes.map(({ key, outcome }) => [key, outcome]));
  const { locals } = await readLocals(
    lane,
    deps.db,
    writes.map(({ localId }) => localId),
  );
  const done: PushedRecord[] = [];
  const again: BulkWrite[] = [];
  for (const write of writes) {
    const outcome = byKey.get(write.key);
    const local = locals.get(write.localId);
    if (outcome === undefined || local === undefined || isOfAField(outcome)) again.push(write);
    else {
      const { sent, left } = write.record;
      done.push({
        push: write,
        local: { ...local, problems: [...local.problems, ...left] },
        pair: null,
        send: sent,
        isParked: false,
        outcome,
      });
    }
  }
  const written = new Set(done.filter(({ outcome }) => outcome?.kind === 'written').map(({ push }) => push.localId));
  const covered = await findCoveredEdits(lane, writes.filter(({ localId }) => written.has(localId)).flatMap(unsettledOf));
  await keepOutcomes(lane, done, covered, async (trx) => {
    const localIds = again.map(({ localId }) => localId);
    await forgetIntents(trx, connection, records.objectType, localIds);
    await leaveToSingleCalls(trx, connection, records.objectType, localIds);
    await forgetBulkWrites(
      trx,
      job.id,
      writes.map(({ key }) => key),
    );
  });
  const refused = done.length - written.size;
  return { written: written.size, unchanged: 0, refused, postponed: again.length };
}

function isOfAField(outcome: WriteOutcome): boolean {
  return outcome.kind === 'refused' && OF_A_FIELD.has(outcome.code);
}

function unsettledOf({ localId, record }: BulkWrite): readonly UnsettledWrite[] {
  const { target } = writeOfRecord(record);
  const { sent, seen, seenAt } = record;
  return seen === null || target.kind !== 'id' ? [] : [{ localId, remoteId: target.id, sent, seen, seenAt }];
}
