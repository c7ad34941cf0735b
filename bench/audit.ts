import { sql, type RawBuilder } from 'kysely';
import { recordAudit } from '../store/audit.ts';
import { sealEntries } from '../store/audit-seal.ts';
import type { Database } from '../store/database.ts';
import { exportAudit } from '../store/export-audit.ts';
import { verifyAudit } from '../store/verify-audit.ts';
import { withBareDatabase } from './bare-database.ts';
import { figure, type Benchmark, type Figure, type Scale } from './benchmark.ts';

const HISTORY: Readonly<Record<Scale, number>> = { full: 200_000, small: 2_000 };
const TRANSACTIONS: Readonly<Record<Scale, number>> = { full: 2_000, small: 200 };
/** Chained and unchained by turns, so that what else the machine does falls on both. */
const ROUNDS = 5;
const WIDTH = 10;
const SEAL_BATCH = 1_000;
const DETAILS = { from: 'in_review', to: 'approved', step: null, approver: null, commandId: 'api:0beca7e1-8c2f-4dbd-bcde-8109b06b0173' };

export const audit: Benchmark = {
  name: 'audit',
  summary: 'what the chain costs, and how fast it is verified (--times: of so many times the history)',
  run: (scale, times = 1) =>
    withBareDatabase(async (db) => {
      await createUnchained(db);
      const recording = [
        ...(await compareRecording(db, scale, 'of few subjects', 4)),
        ...(await compareRecording(db, scale, 'of many subjects', 10_000)),
      ];
      return [...recording, ...(await measureHistory(db, HISTORY[scale] * times))];
    }),
};

/** The table as it was before entries were chained. */
async function createUnchained(db: Database): Promise<void> {
  await sql`create table unchained (id bigint generated always as identity primary key, at timestamptz not null, subject text not null,
    kind text not null, actor text not null, details jsonb not null)`.execute(db);
  await sql`create index unchained_subject on unchained (subject, id)`.execute(db);
}

async function compareRecording(db: Database, scale: Scale, which: string, subjects: number): Promise<readonly Figure[]> {
  const count = TRANSACTIONS[scale];
  const spent = { chained: 0, unchained: 0 };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const kind of ['chained', 'unchained'] as const) {
      spent[kind] += await timeOf(() =>
        inLanes(count, (turn) =>
          db.transaction().execute(async (trx) => {
            const entry = { subject: `registration/${turn % subjects}`, kind: 'approved', actor: 'manager', at: new Date().toISOString() };
            if (kind === 'chained') await recordAudit(trx, { ...entry, details: DETAILS });
            else
              await sql`insert into unchained (at, subject, kind, actor, details)
                values (${entry.at}, ${entry.subject}, ${entry.kind}, ${entry.actor}, ${JSON.stringify(DETAILS)}::jsonb)`.execute(trx);
          }),
        ),
      );
    }
  }
  const perSecond = (ms: number): number => (count * ROUNDS * 1_000) / ms;
  return [
    figure(`transactions with an entry ${which}`, 'per s', perSecond(spent.chained), 'without the chain', perSecond(spent.unchained)),
  ];
}

async function measureHistory(db: Database, count: number): Promise<readonly Figure[]> {
  await load(db, sql`audit_entry`, count);
  await load(db, sql`unchained`, count);
  const entries = Number((await sql<{ count: string }>`select count(*) as count from audit_entry`.execute(db)).rows[0]?.count);
  const perSecond = (ms: number, of = entries): number => (of * 1_000) / ms;
  const sealingMs = await timeOf(async () => {
    while ((await sealEntries(db, SEAL_BATCH))?.sealed === SEAL_BATCH);
  });
  await sql`vacuum analyze`.execute(db);
  const readingMs = await timeOf(() => readUnchained(db));
  const unchained = Number((await sql<{ count: string }>`select count(*) as count from unchained`.execute(db)).rows[0]?.count);
  const memory = watchMemory();
  const verifyingMs = await timeOf(async () => {
    const { faults } = await verifyAudit(db, null);
    if (faults.length > 0) throw new Error(JSON.stringify(faults[0]));
  });
  const grownMb = memory.stop();
  const exportingMs = await timeOf(async () => {
    for await (const page of exportAudit(db, { subject: null, since: null, until: null })) if (page.length === 0) return;
  });
  const size = await bytesOf(db, ['audit_entry', 'audit_head', 'audit_seal']);
  const sizeBefore = await bytesOf(db, ['unchained']);
  const reading = 'reading the entries without a chain';
  return [
    figure('entries sealed', 'per s', perSecond(sealingMs), reading, perSecond(readingMs, unchained)),
    figure(`entries verified, of ${entries}`, 'per s', perSecond(verifyingMs), reading, perSecond(readingMs, unchained)),
    figure('memory that the verification took', 'MB', grownMb, 'the history on disk', size / 1e6),
    figure('entries exported', 'per s', perSecond(exportingMs), reading, perSecond(readingMs, unchained)),
    figure('bytes on disk, an entry', 'B', size / entries, 'without the chain', sizeBefore / unchained),
  ];
}

async function load(db: Database, table: RawBuilder<unknown>, count: number): Promise<void> {
  await sql`insert into ${table} (subject, at, kind, actor, details)
    select 'registration/' || md5((turn % (${count}::int / 10))::text)::uuid, now(), 'approved', 'manager', ${JSON.stringify(DETAILS)}
    from generate_series(1, ${count}::int) as turn`.execute(db);
}

async function readUnchained(db: Database): Promise<void> {
  for (let after = '0'; ;) {
    const { rows } = await sql<{ id: string }>`select * from unchained where id > ${after} order by id limit 1000`.execute(db);
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
  }
}

/** The most that the process grows meanwhile. */
function watchMemory(): { readonly stop: () => number } {
  const before = process.memoryUsage().rss;
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 50);
  return {
    stop() {
      clearInterval(timer);
      return (most - before) / 1e6;
    },
  };
}

async function bytesOf(db: Database, tables: readonly string[]): Promise<number> {
  const { rows } = await sql<{
    bytes: string;
  }>`select sum(pg_total_relation_size(name::regclass)) as bytes from unnest(${[...tables]}::text[]) as name`.execute(db);
  return Number(rows[0]?.bytes);
}

async function inLanes(count: number, work: (turn: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: WIDTH }, lane));
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
