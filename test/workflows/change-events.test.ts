import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { createEventActivities } from '../../activities/events/event-activities.ts';
import { asRegistered } from '../../activities/failure.ts';
import { createSyncActivities } from '../../activities/sync/sync-activities.ts';
import { eventsWorkflowId, syncWorkflowId, TASK_QUEUE } from '../../program/messages.ts';
import { setConnectionState } from '../../store/connection.ts';
import { openDatabase, type Database } from '../../store/database.ts';
import { readEventStream, type EventStream } from '../../store/event-stream.ts';
import { findPartner } from '../../store/partner.ts';
import { inheritedEnvironment } from '../../workers/config.ts';
import { startDispatcher, type Dispatcher } from '../../workers/dispatcher.ts';
import { ensureEventWorkflows } from '../../workers/event-workflows.ts';
import { ensureSyncWorkflows, nudgeSync } from '../../workers/sync-workflows.ts';
import { describeWith, findServers } from '../support/find-servers.ts';
import { bundleWorkflows, openDevelopmentServer } from '../support/flow-stage.ts';
import { openSyncStage, type SyncStage } from '../support/sync-stage.ts';
import { until } from '../support/until.ts';

jest.setTimeout(300_000);

const CRM = 'salesforce';
/** Nothing of what is expected here comes from a poll. */
const NEVER_POLLED_SECONDS = 86_400;
const PAUSES = { watchMs: 100, firstMs: 50, longestMs: 500 };

