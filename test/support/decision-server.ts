import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { ActivityDependencies } from '../../activities/decision/dependencies.ts';
import { createCaseActivities } from '../../activities/decision/case-activities.ts';
import { createRegistrationActivities } from '../../activities/decision/registration-activities.ts';
import { TASK_QUEUE } from '../../program/messages.ts';
import { findFreePort } from '../../workers/embedded/port.ts';
import { startTemporal } from '../../workers/embedded/temporal-server.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';

/** A Temporal development server of a suite's own, and the workflows of decisions on it once they are asked for. */
export interface DecisionServer {
  readonly client: Client;
  readonly address: string;
  /** Starts the real workflows and activities in this process. They are stopped with the server. */
  startWorker(deps: ActivityDependencies): Promise<void>;
  stop(): Promise<void>;
}

const NAMESPACE = 'default';

/** `program`: the `temporal` program. */
export async function startDecisionServer(program: string): Promise<DecisionServer> {
  Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
  const folder = makeTemporaryFolder('temporal');
  const server = await startTemporal({
    program,
    databaseFile: join(folder.path, 'temporal.db'),
    port: await findFreePort(),
    uiPort: null,
    namespace: NAMESPACE,
    logFile: join(folder.path, 'temporal.log'),
  });
  const connection = await Connection.connect({ address: server.address });
  const stopping: (() => Promise<void>)[] = [];
  return {
    client: new Client({ connection, namespace: NAMESPACE }),
    address: server.address,
    async startWorker(deps) {
      const native = await NativeConnection.connect({ address: server.address });
      const worker = await Worker.create({
        connection: native,
        namespace: NAMESPACE,
        taskQueue: TASK_QUEUE,
        workflowsPath: join(process.cwd(), 'workflows', 'index.ts'),
        activities: { ...createRegistrationActivities(deps), ...createCaseActivities(deps) },
      });
      const running = worker.run();
      stopping.push(async () => {
        worker.shutdown();
        await running;
        await native.close();
      });
    },
    async stop() {
      for (const stop of stopping) await stop();
      await connection.close();
      await server.stop();
      folder.remove();
    },
  };
}
