import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { sql } from 'kysely';
import { syncWorkflowId } from '../program/messages.ts';
import { OBJECT_TYPES } from '../program/vocabulary.ts';
import { pollSecondsFor } from '../workers/sync-workflows.ts';
import { figure, type Benchmark, type Scale } from './benchmark.ts';
import { pullAll, pushAll } from './quiet-sync.ts';
import { withSystem, type RunningSystem } from './running-system.ts';

const POLL_SECONDS = 5;
const SIZES: Readonly<Record<Scale, number>> = { full: 30_000, small: 6_000 };
const MINUTE_MS = 60_000;
/** One timer (started, fired), one activity (scheduled, started, completed), and a workflow task (scheduled, started, completed) after each. */
const EVENTS_OF_A_POLL = 11;

export const idle: Benchmark = {
  name: 'idle',
  summary: 'what it costs when nothing happens',
  run: (scale) =>
    withSystem(POLL_SECONDS, async (system) => {
      await pushAll(system, 'partner');
      for (const objectType of OBJECT_TYPES) await pullAll(system, objectType);
      const connection = await Connection.connect({ address: system.context.temporalAddress });
      try {
        const client = new Client({ connection, namespace: system.context.temporalNamespace });
        const startedAt = performance.now();
        const before = { events: await countEvents(client), transactions: await countTransactions(system) };
        const calls = await system.desk.callsDuring(() => delay(SIZES[scale]));
        const after = { events: await countEvents(client), transactions: await countTransactions(system) };
        const elapsedMs = performance.now() - startedAt;
        const perMinute = (count: number): number => (count * MINUTE_MS) / elapsedMs;
        const polls = OBJECT_TYPES.reduce((sum, objectType) => sum + 60 / pollSecondsFor(objectType, POLL_SECONDS), 0);
        const aPoll = `of each of ${OBJECT_TYPES.length} object types every ${POLL_SECONDS} s, of tasks every ${pollSecondsFor('task', POLL_SECONDS)} s`;
        return [
          figure('read calls', 'per min', perMinute(calls.reads), `one ${aPoll}`, polls),
          figure('write calls', 'per min', perMinute(calls.writes), 'none', 0),
          figure(
            'Temporal events',
            'per min',
            perMinute(after.events - before.events),
            `${EVENTS_OF_A_POLL} ${aPoll}`,
            EVENTS_OF_A_POLL * polls,
          ),
          figure('transactions of the database', 'per min', perMinute(after.transactions - before.transactions), `one ${aPoll}`, polls),
        ];
      } finally {
        await connection.close();
      }
    }),
};

/** The events in the histories of the sync workflows. A run that was continued anew meanwhile would count too few: it takes hours. */
async function countEvents(client: Client): Promise<number> {
  const handles = OBJECT_TYPES.map((objectType) => client.workflow.getHandle(syncWorkflowId('salesforce', objectType)));
  const descriptions = await Promise.all(handles.map((handle) => handle.describe()));
  return descriptions.reduce((total, { historyLength }) => total + historyLength, 0);
}

/** Committed ones, also of reads. PostgreSQL publishes its counts with up to a second's delay. */
async function countTransactions({ db }: RunningSystem): Promise<number> {
  const { rows } = await sql<{
    count: string;
  }>`select xact_commit as count from pg_stat_database where datname = current_database()`.execute(db);
  return Number(rows[0]?.count);
}
