import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import { countByStatus } from '../store/backlog.ts';
import type { EmbeddedContext } from '../workers/embedded/embedded-context.ts';
import { figure, quantile, type Benchmark, type Figure, type Scale } from './benchmark.ts';
import { timed, withClients } from './concurrency.ts';
import type { Claim, PartnerPortal } from './partner-portal.ts';
import { withSystem, type RunningSystem } from './running-system.ts';

const SIZES: Readonly<Record<Scale, { single: number; burst: number }>> = {
  full: { single: 100, burst: 1_000 },
  small: { single: 3, burst: 8 },
};
const CLIENTS = 8;
/** What is not decided by then is left out, and the rate is that of what was: the whole stays within a minute. */
const MEASURED_MS: Readonly<Record<Scale, number>> = { full: 16_000, small: 5_000 };
/** One at a time ends here, with as many as were measured by then. */
const SINGLE_MS = 15_000;
const BARE_STARTS = 100;

export const decision: Benchmark = {
  name: 'decision',
  summary: 'from the POST of a registration to its verdict, one at a time and as fast as the API takes them',
  run: (scale) =>
    withSystem(5, async (system) => {
      const { context, portal } = system;
      const { single, burst } = SIZES[scale];
      const pool = new pg.Pool({ connectionString: context.databaseUrl, max: CLIENTS });
      try {
        await pool.query('create table bench_row (id bigint generated always as identity primary key, body jsonb not null)');
        const insert = async (claim: Claim): Promise<void> => {
          await pool.query('insert into bench_row (body) values ($1)', [JSON.stringify(claim)]);
        };
        return [...(await oneAtATime(portal, insert, single)), ...(await asFastAsTaken(system, insert, burst, MEASURED_MS[scale]))];
      } finally {
        await pool.end();
      }
    }),
};

async function oneAtATime(portal: PartnerPortal, insert: (claim: Claim) => Promise<void>, count: number): Promise<readonly Figure[]> {
  const kept: number[] = [];
  const decided: number[] = [];
  const posts: number[] = [];
  const inserts: number[] = [];
  const begunAt = performance.now();
  for (const claim of portal.drawClaims(count)) {
    if (performance.now() - begunAt > SINGLE_MS) break;
    // The floor is taken in turns with ours, so that a noisy moment of the machine falls on both.
    posts.push(await timed(() => portal.postNothing(claim)));
    inserts.push(await timed(() => insert(claim)));
    const startedAt = performance.now();
    const { id } = await portal.register(claim);
    kept.push(performance.now() - startedAt);
    while ((await portal.read(id)).status === 'submitted') await delay(2);
    decided.push(performance.now() - startedAt);
  }
  const floor = (share: number): number => quantile(posts, share) + quantile(inserts, share);
  const what = 'a bare POST and a bare insert';
  const times = `${decided.length} times`;
  const shares = [['p50', 0.5] as const, ['p95', 0.95] as const, ['max', 1] as const];
  return [
    ...shares.map(([name, share]) => figure(`POST to 201, ${times}, ${name}`, 'ms', quantile(kept, share), what, floor(share))),
    ...shares.map(([name, share]) => figure(`POST to decided, ${times}, ${name}`, 'ms', quantile(decided, share), what, floor(share))),
  ];
}

async function asFastAsTaken(
  { portal, db, context }: RunningSystem,
  insert: (claim: Claim) => Promise<void>,
  count: number,
  measuredMs: number,
): Promise<readonly Figure[]> {
  const claims = portal.drawClaims(count);
  const bareMs = await timed(() =>
    withClients(CLIENTS, claims, async (claim) => {
      await portal.postNothing(claim);
      await insert(claim);
    }),
  );
  const startsMs = await timed(() => startBare(context, BARE_STARTS));
  const startedAt = performance.now();
  await withClients(CLIENTS, claims, (claim) => portal.register(claim));
  const takenMs = performance.now() - startedAt;
  let waiting = count;
  while (waiting > 0 && performance.now() - startedAt < Math.max(takenMs, measuredMs)) {
    await delay(50);
    waiting = (await countByStatus(db)).find(({ status }) => status === 'submitted')?.count ?? 0;
  }
  const measured = performance.now() - startedAt;
  const bare = `${CLIENTS} clients: a bare POST and a bare insert each`;
  return [
    figure(`${count} registrations taken`, 'per s', perSecond(count, takenMs), bare, perSecond(count, bareMs)),
    figure(
      'decided meanwhile and after',
      'per s',
      perSecond(count - waiting, measured),
      'bare starts of workflows',
      perSecond(BARE_STARTS, startsMs),
    ),
    figure(`decided after ${(measured / 1000).toFixed(1)} s`, 'deals', count - waiting, 'taken', count),
  ];
}

/** Starts workflows that nobody works on, on the same server: what a decision costs there before it has begun. */
async function startBare(context: EmbeddedContext, count: number): Promise<void> {
  const connection = await Connection.connect({ address: context.temporalAddress });
  try {
    const client = new Client({ connection, namespace: context.temporalNamespace });
    const numbers = Array.from({ length: count }, (_, number) => number);
    await withClients(CLIENTS, numbers, (number) =>
      client.workflow.start('nothing', { workflowId: `bench/${number}`, taskQueue: 'bench-nobody', args: [] }),
    );
  } finally {
    await connection.close();
  }
}

function perSecond(count: number, milliseconds: number): number {
  return count / (milliseconds / 1000);
}