describeWith(findServers().temporal, 'change events', (path) => {
  let environment: TestWorkflowEnvironment;
  let stage: SyncStage;

  beforeAll(async () => {
    [environment, stage] = await Promise.all([openDevelopmentServer(path, 4_000), openSyncStage()]);
  });
  beforeEach(() => stage.reset());
  afterAll(async () => {
    await environment.teardown();
    await stage.close();
  });

  const client = () => environment.client;
  const untilState = (state: EventStream['state']) =>
    until(`it is ${state}`, async () => (await readEventStream(stage.db, CRM))?.state === state, 150_000);
  const SYNCED = ['user', 'account', 'partner', 'opportunity', 'registration', 'task'] as const;
  /** Every cycle that began is over. */
  const untilIdle = () =>
    until(
      'sync is idle',
      async () => {
        for (const objectType of SYNCED) {
          const { raw } = await client().workflow.getHandle(syncWorkflowId(CRM, objectType)).describe();
          if ((raw.pendingActivities ?? []).length > 0 || raw.pendingWorkflowTask) return false;
        }
        return true;
      },
      60_000,
    );
  async function endWorkflows(): Promise<void> {
    const ids = [eventsWorkflowId(CRM), ...SYNCED.map((objectType) => syncWorkflowId(CRM, objectType))];
    for (const id of ids)
      await client()
        .workflow.getHandle(id)
        .terminate('the test is over')
        .catch(() => undefined);
  }

  describe('with a worker', () => {
    let stopping: AbortController;
    let worker: Worker;
    let running: Promise<void>;
    let dispatcher: Dispatcher;
    let db: Database;

    beforeEach(async () => {
      stopping = new AbortController();
      // As many ways to the database as a worker has: each kind of record holds one while it is synced.
      db = openDatabase(stage.urls.database, 16);
      const deps = { ...stage.deps, db };
      worker = await Worker.create({
        connection: environment.nativeConnection,
        taskQueue: TASK_QUEUE,
        workflowBundle: await bundleWorkflows(),
        activities: asRegistered({ ...createSyncActivities(deps), ...createEventActivities(deps, stopping.signal, PAUSES) }),
        shutdownGraceTime: '20 seconds',
      });
      running = worker.run();
      dispatcher = startDispatcher({
        db,
        databaseUrl: stage.urls.database,
        deliver: async () => undefined,
        nudge: (name) => nudgeSync(client(), name),
        log: stage.deps.log,
      });
    });
    afterEach(async () => {
      await dispatcher.stop();
      await endWorkflows();
      await stopWorker();
      await db.destroy();
    });

    async function stopWorker(): Promise<void> {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      stopping.abort();
      await running;
    }

    async function begin(): Promise<{ readonly id: string; readonly remoteId: string }> {
      const [id = ''] = await stage.settledRegistrations(1);
      await stage.control('clock', { advanceMs: 61_000 });
      await ensureSyncWorkflows(client(), [CRM], NEVER_POLLED_SECONDS);
      await ensureEventWorkflows(client(), [CRM]);
      await untilState('listening');
      await untilIdle();
      return { id, remoteId: await stage.remoteId('registration', id) };
    }
    const untilValue = (id: string, value: string) =>
      until(`the value ${value}`, async () => (await stage.registration(id)).estimatedValue.amount === value, 60_000);

    it('have a rep’s edit taken over long before the poll, at the price of one read', async () => {
      const { id, remoteId } = await begin();
      await stage.control('clock', { advanceMs: 10_000 });
      const since = performance.now();
      const calls = await stage.callsDuring(async () => {
        await stage.rep.edit('registration', remoteId, { Estimated_Value__c: 31000 });
        await untilValue(id, '31000.00');
        await untilIdle();
      });
      expect(performance.now() - since).toBeLessThan(15_000);
      expect(calls.writes).toBe(0);
      // The page that brings it; when it was edited is asked for only where both sides were.
      expect(calls.reads).toBeLessThanOrEqual(2);
    });

    it('cost no read after a write of our own', async () => {
      const { id, remoteId } = await begin();
      await stage.control('clock', { advanceMs: 10_000 });
      const before = await readEventStream(stage.db, CRM);
      const calls = await stage.callsDuring(async () => {
        await stage.editRegistration(id, { estimatedValue: '32000.00' });
        await until('the row', async () => (await stage.rep.row('registration', remoteId))['Estimated_Value__c'] === 32000);
        await until('the echo', async () => (await readEventStream(stage.db, CRM))?.lastEventAt !== before?.lastEventAt);
        await untilIdle();
      });
      // Capture, a look before and a check after the write: as without events. The row of the test itself is no query.
      expect(calls.writes).toBe(1);
      expect(calls.reads).toBeLessThanOrEqual(3);
    });

    it('show in words whether and where somebody listens', async () => {
      const { remoteId } = await begin();
      const workflowId = eventsWorkflowId(CRM);
      const details = async (): Promise<string> => {
        const metadata = await client().workflow.getHandle(workflowId).query<{ currentDetails?: string }>('__temporal_workflow_metadata');
        return metadata.currentDetails ?? '';
      };
      await until('the words', async () => /^\*\*listening\*\* to \/data\/Dealkeeper__chn since .* · last event: /.test(await details()));
      await stage.control('streaming', { dailyEvents: 1, used: 1 });
      // Who waits for events is told with the next one.
      await stage.rep.edit('registration', remoteId, { Estimated_Value__c: 31000 });
      await until('that it is away', async () => /^\*\*away\*\* \(CRM_EVENTS_EXHAUSTED\).*changes are polled/.test(await details()));
      await stage.control('streaming', { dailyEvents: null });
      await until('that it listens again', async () => (await details()).startsWith('**listening**'));
    });

    it('let go of the org while the connection is paused, and miss nothing', async () => {
      const { id, remoteId } = await begin();
      await stage.rep.edit('registration', remoteId, { Estimated_Value__c: 31000 });
      await untilValue(id, '31000.00');
      await setConnectionState(stage.db, CRM, 'paused', 'maintenance', stage.deps.now());
      await untilState('paused');
      await stage.rep.edit('registration', remoteId, { Estimated_Value__c: 32000 });
      await setConnectionState(stage.db, CRM, 'running', null, stage.deps.now());
      await untilValue(id, '32000.00');
    });

    it('stop with their worker at once, and the place is kept for the next one', async () => {
      const { id, remoteId } = await begin();
      await stage.rep.edit('registration', remoteId, { Estimated_Value__c: 31000 });
      await untilValue(id, '31000.00');
      await untilIdle();
      const since = performance.now();
      await stopWorker();
      expect(performance.now() - since).toBeLessThan(10_000);
      expect(await readEventStream(stage.db, CRM)).toMatchObject({
        state: 'stopped',
        positions: { '/data/Dealkeeper__chn': expect.any(String) },
      });
    });
  });

  describe('with two workers as they run in production', () => {
    const children: ChildProcess[] = [];
    afterEach(async () => {
      for (const child of children.splice(0)) {
        if (child.exitCode === null && child.signalCode === null) {
          child.kill('SIGKILL');
          await once(child, 'exit');
        }
      }
      await endWorkflows();
    });

    function startWorker(): ChildProcess {
      const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join('workers', 'worker.ts')], {
        env: {
          ...inheritedEnvironment(),
          DATABASE_URL: stage.urls.database,
          TEMPORAL_ADDRESS: environment.address,
          METRICS_PORT: '0',
          SYNC_POLL_SECONDS: String(NEVER_POLLED_SECONDS),
          SALESFORCE_INSTANCE_URL: stage.urls.crm,
          SALESFORCE_ACCESS_TOKEN: '00D000000000001!integration',
          LOG_LEVEL: 'warn',
        },
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      children.push(child);
      return child;
    }
    /** The process that listens, by the identity that the server knows its worker by. */
    async function listener(): Promise<number> {
      return until('somebody listens', async () => {
        const { raw } = await client().workflow.getHandle(eventsWorkflowId(CRM)).describe();
        const identity = raw.pendingActivities?.[0]?.lastWorkerIdentity ?? '';
        const pid = Number(/^(\d+)@/.exec(identity)?.[1] ?? Number.NaN);
        return children.some((child) => child.pid === pid) ? pid : null;
      });
    }

    it('one takes over when the other is killed, from the same place, and no edit is lost', async () => {
      const partner = await stage.addPartner();
      await stage.settle();
      const account = await stage.remoteId('partner', partner);
      const name = async (): Promise<string | undefined> => (await findPartner(stage.db, partner))?.name;
      startWorker();
      startWorker();
      await untilState('listening');
      const first = await listener();
      await stage.rep.edit('partner', account, { Name: 'Before the blow' });
      await until('the first edit', async () => (await name()) === 'Before the blow');
      await untilIdle();
      process.kill(first, 'SIGKILL');
      await stage.rep.edit('partner', account, { Name: 'While nobody listened' });
      await until('the edit that nobody heard', async () => (await name()) === 'While nobody listened');
      expect(await listener()).not.toBe(first);
      expect((await readEventStream(stage.db, CRM))?.gapAt).toBeNull();
    });
  });
});
