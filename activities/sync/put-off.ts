import { finishPushes, postponePushes, queuePush, type PendingPush } from '../../store/push-queue.ts';
import type { Transaction } from '../../store/database.ts';
import { raiseLaneIssue, setAside, type Lane } from './lane.ts';
import type { LocalRecord } from './two-way-record.ts';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15 * 60_000;
/** So many tries in vain, about half a minute, are told as an issue. */
export const TOLD_AFTER_ATTEMPTS = 5;

/** Tries the records again after a pause that doubles each time. */
export async function putOffPushes(trx: Transaction, { connection, records }: Lane, pushes: readonly PendingPush[]): Promise<void> {
  const postponed = pushes.map((push) => ({
    push,
    pauseMs: Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(push.attempts, 20)),
  }));
  await postponePushes(trx, connection, records.objectType, postponed);
}

/** Records of ours that cannot be read, such as for a defect in what was stored: they are told and tried again, and the others go on. */
export async function putOffUnreadable(lane: Lane, due: readonly PendingPush[], reasons: ReadonlyMap<string, string>): Promise<void> {
  if (reasons.size === 0) return;
  await lane.deps.db.transaction().execute(async (trx) => {
    for (const [localId, reason] of reasons) await setAside(trx, lane, { localId, remoteId: null }, reason);
    await putOffPushes(
      trx,
      lane,
      due.filter(({ localId }) => reasons.has(localId)),
    );
  });
}

/** A child waits for its parent's link: the parent is brought forward, and the child tried again soon. A record that is gone here is taken off. */
export async function putOffWaiting(
  lane: Lane,
  waiting: readonly PendingPush[],
  locals: ReadonlyMap<string, Pick<LocalRecord, 'waitsFor'>>,
): Promise<void> {
  if (waiting.length === 0) return;
  const { deps, connection, records } = lane;
  const children = waiting.flatMap((push) => {
    const parent = locals.get(push.localId)?.waitsFor ?? null;
    return parent === null ? [] : [{ push, parent }];
  });
  const parents = new Map(children.map(({ parent }) => [parent.localId, parent]));
  const parentTypes = new Set([...parents.values()].map(({ objectType }) => objectType));
  await deps.db.transaction().execute(async (trx) => {
    await finishPushes(
      trx,
      connection,
      records.objectType,
      waiting.filter(({ localId }) => !children.some(({ push }) => push.localId === localId)),
    );
    await putOffPushes(
      trx,
      lane,
      children.map(({ push }) => push),
    );
    for (const { push, parent } of children) {
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
    for (const objectType of parentTypes) {
      const ids = [...parents.values()].filter((parent) => parent.objectType === objectType).map(({ localId }) => localId);
      // In one order everywhere, so that two workers do not wait for each other.
      await queuePush(trx, [connection], objectType, ids.toSorted());
    }
  });
}
