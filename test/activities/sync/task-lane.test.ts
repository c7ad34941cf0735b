import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Connection } from '../../../activities/decision/dependencies.ts';
import { connectSalesforce } from '../../../crm/salesforce/connect.ts';
import type { CrmPort } from '../../../crm/port.ts';
import { salesforceMapping } from '../../../mappings/salesforce/mapping.ts';
import { openSalesforceSandbox } from '../../../sandbox/salesforce/open-sandbox.ts';
import { registerConnection } from '../../../store/connection.ts';
import { bringIssueForward, setIssueStatus } from '../../../store/sync-issue.ts';
import { openSyncStage, type SyncStage } from '../../support/sync-stage.ts';
import { createTaskStage, type TaskStage } from '../../support/task-stage.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

jest.setTimeout(120_000);

const FORCE_APP = join(process.cwd(), 'crm/salesforce/force-app');

/** Another org, with the objects of `metadataRoot`. */
async function openOrg(
  metadataRoot: string,
): Promise<{ readonly port: CrmPort; query(soql: string): Promise<readonly object[]>; close(): Promise<void> }> {
  const sandbox = await openSalesforceSandbox({ port: 0, dataFile: ':memory:', metadataRoot, sampleFile: null, seed: 2 });
  const accessToken = '00D000000000001!integration';
  const port = await connectSalesforce({
    connection: 'second',
    instanceUrl: sandbox.url,
    auth: { kind: 'token', accessToken },
    apiVersion: '66.0',
    requestTimeoutMs: 10_000,
  });
  return {
    port,
    async query(soql) {
      const answer = await fetch(`${sandbox.url}/services/data/v66.0/query?q=${encodeURIComponent(soql)}`, {
        headers: { authorization: `Bearer ${accessToken}` },
      });
      return ((await answer.json()) as { records: object[] }).records;
    },
    close: () => sandbox.close(),
  };
}

describe('the calls that tasks cost', () => {
  let stage: SyncStage;
  let tasks: TaskStage;

  beforeAll(async () => {
    stage = await openSyncStage();
    tasks = createTaskStage(stage);
  });
  beforeEach(() => stage.reset());
  afterAll(() => stage.close());

  it('are one write and two reads for 200 that are made, and for 200 that are closed, and one read when nothing happens', async () => {
    const claims = await stage.settledRegistrations(200);
    const ids: string[] = [];
    for (const claim of claims) ids.push(await tasks.ask(claim));
    const move = () =>
      stage.callsDuring(async () => {
        expect(await stage.push('task')).toEqual({ written: 200, refused: 0 });
        await stage.control('clock', { advanceMs: 10_000 });
        expect(await stage.pull('task')).toBe(200);
      });
    expect(await move()).toEqual({ writes: 1, reads: 2 });
    for (const id of ids) await tasks.settle(id);
    expect(await move()).toEqual({ writes: 1, reads: 2 });
    // No echo.
    expect(await stage.callsDuring(() => stage.push('task'))).toEqual({ writes: 0, reads: 0 });
    await stage.control('clock', { advanceMs: 61_000 });
    await tasks.cycle();
    await stage.control('clock', { advanceMs: 5_000 });
    expect(await stage.callsDuring(() => tasks.cycle())).toEqual({ writes: 0, reads: 1 });
  });
});

describe('tasks on two connections', () => {
  let stage: SyncStage;
  let second: Awaited<ReturnType<typeof openOrg>>;

  beforeAll(async () => {
    [stage, second] = await Promise.all([openSyncStage(), openOrg(FORCE_APP)]);
  });
  afterAll(() => Promise.all([stage.close(), second.close()]));

  it('are one in each, and what people make of one says nothing about the other', async () => {
    await stage.reset();
    await registerConnection(stage.db, 'second', stage.deps.now());
    const connections: ReadonlyMap<string, Connection> = new Map([
      ...stage.deps.connections,
      ['second', { port: second.port, mapping: salesforceMapping }],
    ]);
    const both = stage.workerWith({ connections });
    const tasks = createTaskStage(stage, ['salesforce', 'second']);
    const [claim = ''] = await stage.settledRegistrations(1);
    const { partnerId } = await stage.registration(claim);
    await stage.db
      .insertInto('push_queue')
      .values(
        (
          [
            ['partner', partnerId],
            ['registration', claim],
          ] as const
        ).map(([object_type, local_id]) => ({
          connection: 'second',
          object_type,
          local_id,
          not_before: new Date(0).toISOString(),
          queued_at: new Date(0).toISOString(),
        })),
      )
      .execute();
    const id = await tasks.ask(claim);
    const cycleSecond = async () => {
      for (const objectType of ['user', 'partner', 'registration', 'task'] as const) {
        await both.pullPage('second', objectType);
        while ((await both.pushBatch('second', objectType)).dueNow > 0);
      }
    };
    const theirs = () => second.query(`SELECT Id, Status, Description FROM Task WHERE Question_Id__c = '${id}'`);
    await tasks.cycle(both);
    await cycleSecond();
    expect(await tasks.rows(id)).toHaveLength(1);
    expect(await theirs()).toMatchObject([{ Status: 'Not Started' }]);

    await stage.rep.edit('task', await stage.remoteId('task', id), { Status: 'Completed' }, 'manager');
    await tasks.calm();
    await cycleSecond();
    expect((await tasks.row(id))['Description']).toContain('This task was completed');
    expect(await theirs()).toMatchObject([{ Status: 'Not Started', Description: expect.not.stringContaining('completed') }]);

    await tasks.settle(id);
    await tasks.cycle(both);
    await cycleSecond();
    expect(await tasks.row(id)).toMatchObject({ Status: 'Completed' });
    expect(await theirs()).toMatchObject([{ Status: 'Completed' }]);
    expect(await stage.issues()).toEqual([]);
  });
});

