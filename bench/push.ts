import { sql } from 'kysely';
import { queuePush } from '../store/push-queue.ts';
import { figure, type Benchmark, type Figure, type Scale } from './benchmark.ts';
import { timed } from './concurrency.ts';
import { makeRegistrations } from './copied-registration.ts';
import { NO_POLL_SECONDS, pullAll, pushAll, whilePaused } from './quiet-sync.ts';
import { withSystem, type RunningSystem } from './running-system.ts';

const SIZES: Readonly<Record<Scale, readonly number[]>> = { full: [1, 100, 1_000], small: [1, 3] };
/** Salesforce's limits: rows of a Collections call, and the rows that sync reads at once. */
const WRITE_BATCH = 200;
const READ_PAGE = 500;

export const push: Benchmark = {
  name: 'push',
  summary: 'changed registrations to the CRM: calls and rows per second',
  run: (scale) =>
    withSystem(NO_POLL_SECONDS, async (system) => {
      const sizes = SIZES[scale];
      const ids = await makeRegistrations(system, Math.max(...sizes));
      await pushAll(system, 'registration');
      await pullAll(system, 'registration');
      const figures: Figure[] = [];
      for (const size of sizes) {
        figures.push(...(await pushChanged(system, ids.slice(0, size))));
      }
      return figures;
    }),
};

/** Changes a field that either side may edit, which costs the most, on all of them at once. */
async function pushChanged(system: RunningSystem, ids: readonly string[]): Promise<readonly Figure[]> {
  const { db, desk } = system;
  await whilePaused(system, () =>
    db.transaction().execute(async (trx) => {
      await sql`
        update registration
           set value_amount = value_amount + 1, updated_at = now(),
               field_times = field_times || jsonb_build_object('estimatedValue', to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
         where id in (${sql.join(ids)})`.execute(trx);
      await queuePush(trx, [system.connection], 'registration', ids);
    }),
  );
  let pushMs = 0;
  const calls = await desk.callsDuring(async () => {
    pushMs = await timed(() => pushAll(system, 'registration'));
    // What was written is read back by the next capture: it belongs to the cost.
    await pullAll(system, 'registration');
  });
  const bareMs = await timed(() => writeBare(system, ids));
  const count = ids.length;
  const perSecond = (milliseconds: number): number => count / (milliseconds / 1000);
  const writeFloor = Math.ceil(count / WRITE_BATCH);
  const readFloor = 3 * Math.ceil(count / READ_PAGE);
  return [
    figure(`${count} changed: write calls`, 'calls', calls.writes, `one per ${WRITE_BATCH} rows`, writeFloor),
    figure(`${count} changed: read calls`, 'calls', calls.reads, `three per ${READ_PAGE} rows: capture, re-read, check`, readFloor),
    figure(`${count} changed: pushed`, 'per s', perSecond(pushMs), 'the same rows written by bare calls', perSecond(bareMs)),
  ];
}

/** The peer: a script that writes the same field of the same rows and knows nothing of the other side. It writes what is there. */
async function writeBare({ desk }: RunningSystem, ids: readonly string[]): Promise<void> {
  for (let first = 0; first < ids.length; first += WRITE_BATCH) {
    const rows = ids
      .slice(first, first + WRITE_BATCH)
      .map((id) => ({ Registration_Id__c: id, Description__c: 'Two sites, first phase in spring.' }));
    await desk.upsert('Deal_Registration__c', 'Registration_Id__c', rows);
  }
}
