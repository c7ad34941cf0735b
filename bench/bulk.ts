import { sql } from 'kysely';
import { queuePush } from '../store/push-queue.ts';
import { figure, type Benchmark, type Figure, type Scale } from './benchmark.ts';
import { timed, until } from './concurrency.ts';
import { makeRegistrations } from './copied-registration.ts';
import { watchMemory } from './memory.ts';
import { openPortalDesk } from './portal-desk.ts';
import { NO_POLL_SECONDS, nudge, pullAll, whilePaused } from './quiet-sync.ts';
import type { CallCount, RepDesk } from './rep-desk.ts';
import { withSystem, type Crm, type RunningSystem } from './running-system.ts';

/** `changed`: that many records changed at once, with their calls. `most`: that many, with the time. */
const SIZES: Readonly<Record<Scale, { readonly changed: readonly number[]; readonly most: number }>> = {
  full: { changed: [1, 100, 10_000], most: 100_000 },
  small: { changed: [1, 30], most: 2_100 },
};
/** A CRM as this benchmark needs it, with its limits: rows of a call that writes, and the rows that sync reads at once. */
interface BulkCrm {
  readonly crm: Crm;
  readonly writeBatch: number;
  readonly readPage: number;
  readonly object: string;
  readonly key: string;
  readonly value: string;
  readonly openDesk: (system: RunningSystem) => Pick<RepDesk, 'upsert' | 'callsDuring'>;
  /** Whether a poll would find the `count` records that now have this value. */
  readonly isFound: (system: RunningSystem, value: number, count: number) => Promise<boolean>;
}

const SALESFORCE: BulkCrm = {
  crm: 'salesforce',
  writeBatch: 200,
  readPage: 500,
  object: 'Deal_Registration__c',
  key: 'Registration_Id__c',
  value: 'Estimated_Value__c',
  openDesk: ({ desk }) => desk,
  isFound: async () => true,
};
const HUBSPOT: BulkCrm = {
  crm: 'hubspot',
  writeBatch: 100,
  readPage: 200,
  object: 'deal_registration',
  key: 'registration_id',
  value: 'estimated_value',
  openDesk: ({ context }) => openPortalDesk(context.hubspotSandboxUrl ?? ''),
  isFound: async ({ context }, value, count) => {
    const desk = openPortalDesk(context.hubspotSandboxUrl ?? '');
    return (await desk.found('deal_registration', 'estimated_value', value)) === count;
  },
};
const WITHIN_MS = 45 * 60_000;
const ASK_EVERY_MS = 50;
/** HubSpot lets five searches a second. */
const ASK_INDEX_EVERY_MS = 1_000;
/** Sync goes on by itself once it is told; this is for what was put off. */
const NUDGE_EVERY_MS = 60_000;

export const bulk = benchmarkOf(
  SALESFORCE,
  'bulk',
  'registrations changed on either side: calls for 1, 100 and 10,000, and the time for 100,000, which jobs of the CRM carry',
  SIZES,
);
/** HubSpot has no jobs for writes: it is measured with as many as a day of a big program changes. */
export const hubspot = benchmarkOf(HUBSPOT, 'hubspot', 'the same in HubSpot: calls and time for 1, 100 and 10,000', {
  full: { changed: [1, 100], most: 10_000 },
  small: { changed: [1], most: 100 },
});

