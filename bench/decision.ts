import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { figure, quantile, type Benchmark, type Figure, type Scale } from './benchmark.ts';
import { timed, until, withClients } from './concurrency.ts';
import type { Claim, PartnerPortal } from './partner-portal.ts';
import { withSystem } from './running-system.ts';

const SIZES: Readonly<Record<Scale, { single: number; burst: number }>> = {
  full: { single: 100, burst: 1_000 },
  small: { single: 3, burst: 8 },
};
const CLIENTS = 8;
const DECIDED_WITHIN_MS = 50_000;

export const decision: Benchmark = {
  name: 'decision',
  summary: 'from the POST of a registration to its verdict, one at a time and as fast as the API takes them',
  run: (scale) =>
    withSystem(5, async ({ context, portal }) => {
      const { single, burst } = SIZES[scale];
      const pool = new pg.Pool({ connectionString: context.databaseUrl, max: CLIENTS });
      try {
        await pool.query('create table bench_row (id bigint generated always as identity primary key, body jsonb not null)');
        const insert = async (claim: Claim): Promise<void> => {
          await pool.query('insert into bench_row (body) values ($1)', [JSON.stringify(claim)]);
        };
        return [...(await oneAtATime(portal, insert, single)), ...(await asFastAsTaken(portal, insert, burst))];
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
  for (const claim of portal.drawClaims(count)) {
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
  const shares = [['p50', 0.5] as const, ['p95', 0.95] as const, ['max', 1] as const];
  return [
    ...shares.map(([name, share]) => figure(`POST to 201, ${name}`, 'ms', quantile(kept, share), what, floor(share))),
    ...shares.map(([name, share]) => figure(`POST to decided, ${name}`, 'ms', quantile(decided, share), what, floor(share))),
  ];
}

async function asFastAsTaken(portal: PartnerPortal, insert: (claim: Claim) => Promise<void>, count: number): Promise<readonly Figure[]> {
  const claims = portal.drawClaims(count);
  const bareMs = await timed(() =>
    withClients(CLIENTS, claims, async (claim) => {
      await portal.postNothing(claim);
      await insert(claim);
    }),
  );
  const startedAt = performance.now();
  await withClients(CLIENTS, claims, (claim) => portal.register(claim));
  const takenMs = performance.now() - startedAt;
  await until('all registrations decided', () => portal.allDecided(), 20, DECIDED_WITHIN_MS);
  const decidedMs = performance.now() - startedAt;
  const what = `${CLIENTS} clients: a bare POST and a bare insert each`;
  const rate = (milliseconds: number): number => count / (milliseconds / 1000);
  return [
    figure(`${count} registrations taken`, 'per s', rate(takenMs), what, rate(bareMs)),
    figure(`${count} registrations decided`, 'per s', rate(decidedMs), what, rate(bareMs)),
    figure(`${count} registrations until all are decided`, 's', decidedMs / 1000, 'until all are taken', takenMs / 1000),
  ];
}
