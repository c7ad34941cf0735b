import { sql } from 'kysely';
import { queuePush } from '../store/push-queue.ts';
import { figure, type Benchmark, type Figure, type Scale } from './benchmark.ts';
import { timed, until } from './concurrency.ts';
import { CONNECTION, NO_POLL_SECONDS, pullAll, pushAll, whilePaused } from './quiet-sync.ts';
import { withSystem, type RunningSystem } from './running-system.ts';

const SIZES: Readonly<Record<Scale, readonly number[]>> = { full: [1, 100, 1_000], small: [1, 3] };
/** Salesforce's limits: rows of a Collections call, and the rows that sync reads at once. */
const WRITE_BATCH = 200;
const READ_PAGE = 500;
const DECIDED_WITHIN_MS = 20_000;

export const push: Benchmark = {
  name: 'push',
  summary: 'changed registrations to the CRM: calls and rows per second',
  run: (scale) =>
    withSystem(NO_POLL_SECONDS, async (system) => {
      const sizes = SIZES[scale];
      const ids = await prepare(system, Math.max(...sizes));
      await pushAll(system, 'registration');
      await pullAll(system, 'registration');
      const figures: Figure[] = [];
      for (const size of sizes) {
        figures.push(...(await pushChanged(system, ids.slice(0, size))));
      }
      return figures;
    }),
};

/**
 * One registration that was decided, and copies of it: sync carries rows of the store, and does not ask how they came to be.
 * That many real ones would take longer to decide than what is measured here.
 */
async function prepare({ portal, db }: RunningSystem, count: number): Promise<readonly string[]> {
  const [claim = {}] = portal.drawClaims(1);
  const { id } = await portal.register(claim);
  await until('the registration decided', async () => (await portal.read(id)).status !== 'submitted', 20, DECIDED_WITHIN_MS);
  const { rows: columns } = await sql<{ name: string }>`
    select column_name as name from information_schema.columns where table_name = 'registration' and is_generated = 'NEVER'`.execute(db);
  const own: Readonly<Record<string, string>> = {
    id: 'gen_random_uuid()',
    sequence: "nextval('registration_receipt')",
    external_id: "'COPY-' || number",
  };
  const values = columns.map(({ name }) => own[name] ?? name);
  return db.transaction().execute(async (trx) => {
    const { rows: copies } = await sql<{ id: string }>`
      insert into registration (${sql.join(columns.map(({ name }) => sql.ref(name)))})
      select ${sql.raw(values.join(', '))} from registration, generate_series(2, ${count}::int) as number where id = ${id}
      returning id`.execute(trx);
    const ids = [id, ...copies.map((copy) => copy.id)];
    await queuePush(trx, [CONNECTION], 'registration', ids);
    return ids;
  });
}

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
      await queuePush(trx, [CONNECTION], 'registration', ids);
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
