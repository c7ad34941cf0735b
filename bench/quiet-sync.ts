import { sql } from 'kysely';
import type { ObjectType } from '../program/vocabulary.ts';
import { setConnectionState } from '../store/connection.ts';
import { PUSH_CHANNEL } from '../store/outbox.ts';
import { countPushes } from '../store/push-queue.ts';
import { readCursor } from '../store/sync-cursor.ts';
import { until } from './concurrency.ts';
import type { RunningSystem } from './running-system.ts';

/** Longer than any benchmark: sync then moves only when it is told that something changed. */
export const NO_POLL_SECONDS = 86_400;
const WITHIN_MS = 45_000;
const ASK_EVERY_MS = 10;

/** Tells sync that something changed; it begins within a second. */
export async function nudge({ db, connection }: RunningSystem, objectType: ObjectType): Promise<void> {
  await sql`select pg_notify(${PUSH_CHANNEL}, ${`${connection}/${objectType}`})`.execute(db);
}

/** Lets `change` happen while sync is paused, so that all of it is there at once when it goes on; it is not told to go on yet. */
export async function whilePaused({ db, connection }: RunningSystem, change: () => Promise<void>): Promise<void> {
  await setConnectionState(db, connection, 'paused', 'a benchmark prepares changes', new Date().toISOString());
  await change();
  await setConnectionState(db, connection, 'running', null, new Date().toISOString());
}

/** Tells sync to go on and waits until it has pulled everything of `objectType` once. */
export async function pullAll(system: RunningSystem, objectType: ObjectType, withinMs = WITHIN_MS): Promise<void> {
  const { pulledAt: before } = await readCursor(system.db, system.connection, objectType);
  await nudge(system, objectType);
  const isPulled = async (): Promise<boolean> => (await readCursor(system.db, system.connection, objectType)).pulledAt !== before;
  await until(`${objectType} pulled`, isPulled, ASK_EVERY_MS, withinMs);
}

/** Tells sync to go on and waits until nothing of `objectType` waits to be written. What was put off is asked for again every second. */
export async function pushAll(system: RunningSystem, objectType: ObjectType): Promise<void> {
  let nudgedAt = Number.NEGATIVE_INFINITY;
  const isPushed = async (): Promise<boolean> => {
    if ((await countPushes(system.db, system.connection, objectType)) === 0) return true;
    if (performance.now() - nudgedAt >= 1_000) {
      nudgedAt = performance.now();
      await nudge(system, objectType);
    }
    return false;
  };
  await until(`${objectType} pushed`, isPushed, ASK_EVERY_MS, WITHIN_MS);
}
