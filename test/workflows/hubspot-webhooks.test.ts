import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { asRegistered } from '../../activities/failure.ts';
import { createSyncActivities } from '../../activities/sync/sync-activities.ts';
import { MESSAGES, syncWorkflowId, TASK_QUEUE } from '../../program/messages.ts';
import { OBJECT_TYPES } from '../../program/vocabulary.ts';
import { openDatabase, type Database } from '../../store/database.ts';
import { startDispatcher, type Dispatcher } from '../../workers/dispatcher.ts';
import { ensureSyncWorkflows, nudgeSync } from '../../workers/sync-workflows.ts';
import { describeWith, findServers } from '../support/find-servers.ts';
import { bundleWorkflows, openDevelopmentServer } from '../support/flow-stage.ts';
import { openHubspotStage, PORTAL_CONNECTION, type HubspotStage } from '../support/hubspot-stage.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';
import { until } from '../support/until.ts';

jest.setTimeout(300_000);

/** Nothing of what is expected here comes from a poll. */
const NEVER_POLLED_SECONDS = 86_400;

describeWith(findServers().temporal, 'webhooks of HubSpot', (path) => {
  let environment: TestWorkflowEnvironment;
  let postgres: TestPostgres;
  let stage: HubspotStage;
  let db: Database;
  let worker: Worker;
  let running: Promise<void>;
  let dispatcher: Dispatcher;

  beforeAll(async () => {
    [environment, postgres] = await Promise.all([openDevelopmentServer(path, 4_000), startTestPostgres()]);
    stage = await openHubspotStage(postgres, { indexDelayMs: 0 });
    // As many ways to the database as a worker has: each kind of record holds one while it is synced.
    db = openDatabase(stage.databaseUrl, 16);
    worker = await Worker.create({
      connection: environment.nativeConnection,
      taskQueue: TASK_QUEUE,
      workflowBundle: await bundleWorkflows(),
      activities: asRegistered(createSyncActivities({ ...stage.deps, db })),
    });
    running = worker.run();
    dispatcher = startDispatcher({
      db,
      databaseUrl: stage.databaseUrl,
      deliver: async () => undefined,
      nudge: (name) => nudgeSync(environment.client, name),
      log: stage.deps.log,
    });
  });
  afterAll(async () => {
    await dispatcher.stop();
    for (const objectType of OBJECT_TYPES)
      await environment.client.workflow
        .getHandle(syncWorkflowId(PORTAL_CONNECTION, objectType))
        .terminate('the test is over')
        .catch(() => undefined);
    worker.shutdown();
    await running;
    await environment.teardown();
    await db.destroy();
    await stage.close();
    await postgres.stop();
  });

  /** Every cycle that began is over. */
  const untilIdle = () =>
    until('sync is idle', async () => {
      for (const objectType of OBJECT_TYPES) {
        const { raw } = await environment.client.workflow.getHandle(syncWorkflowId(PORTAL_CONNECTION, objectType)).describe();
        if ((raw.pendingActivities ?? []).length > 0 || raw.pendingWorkflowTask) return false;
      }
      return true;
    });
  const untilValue = (id: string, value: string) =>
    until(`the value ${value}`, async () => (await stage.estimatedValue(id)) === value, 30_000);

  it('have a rep’s edit taken over long before the poll', async () => {
    await stage.pull('user');
    const settled = await stage.settledRegistrations(100);
    await stage.delivered();
    await ensureSyncWorkflows(environment.client, [PORTAL_CONNECTION], NEVER_POLLED_SECONDS);
    await untilIdle();

    const [{ id, remoteId } = { id: '', remoteId: '' }] = settled;
    await stage.portal.control('webhooks', { hold: true });
    await stage.rep('PATCH', `/crm/v3/objects/deal_registration/${remoteId}`, { properties: { estimated_value: '31000' } });
    // Nobody has been told: it stays as it was until the webhook comes.
    await untilIdle();
    expect(await stage.estimatedValue(id)).toBe('20000.00');
    await stage.portal.control('webhooks', { hold: false });
    await untilValue(id, '31000.00');

    await stage.portal.control('webhooks', { hold: true, duplicateEvery: 2, inOrder: false });
    for (const round of [1, 2]) {
      const inputs = settled.map((each, index) => ({
        id: each.remoteId,
        properties: { estimated_value: String(40_000 + 1_000 * round + index) },
      }));
      await stage.rep('POST', '/crm/v3/objects/deal_registration/batch/update', { inputs });
    }
    await stage.portal.control('webhooks', { hold: false });
    for (const [index, each] of settled.entries()) await untilValue(each.id, `${42_000 + index}.00`);
    await untilIdle();
    expect(await stage.push('registration')).toBe(0);
  });

  it('are heard while HubSpot asks to be left alone for a day: the flow says until when, and goes on looking', async () => {
    const { local_id: id, remote_id: remoteId } = await stage.db
      .selectFrom('link')
      .select(['local_id', 'remote_id'])
      .where('object_type', '=', 'registration')
      .executeTakeFirstOrThrow();
    const flow = environment.client.workflow.getHandle(syncWorkflowId(PORTAL_CONNECTION, 'registration'));
    const details = async () => (await flow.query<{ currentDetails?: string }>('__temporal_workflow_metadata')).currentDetails ?? '';
    const moved = { method: 'POST', path: '/crm/objects/*/deal_registration', fault: 'status', status: 477, retryAfterSeconds: 86_400 };
    await stage.portal.control('faults', { rules: [{ ...moved, times: 1_000 }] });
    await stage.rep('PATCH', `/crm/v3/objects/deal_registration/${remoteId}`, { properties: { estimated_value: '77000' } });
    await until('the flow says what it waits for', async () => /CRM_UNAVAILABLE.*left alone until/.test(await details()), 60_000);
    await stage.portal.control('faults', { rules: [] });
    await flow.signal(MESSAGES.nudge);
    await untilValue(id, '77000.00');
  });
});
