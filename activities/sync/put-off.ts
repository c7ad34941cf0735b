import { finishPushes, postponePush, queuePush, type PendingPush } from '../../store/push-queue.ts';
import type { Transaction } from '../../store/database.ts';
import { raiseLaneIssue, setAside, type Lane } from './lane.ts';
import type { LocalRecord } from './two-way-record.ts';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15 * 60_000;
/** So many tries in vain, about half a minute, are told as an issue. */
export const TOLD_AFTER_ATTEMPTS = 5;

/** Tries the record again after a pause that doubles each time. */
export async function putOffPush(trx: Transaction, { connection, records }: Lane, push: PendingPush): Promise<void> {
  const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(push.attempts, 20));
  await postponePush(trx, connection, records.objectType, push, pauseMs);
}

/** Records of ours that cannot be read, such as for a defect in what was stored: they are told and tried again, and the others go on. */
export async function putOff(lane: Lane, due: readonly PendingPush[], reasons: ReadonlyMap<string, string>): Promise<void> {
  if (reasons.size === 0) return;
  await lane.deps.db.transaction().execute(async (trx) => {
    for (const push of due) {
      const reason = reasons.get(push.localId);
      if (reason === undefined) continue;
      await setAside(trx, lane, { localId: push.localId, remoteId: null }, reason);
      await putOffPush(trx, lane, push);
    }
  });
}

/** A child waits for its parent's link: the parent is brought forward, and the child tried again soon. A record that is gone here is taken off. */
export async function putOffWaiting(lane: Lane, waiting: readonly PendingPush[], locals: ReadonlyMap<string, LocalRecord>): Promise<void> {
  if (waiting.length === 0) return;
  const { deps, connection, records } = lane;
  await deps.db.transaction().execute(async (trx) => {
    const parents = new Map<string, NonNullable<LocalRecord['waitsFor']>>();
    for (const push of waiting) {
      const parent = locals.get(push.localId)?.waitsFor;
      if (parent === undefined || parent === null) {
        await finishPushes(trx, connection, records.objectType, [push]);
        continue;
      }
      parents.set(parent.localId, parent);
      await putOffPush(trx, lane, push);
      if (push.attempts < TOLD_AFTER_ATTEMPTS) continue;
      await raiseLaneIssue(trx, lane, {
        localId: push.localId,
        remoteId: null,
        category: 'association',
        code: 'PARENT_NOT_LINKED',
        message: `The ${parent.objectType} ${parent.localId}, to which the record belongs, is not in the CRM yet.`,
        remedy: `Look for the issue of the ${parent.objectType}; this record follows by itself.`,
      });
    }
    // In one order everywhere, so that two workers do not wait for each other.
    for (const [localId, { objectType }] of [...parents].toSorted(([one], [other]) => (one < other ? -1 : 1)))
      await queuePush(trx, [connection], objectType, [localId]);
  });
}
