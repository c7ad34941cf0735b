import { sql } from 'kysely';
import { queuePush } from '../store/push-queue.ts';
import { figure, type Benchmark, type Figure, type Scale } from './benchmark.ts';
import { timed, until } from './concurrency.ts';
import { makeRegistrations } from './copied-registration.ts';
import { watchMemory } from './memory.ts';
import { CONNECTION, NO_POLL_SECONDS, nudge, pullAll, whilePaused } from './quiet-sync.ts';
import type { CallCount } from './rep-desk.ts';
import { withSystem, type RunningSystem } from './running-system.ts';

/** `changed`: that many records changed at once, with their calls. `most`: that many, with the time. */
const SIZES: Readonly<Record<Scale, { readonly changed: readonly number[]; readonly most: number }>> = {
  full: { changed: [1, 100, 10_000], most: 100_000 },
  small: { changed: [1, 30], most: 2_100 },
};
/** Salesforce's limits: rows of a Collections call, and the rows that sync reads at once. */
const WRITE_BATCH = 200;
const READ_PAGE = 500;
const WITHIN_MS = 45 * 60_000;
const ASK_EVERY_MS = 50;
/** Sync goes on by itself once it is told; this is for what was put off. */
const NUDGE_EVERY_MS = 60_000;

export const bulk: Benchmark = {
  name: 'bulk',
  summary: 'registrations changed on either side: calls for 1, 100 and 10,000, and the time for 100,000, which jobs of the CRM carry',
  run: (scale) =>
    withSystem(NO_POLL_SECONDS, async (system) => {
      const { changed, most } = SIZES[scale];
      const memory = watchMemory(system.workerPid());
      const ids = await makeRegistrations(system, most);
      const figures: Figure[] = [];
      tell(`${most} registrations are made in the CRM`);
      figures.push(...timeOf(`${most} made in the CRM`, most, await measured(system, () => settle(system))));
      await pullQuietly(system);
      for (const count of changed) {
        tell(`${count} change here`);
        figures.push(...callsOf(`${count} changed here`, count, await changeHere(system, ids.slice(0, count))));
        tell(`${count} change in the CRM`);
        figures.push(...callsOf(`${count} changed in the CRM`, count, await changeThere(system, ids.slice(0, count))));
      }
      tell(`${most} change here`);
      figures.push(...timeOf(`${most} changed here`, most, await changeHere(system, ids)));
      tell(`${most} change in the CRM`);
      figures.push(...timeOf(`${most} changed in the CRM`, most, await changeThere(system, ids)));
      const { beforeMb, peakMb } = memory.stop();
      return [...figures, figure("the worker's memory at its peak", 'MB', peakMb, 'before', beforeMb)];
    }),
};

function tell(what: string): void {
  process.stderr.write(`bulk: ${what}\n`);
}

interface Measurement extends CallCount {
  readonly seconds: number;
}

async function measured({ desk }: RunningSystem, work: () => Promise<unknown>): Promise<Measurement> {
  let milliseconds = 0;
  const calls = await desk.callsDuring(async () => {
    milliseconds = await timed(work);
  });
  return { ...calls, seconds: milliseconds / 1_000 };
}

function callsOf(what: string, count: number, { reads, writes, seconds }: Measurement): readonly Figure[] {
  const writeFloor = what.endsWith('in the CRM') ? 0 : Math.ceil(count / WRITE_BATCH);
  const readFloor = (what.endsWith('in the CRM') ? 1 : 3) * Math.ceil(count / READ_PAGE);
  return [
    figure(`${what}: write calls`, 'calls', writes, writeFloor === 0 ? 'none' : `one per ${WRITE_BATCH} rows`, writeFloor),
    figure(
      `${what}: read calls`,
      'calls',
      reads,
      `${readFloor === Math.ceil(count / READ_PAGE) ? 'one' : 'three'} per ${READ_PAGE} rows`,
      readFloor,
    ),
    figure(`${what}: time`, 's', seconds, 'nothing', 0),
  ];
}

function timeOf(what: string, count: number, measurement: Measurement): readonly Figure[] {
  return [...callsOf(what, count, measurement), figure(`${what}: rows`, 'per s', count / measurement.seconds, 'nothing', 0)];
}

/** A field that either side may edit, which costs the most, on all of them at once; and what was written is read back. */
async function changeHere(system: RunningSystem, ids: readonly string[]): Promise<Measurement> {
  const { db } = system;
  await whilePaused(system, () =>
    db.transaction().execute(async (trx) => {
      for (const some of chunked(ids, 10_000)) {
        await sql`
          update registration
             set value_amount = value_amount + 1, updated_at = now(),
                 field_times = field_times || jsonb_build_object('estimatedValue', to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
           where id = any(${some}::uuid[])`.execute(trx);
        await queuePush(trx, [CONNECTION], 'registration', some);
      }
    }),
  );
  return measured(system, async () => {
    await settle(system);
    await pullQuietly(system);
  });
}

/** The same field, edited by a rep. */
async function changeThere(system: RunningSystem, ids: readonly string[]): Promise<Measurement> {
  const { db, desk } = system;
  const amount = 50_000 + Math.floor(performance.now() / 100);
  await whilePaused(system, async () => {
    for (const some of chunked(ids, WRITE_BATCH)) {
      await desk.upsert(
        'Deal_Registration__c',
        'Registration_Id__c',
        some.map((id) => ({ Registration_Id__c: id, Estimated_Value__c: amount })),
      );
    }
  });
  const found = await measured(system, () => pullQuietly(system));
  const { rows } = await sql<{ left: string }>`
    select count(*) as left from registration where id = any(${[...ids]}::uuid[]) and value_amount <> ${amount}`.execute(db);
  if (rows[0]?.left !== '0') throw new Error(`${rows[0]?.left} edits of the CRM did not arrive`);
  return found;
}

/** Tells sync to go on, and waits until it has pulled everything once. Its own nudges would be cycles that cost calls. */
async function pullQuietly(system: RunningSystem): Promise<void> {
  await pullAll(system, 'registration', WITHIN_MS);
}

/** Tells sync to go on, and waits until nothing waits to be written and no job is left. */
async function settle(system: RunningSystem): Promise<void> {
  const { db } = system;
  let nudgedAt = Number.NEGATIVE_INFINITY;
  const isSettled = async (): Promise<boolean> => {
    const { rows } = await sql<{ left: string }>`
      select (select count(*) from push_queue where object_type = 'registration') + (select count(*) from bulk_job where object_type = 'registration') as left`.execute(
      db,
    );
    if (rows[0]?.left === '0') return true;
    if (performance.now() - nudgedAt >= NUDGE_EVERY_MS) {
      nudgedAt = performance.now();
      await nudge(system, 'registration');
    }
    return false;
  };
  await until('the registrations pushed', isSettled, ASK_EVERY_MS, WITHIN_MS);
}

function chunked<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}
