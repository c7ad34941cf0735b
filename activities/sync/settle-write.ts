import { attempt } from '../../store/sync-attempt.ts';
import { markLookedUp, readUnsettledWrites } from '../../store/write-intent.ts';
import { findCoveredEdits } from './covered-edit.ts';
import { setAside, type Lane } from './lane.ts';
import { takeCovered } from './take-covered.ts';

/**
 * Looks after writes whose outcome nobody kept, because the worker died or the answer was lost: what they covered is taken over before anything is planned anew.
 * That they are ours is still known when their values are met; only what lies beneath them is found here, once.
 */
export async function settleWrites(lane: Lane, limit: number): Promise<void> {
  const { deps, connection, records } = lane;
  const unsettled = await readUnsettledWrites(deps.db, connection, records.objectType, limit);
  if (unsettled.length === 0) return;
  const covered = await findCoveredEdits(lane, unsettled);
  await deps.db.transaction().execute(async (trx) => {
    await records.lock(trx, [...covered.keys()]);
    for (const write of unsettled) {
      const edit = covered.get(write.localId);
      if (edit === undefined) continue;
      const taken = await attempt(trx, () => takeCovered(trx, lane, write, write.sent, edit));
      if (taken.kind === 'failed') await setAside(trx, lane, write, taken.reason);
    }
    await markLookedUp(
      trx,
      connection,
      records.objectType,
      unsettled.map(({ localId }) => localId),
    );
  });
}