function benchmarkOf(crm: BulkCrm, name: string, summary: string, sizes: typeof SIZES): Benchmark {
  const run = (scale: Scale) =>
    withSystem(
      NO_POLL_SECONDS,
      async (system) => {
        const { changed, most } = sizes[scale];
        const desk = crm.openDesk(system);
        const memory = watchMemory(system.workerPid());
        const ids = await makeRegistrations(system, most);
        const figures: Figure[] = [];
        tell(`${most} registrations are made in the CRM`);
        figures.push(...timeOf(crm, `${most} made in the CRM`, most, await measured(desk, () => settle(system))));
        await pullQuietly(system);
        for (const count of changed) {
          tell(`${count} change here`);
          figures.push(...callsOf(crm, `${count} changed here`, count, await changeHere(crm, system, ids.slice(0, count))));
          tell(`${count} change in the CRM`);
          figures.push(...callsOf(crm, `${count} changed in the CRM`, count, await changeThere(crm, system, ids.slice(0, count))));
        }
        tell(`${most} change here`);
        figures.push(...timeOf(crm, `${most} changed here`, most, await changeHere(crm, system, ids)));
        tell(`${most} change in the CRM`);
        figures.push(...timeOf(crm, `${most} changed in the CRM`, most, await changeThere(crm, system, ids)));
        const { beforeMb, peakMb } = memory.stop();
        return [...figures, figure("the worker's memory at its peak", 'MB', peakMb, 'before', beforeMb)];
      },
      crm.crm,
    );
  return { name, summary, run };
}

function tell(what: string): void {
  process.stderr.write(`bulk: ${what}\n`);
}

interface Measurement extends CallCount {
  readonly seconds: number;
}

async function measured(desk: Pick<RepDesk, 'callsDuring'>, work: () => Promise<unknown>): Promise<Measurement> {
  let milliseconds = 0;
  const calls = await desk.callsDuring(async () => {
    milliseconds = await timed(work);
  });
  return { ...calls, seconds: milliseconds / 1_000 };
}

function callsOf(
  { writeBatch, readPage }: BulkCrm,
  what: string,
  count: number,
  { reads, writes, seconds }: Measurement,
): readonly Figure[] {
  const writeFloor = what.endsWith('changed in the CRM') ? 0 : Math.ceil(count / writeBatch);
  const readFloor = (what.endsWith('changed in the CRM') ? 1 : 3) * Math.ceil(count / readPage);
  return [
    figure(`${what}: write calls`, 'calls', writes, writeFloor === 0 ? 'none' : `one per ${writeBatch} rows`, writeFloor),
    figure(
      `${what}: read calls`,
      'calls',
      reads,
      `${readFloor === Math.ceil(count / readPage) ? 'one' : 'three'} per ${readPage} rows`,
      readFloor,
    ),
    figure(`${what}: time`, 's', seconds, 'nothing', 0),
  ];
}

function timeOf(crm: BulkCrm, what: string, count: number, measurement: Measurement): readonly Figure[] {
  return [...callsOf(crm, what, count, measurement), figure(`${what}: rows`, 'per s', count / measurement.seconds, 'nothing', 0)];
}

/** A field that either side may edit, which costs the most, on all of them at once; and what was written is read back. */
async function changeHere(crm: BulkCrm, system: RunningSystem, ids: readonly string[]): Promise<Measurement> {
  const { db } = system;
  await whilePaused(system, () =>
    db.transaction().execute(async (trx) => {
      for (const some of chunked(ids, 10_000)) {
        await sql`
          update registration
             set value_amount = value_amount + 1, updated_at = now(),
                 field_times = field_times || jsonb_build_object('estimatedValue', to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
           where id = any(${some}::uuid[])`.execute(trx);
        await queuePush(trx, [crm.crm], 'registration', some);
      }
    }),
  );
  return measured(crm.openDesk(system), async () => {
    await settle(system);
    await pullQuietly(system);
  });
}

/** The same field, edited by a rep. */
async function changeThere(crm: BulkCrm, system: RunningSystem, ids: readonly string[]): Promise<Measurement> {
  const { db } = system;
  const desk = crm.openDesk(system);
  const amount = 50_000 + Math.floor(performance.now() / 100);
  await whilePaused(system, async () => {
    for (const some of chunked(ids, crm.writeBatch)) {
      await desk.upsert(
        crm.object,
        crm.key,
        some.map((id) => ({ [crm.key]: id, [crm.value]: amount })),
      );
    }
    await until(`${ids.length} edits in the index`, () => crm.isFound(system, amount, ids.length), ASK_INDEX_EVERY_MS, WITHIN_MS);
  });
  const found = await measured(desk, () => pullQuietly(system));
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