describe('an org that was set up before there were tasks', () => {
  const folder = makeTemporaryFolder('older-org');
  let stage: SyncStage;
  let older: Awaited<ReturnType<typeof openOrg>>;
  let described: number;
  let tasks: TaskStage;

  beforeAll(async () => {
    cpSync(FORCE_APP, folder.path, { recursive: true });
    rmSync(join(folder.path, 'main/default/objects/Activity'), { recursive: true });
    [stage, older] = await Promise.all([openSyncStage(), openOrg(folder.path)]);
    tasks = createTaskStage(stage, ['second']);
  });
  beforeEach(async () => {
    await stage.reset();
    await registerConnection(stage.db, 'second', stage.deps.now());
    described = 0;
  });
  afterAll(async () => {
    await Promise.all([stage.close(), older.close()]);
    folder.remove();
  });

  const counted = (port: CrmPort): CrmPort => ({
    ...port,
    describe: async (object) => {
      described += 1;
      return port.describe(object);
    },
  });
  const on = (port: CrmPort, now = stage.deps.now) =>
    stage.workerWith({ connections: new Map([['second', { port: counted(port), mapping: salesforceMapping }]]), now });

  it('starts a worker, syncs everything else, and says of tasks what is missing and what to do', async () => {
    const worker = on(older.port);
    expect(await worker.pullPage('second', 'registration')).toMatchObject({ state: 'running' });
    expect(await worker.pullPage('second', 'task')).toMatchObject({ state: 'parked', reason: 'CRM_FIELD_UNKNOWN', drained: true });
    const [claim = ''] = await stage.settledRegistrations(1);
    await tasks.ask(claim);
    expect(await worker.pushBatch('second', 'task')).toMatchObject({ written: 0, dueNow: 0 });
    const [issue] = await stage.issues();
    expect(issue).toMatchObject({
      objectType: 'task',
      localId: null,
      remoteId: null,
      category: 'mapping',
      code: 'TYPE_NOT_SET_UP',
      attempts: 1,
    });
    expect(issue?.message).toContain('Task.Question_Id__c');
    expect(issue?.remedy).toContain('Deploy the shipped objects again');
  });

  it('is asked once, then left alone for ten minutes, or until somebody retries', async () => {
    let at = Date.parse('2026-11-23T15:00:00.000Z');
    const worker = on(older.port, () => new Date(at).toISOString());
    for (let poll = 0; poll < 5; poll += 1) await worker.pullPage('second', 'task');
    expect(described).toBe(1);
    at += 10 * 60_000;
    await worker.pullPage('second', 'task');
    expect(described).toBe(2);
    const [issue] = await stage.issues();
    if (issue === undefined) throw new Error('no issue was raised');
    await stage.db.transaction().execute((trx) => bringIssueForward(trx, issue));
    await worker.pullPage('second', 'task');
    await worker.pullPage('second', 'task');
    expect(described).toBe(3);
  });

  it('is left in peace where somebody skipped the issue', async () => {
    let at = Date.parse('2026-11-23T15:00:00.000Z');
    const worker = on(older.port, () => new Date(at).toISOString());
    await worker.pullPage('second', 'task');
    const [issue] = await stage.issues();
    await stage.db.transaction().execute((trx) => setIssueStatus(trx, issue?.id ?? '', 'skipped', new Date(at).toISOString()));
    expect(await worker.pullPage('second', 'task')).toMatchObject({ state: 'paused' });
    at += 10 * 60_000;
    expect(await worker.pullPage('second', 'task')).toMatchObject({ state: 'paused' });
    expect(await stage.issues()).toEqual([]);
  });

  it('has its tasks as soon as the field is there, and the issue is closed', async () => {
    let at = Date.parse('2026-11-23T15:00:00.000Z');
    let port = older.port;
    const changing: CrmPort = { ...port, describe: (object) => port.describe(object), capture: (request) => port.capture(request) };
    const worker = on(changing, () => new Date(at).toISOString());
    await worker.pullPage('second', 'task');
    const newer = await openOrg(FORCE_APP);
    try {
      port = newer.port;
      at += 10 * 60_000;
      expect(await worker.pullPage('second', 'task')).toMatchObject({ state: 'running', drained: true });
      expect(await stage.issues()).toEqual([]);
      expect(await stage.issues('resolved')).toHaveLength(1);
      // And it says so when the field is gone again.
      port = older.port;
      await expect(worker.pullPage('second', 'task')).rejects.toMatchObject({ type: 'CRM_FIELD_UNKNOWN' });
      expect(await worker.pullPage('second', 'task')).toMatchObject({ state: 'parked' });
      expect(await stage.issues()).toHaveLength(1);
    } finally {
      await newer.close();
    }
  });
});
