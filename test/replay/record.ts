import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { emptyStore } from '../support/decision-stage.ts';
import { findServers, type FoundServer } from '../support/find-servers.ts';
import { openDevelopmentServer, openFlowStage, openTimeSkipping, type FlowStage } from '../support/flow-stage.ts';
import { startTestPostgres } from '../support/postgres.ts';
import {
  createPlayedDelivery,
  createPlayedListening,
  createPlayedSync,
  playBackfill,
  playEvents,
  playNotify,
  playSync,
} from './connection-scenario.ts';
import {
  playAmended,
  playAppeal,
  playCase,
  playCaseHandedOver,
  playContinued,
  playEscalated,
  playExpired,
  playHandedOver,
  playRevoked,
  type Recording,
} from './scenario.ts';

/**
 * Plays every scenario with the workflows as they are and writes their histories beside this file, for `replay.test.ts`.
 *
 *   node test/replay/record.ts                  all of them
 *   node test/replay/record.ts playNotify       only those that are named
 *
 * To be run by hand before a release: histories of released workflows are kept, not recorded again, since flows that were begun with them still run.
 */

type Scenario = (flow: FlowStage) => Promise<readonly Recording[]>;

const EVENTS_PER_RUN = 40;
const named = process.argv.slice(2);

const postgres = await startTestPostgres();
const servers = findServers();
await record(
  () => openTimeSkipping(pathOf(servers.timeSkipping)),
  [
    playExpired,
    playRevoked,
    playEscalated,
    playAmended,
    playCase,
    playHandedOver,
    playCaseHandedOver,
    playAppeal,
    playSync,
    playNotify,
    playEvents,
    playBackfill,
  ],
);
await record(() => openDevelopmentServer(pathOf(servers.temporal), EVENTS_PER_RUN), [playContinued]);
await postgres.stop();
process.exit(0);

async function record(open: () => Promise<TestWorkflowEnvironment>, all: readonly Scenario[]): Promise<void> {
  const scenarios = all.filter(({ name }) => named.length === 0 || named.includes(name));
  if (scenarios.length === 0) return;
  const environment = await open();
  const { db, url } = await postgres.openEmpty();
  const flow = await openFlowStage(environment, db, url, { ...createPlayedSync(), ...createPlayedDelivery(), ...createPlayedListening() });
  for (const play of scenarios) {
    for (const { name, workflowId, runId } of await play(flow)) {
      const history = await environment.client.workflow.getHandle(workflowId, runId).fetchHistory();
      const events = withoutMachine(JSON.parse(JSON.stringify(history))) as { readonly events: readonly unknown[] };
      writeFileSync(join(process.cwd(), 'test', 'replay', `${name}.json`), `${JSON.stringify({ workflowId, history: events }, null, 1)}\n`);
      process.stdout.write(`${name}: ${events.events.length} events\n`);
    }
    await emptyStore(db);
  }
  await flow.close();
  await environment.teardown();
}

/** Takes out what tells of the machine: who worked (`<pid>@<host>`), and where its files are. Replaying needs neither. */
function withoutMachine(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMachine);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !['identity', 'stackTrace', 'binaryChecksum'].includes(key));
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutMachine(inner)]));
}

function pathOf(server: FoundServer): string {
  if (server.kind === 'missing') throw new Error(server.reason);
  return server.path;
}
