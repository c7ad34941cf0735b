import { sql } from 'kysely';
import { CrmFailure } from '../../../crm/failures.ts';
import type { BulkOutcome, BulkPort } from '../../../crm/port.ts';
import { queuePush } from '../../../store/push-queue.ts';
import { bulkWorker, hurry, jobsInOrg, jobsOf, pushThrough } from '../../support/bulk-worker.ts';
import { copyRegistration } from '../../support/copied-registration.ts';
import { openSyncStage, type SyncStage } from '../../support/sync-stage.ts';

jest.setTimeout(180_000);

const CRM = 'salesforce';
const MANY = 20;
const COUNT = 60;

describe('many changed records', () => {
  let stage: SyncStage;
  let ids: readonly string[] = [];

  beforeAll(async () => {
    stage = await openSyncStage();
  });
  beforeEach(async () => {
    await stage.reset();
    ids = await stage.settledRegistrations(COUNT);
  });
  afterAll(() => stage.close());

  /** All of them at once, as a decision of many would. */
  async function changeAll(amount = '31000.00'): Promise<void> {
    const at = stage.deps.now();
    await stage.db.transaction().execute(async (trx) => {
      await sql`
        update registration set value_amount = ${amount}, field_times = field_times || jsonb_build_object('estimatedValue', ${at}::text)`.execute(
        trx,
      );
      await queuePush(trx, [CRM], 'registration', ids);
    });
  }

  const queued = async () => (await stage.db.selectFrom('push_queue').select('local_id').execute()).length;
  const inJobs = async () => (await stage.db.selectFrom('bulk_write').select('local_id').execute()).length;
  const jobs = () => jobsInOrg(stage.urls.crm);
  const completed = async () => (await jobs()).filter(({ state }) => state === 'JobComplete');

  /** Steps of a worker until one has happened that `isIt` knows. */
  async function stepUntil(worker: ReturnType<typeof bulkWorker>, isIt: () => Promise<boolean>): Promise<void> {
    for (let step = 0; step < 200 && !(await isIt()); step += 1) {
      await hurry(stage);
      await worker.pushBatch(CRM, 'registration');
    }
    expect(await isIt()).toBe(true);
  }

  it('go as one job, with only the fields that changed, and none by single calls', async () => {
    await changeAll();
    const worker = bulkWorker(stage, MANY);
    const before = await stage.calls();
    expect(await pushThrough(stage, worker)).toMatchObject({ written: COUNT, refused: 0, postponed: 0 });
    expect((await stage.calls()).writes).toBe(before.writes);
    expect(await jobs()).toEqual([{ state: 'JobComplete', processed: COUNT }]);
    expect(await stage.differences()).toEqual([]);
    expect(await queued()).toBe(0);
    // No echo: what was written and read back plans nothing.
    await stage.pull('registration');
    expect(await stage.callsDuring(() => stage.push('registration'))).toEqual({ writes: 0, reads: 0 });
  });

  it('go by single calls where they are fewer than that', async () => {
    await changeAll();
    await pushThrough(stage, bulkWorker(stage, COUNT + 1));
    expect(await jobs()).toEqual([]);
    expect(await stage.differences()).toEqual([]);
  });

  it('are made as one job where the CRM has none of them', async () => {
    const partner = await stage.addPartner();
    await stage.settle();
    const first = await stage.addRegistration(partner);
    await copyRegistration(stage.db, CRM, first, MANY - 1);
    expect(await pushThrough(stage, bulkWorker(stage, MANY))).toMatchObject({ written: MANY });
    expect(await jobs()).toEqual([{ state: 'JobComplete', processed: MANY }]);
    expect(await stage.differences()).toEqual([]);
  });

  it('leave to single calls what a job cannot carry, and the text #N/A is written as it is', async () => {
    const [id = ''] = ids;
    await stage.db.updateTable('registration').set({ customer_name: '#N/A' }).where('id', '=', id).execute();
    await changeAll();
    await pushThrough(stage, bulkWorker(stage, MANY));
    expect(await jobs()).toEqual([{ state: 'JobComplete', processed: COUNT - 1 }]);
    expect(await stage.rep.row('registration', await stage.remoteId('registration', id))).toMatchObject({ Customer_Name__c: '#N/A' });
    expect(await stage.differences()).toEqual([]);
  });

  it('cost no job where the CRM has nearly all of the values already', async () => {
    await stage.db.transaction().execute((trx) => queuePush(trx, [CRM], 'registration', ids));
    await stage.editRegistration(ids[0] ?? '', { estimatedValue: '31000.00' });
    expect(await pushThrough(stage, bulkWorker(stage, MANY))).toMatchObject({ written: 1 });
    expect(await jobs()).toEqual([]);
    expect(await stage.differences()).toEqual([]);
  });

  it.each([
    ['before it is made', 'openWrite', 'before'],
    ['when it was made and nobody knows its id', 'openWrite', 'after'],
    ['before its data is sent', 'upload', 'before'],
    ['in the middle of its data', 'upload', 'within'],
    ['when its data was sent', 'upload', 'after'],
    ['before it is closed', 'close', 'before'],
    ['when it was closed', 'close', 'after'],
    ['while it is waited for', 'writeStatus', 'before'],
    ['before its results', 'outcomes', 'before'],
    ['in the middle of its results', 'outcomes', 'within'],
  ] as const)('are written once when the worker is killed %s', async (_when, step, moment) => {
    await changeAll();
    const killed = bulkWorker(stage, MANY, (bulk) => killedIn(bulk, step, moment));
    await expect(pushThrough(stage, killed)).rejects.toThrow('killed');
    expect(await inJobs()).toBeGreaterThan(0);
    await pushThrough(stage, bulkWorker(stage, MANY));
    expect(await completed()).toEqual([{ state: 'JobComplete', processed: COUNT }]);
    expect((await jobs()).reduce((sum, { processed }) => sum + processed, 0)).toBe(COUNT);
    expect(await stage.differences()).toEqual([]);
    expect(await queued()).toBe(0);
    expect(await stage.issues()).toEqual([]);
  });

  it('are planned once when the worker is killed while it plans', async () => {
    await changeAll();
    let plans = 0;
    const killed = bulkWorker(stage, MANY, (bulk) => ({
      whatFits: async (object) => {
        const fits = await bulk.whatFits(object);
        return (write) => {
          if ((plans += 1) > COUNT / 2) throw new Error('killed');
          return fits(write);
        };
      },
    }));
    await expect(pushThrough(stage, killed)).rejects.toThrow('killed');
    await pushThrough(stage, bulkWorker(stage, MANY));
    expect(await jobs()).toEqual([{ state: 'JobComplete', processed: COUNT }]);
    expect(await stage.differences()).toEqual([]);
  });

  it('lose no edit that a rep makes while the job waits: the later one stands, and the log names the policy', async () => {
    await changeAll();
    const worker = bulkWorker(stage, MANY);
    await stage.control('bulk', { hold: true });
    await stepUntil(worker, async () => (await jobsOf(stage)).some(({ phase }) => phase === 'closed'));
    const [id = ''] = ids;
    const remoteId = await stage.remoteId('registration', id);
    await stage.control('clock', { advanceMs: 5_000 });
    await stage.rep.edit('registration', remoteId, { Estimated_Value__c: 45_000 });
    await stage.control('clock', { advanceMs: 5_000 });
    await stage.control('bulk', { hold: false });
    await pushThrough(stage, worker);
    await stage.settle();
    expect((await stage.registration(id)).estimatedValue.amount).toBe('45000.00');
    expect(await stage.rep.row('registration', remoteId)).toMatchObject({ Estimated_Value__c: 45_000 });
    expect(await stage.decisions(id)).toMatchObject([{ field: 'estimatedValue', outcome: 'take', policy: 'newest' }]);
    expect(await stage.differences()).toEqual([]);
  });

  it('are not sent a second time while they are in a job, and a change made meanwhile follows it; other records go on', async () => {
    await changeAll();
    const worker = bulkWorker(stage, MANY);
    await stage.control('bulk', { hold: true });
    await stepUntil(worker, async () => (await jobsOf(stage)).some(({ phase }) => phase === 'closed'));
    const [id = ''] = ids;
    await stage.editRegistration(id, { estimatedValue: '32000.00' });
    const other = await stage.addRegistration((await stage.registration(id)).partnerId);
    expect(await worker.pushBatch(CRM, 'registration')).toMatchObject({ written: 1, dueNow: 0 });
    expect(await stage.link('registration', other)).toBeDefined();
    expect(await stage.rep.row('registration', await stage.remoteId('registration', id))).toMatchObject({ Estimated_Value__c: 20_000 });
    await stage.control('bulk', { hold: false });
    await pushThrough(stage, worker);
    expect(await stage.rep.row('registration', await stage.remoteId('registration', id))).toMatchObject({ Estimated_Value__c: 32_000 });
    expect(await stage.differences()).toEqual([]);
  });

  it('go on when some rows are locked: each of those is written by itself a little later', async () => {
    await changeAll();
    await stage.faults({ method: 'PATCH', path: '/jobs/ingest', nth: 1, times: 1, fault: 'row_lock', rows: [3, 4, 5] });
    expect(await pushThrough(stage, bulkWorker(stage, MANY))).toMatchObject({ written: COUNT - 3, refused: 3 });
    expect(await queued()).toBe(3);
    const { writes } = await stage.callsDuring(() => stage.settle());
    expect(writes).toBe(1);
    expect(await stage.differences()).toEqual([]);
    expect(await stage.issues()).toEqual([]);
  });

  it('go on when some rows are refused: they are told, with the rest of their record written', async () => {
    const [id = ''] = ids;
    await changeAll();
    await stage.rep.edit('registration', await stage.remoteId('registration', id), { Description__c: 'held' });
    const worker = bulkWorker(stage, MANY, (bulk) => ({
      outcomes: (job, target) => refusing(bulk.outcomes(job, target), 1),
    }));
    expect(await pushThrough(stage, worker)).toMatchObject({ written: COUNT, postponed: 1 });
    expect(await stage.differences()).toEqual([]);
  });

  it.each([
    ['fails', async () => stage.control('bulk', { hold: false })],
    ['is aborted by an administrator', async () => abortAll()],
  ] as const)('go row by row when the job %s, and a person is told', async (what, fate) => {
    await changeAll();
    const worker = bulkWorker(stage, MANY, (bulk) =>
      what === 'fails' ? { upload: (object, job, rows) => bulk.upload(object, job, () => withUnknownColumn(rows())) } : {},
    );
    await stage.control('bulk', { hold: true });
    await stepUntil(worker, async () => (await jobsOf(stage)).some(({ phase }) => phase === 'closed'));
    await fate();
    await stage.control('bulk', { hold: false });
    await pushThrough(stage, worker);
    expect(await stage.differences()).toEqual([]);
    expect(await stage.issues()).toMatchObject([
      { code: 'BULK_JOB_FAILED', localId: null, message: expect.stringContaining('written row by row') },
    ]);
    // The next one that ends well closes the issue.
    await changeAll('33000.00');
    await pushThrough(stage, bulkWorker(stage, MANY));
    expect(await stage.issues()).toEqual([]);
  });

  it('wait for a job that stands still, and after half an hour a person is told', async () => {
    await changeAll();
    const worker = bulkWorker(stage, MANY);
    await stage.control('bulk', { hold: true });
    await stepUntil(worker, async () => (await jobsOf(stage)).some(({ polls }) => polls >= 3));
    expect(await stage.issues()).toEqual([]);
    const waits = await worker.pushBatch(CRM, 'registration');
    expect(waits).toMatchObject({ written: 0, dueNow: 0 });
    expect(waits.nextInMs).toBeGreaterThan(1_000);
    await sql`update bulk_job set closed_at = closed_at - interval '31 minutes', due_at = now()`.execute(stage.db);
    await worker.pushBatch(CRM, 'registration');
    expect(await stage.issues()).toMatchObject([{ code: 'BULK_JOB_STALLED', remedy: expect.stringContaining('Bulk Data Load Jobs') }]);
    await stage.control('bulk', { hold: false });
    await pushThrough(stage, worker);
    expect(await stage.issues()).toEqual([]);
    expect(await completed()).toEqual([{ state: 'JobComplete', processed: COUNT }]);
  });

  it.each([
    ['the upload is answered with 500', { method: 'PUT', path: '/jobs/ingest', fault: 'status', status: 500 }],
    ['the answer to the upload is lost', { method: 'PUT', path: '/jobs/ingest', fault: 'lost_answer' }],
    ['the answer to closing is lost', { method: 'PATCH', path: '/jobs/ingest', fault: 'lost_answer' }],
    ['the results are lost once', { method: 'GET', path: '/jobs/ingest/{id}/successfulResults', fault: 'unavailable' }],
    ['the calls of the day end in the middle', { method: 'PUT', path: '/jobs/ingest', fault: 'limit' }],
  ] as const)('are written once when %s', async (_what, fault) => {
    await changeAll();
    await stage.faults({ nth: 1, times: 1, ...fault });
    const worker = bulkWorker(stage, MANY);
    await expect(pushThrough(stage, worker)).rejects.toMatchObject({ type: expect.stringMatching(/^CRM_/) });
    await pushThrough(stage, worker);
    expect(await completed()).toEqual([{ state: 'JobComplete', processed: COUNT }]);
    expect((await jobs()).reduce((sum, { processed }) => sum + processed, 0)).toBe(COUNT);
    expect(await stage.differences()).toEqual([]);
  });

  it('are found again when the CRM does not know their job any more', async () => {
    await changeAll();
    const worker = bulkWorker(stage, MANY, () => ({ writeStatus: async () => ({ state: 'gone', message: null, processed: 0 }) }));
    await pushThrough(stage, worker);
    await stage.settle();
    expect(await stage.differences()).toEqual([]);
    expect(await stage.issues()).toMatchObject([
      { code: 'BULK_JOB_FAILED', message: expect.stringContaining('not known to the CRM any more') },
    ]);
  });

  it('go by single calls where no job may be made', async () => {
    await changeAll();
    const refuse = async (): Promise<never> => {
      throw new CrmFailure('CRM_PERMISSION_DENIED', 'API_DISABLED_FOR_ORG: no');
    };
    expect(
      await pushThrough(
        stage,
        bulkWorker(stage, MANY, () => ({ openWrite: refuse })),
      ),
    ).toMatchObject({ written: COUNT });
    expect(await stage.differences()).toEqual([]);
  });

  it('lie beside those that hang on the same partner, in a job and in single calls alike', async () => {
    const partners = [await stage.addPartner(), await stage.addPartner(), await stage.addPartner()];
    await stage.settle();
    await stage.db.transaction().execute(async (trx) => {
      for (const [index, id] of ids.entries())
        await trx
          .updateTable('registration')
          .set({ partner_id: partners[index % 3] ?? '', external_id: id })
          .where('id', '=', id)
          .execute();
      await queuePush(trx, [CRM], 'registration', ids);
    });
    const changes = (written: readonly string[]): number =>
      written.filter((partner, index) => index > 0 && partner !== written[index - 1]).length;
    const sent: string[] = [];
    const parentOf = (write: { readonly parents?: Readonly<Record<string, { readonly value: string }>> }): string =>
      write.parents?.['Partner__c']?.value ?? '';
    const single = stage.workerOn((port) => ({
      write: async (object, rows) => {
        sent.push(...rows.map(parentOf));
        return port.write(object, rows.slice(0, 0));
      },
    }));
    await single.pushBatch(CRM, 'registration');
    expect(sent).toHaveLength(COUNT);
    expect(changes(sent)).toBe(2);

    const uploaded: string[] = [];
    const worker = bulkWorker(stage, MANY, (bulk) => ({
      upload: async (object, job, rows) => {
        uploaded.length = 0;
        for await (const row of rows()) uploaded.push(parentOf(row));
        await bulk.upload(object, job, rows);
      },
    }));
    await pushThrough(stage, worker);
    expect(uploaded).toHaveLength(COUNT);
    expect(changes(uploaded)).toBe(2);
    expect(await stage.differences()).toEqual([]);
  });

  async function abortAll(): Promise<void> {
    for (const { remote_id: id } of await jobsOf(stage)) await stage.port.bulk?.abort(id ?? '');
  }
});

/** A worker that ends before, within or after one step of a job. */
function killedIn(bulk: BulkPort, step: string, moment: 'before' | 'within' | 'after'): Partial<BulkPort> {
  const die = (): never => {
    throw new Error('killed');
  };
  switch (step) {
    case 'openWrite':
      return {
        openWrite: async (object, target) => {
          if (moment === 'after') await bulk.openWrite(object, target);
          return die();
        },
      };
    case 'upload':
      return {
        upload: async (object, job, rows) => {
          if (moment === 'before') die();
          await bulk.upload(object, job, moment === 'within' ? () => cutOff(rows()) : rows);
          die();
        },
      };
    case 'close':
      return {
        close: async (job) => {
          if (moment === 'after') await bulk.close(job);
          die();
        },
      };
    case 'writeStatus':
      return { writeStatus: async () => die() };
    default:
      return { outcomes: (job, target) => (moment === 'before' ? cutOff(nothing()) : cutOff(bulk.outcomes(job, target))) };
  }
}

async function* nothing(): AsyncGenerator<never> {}

/** The first few, and then the end of the process. */
async function* cutOff<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
  let count = 0;
  for await (const item of items) {
    if ((count += 1) > 10) break;
    yield item;
  }
  throw new Error('killed');
}

async function* refusing(outcomes: AsyncIterable<BulkOutcome>, count: number): AsyncGenerator<BulkOutcome> {
  let left = count;
  for await (const each of outcomes) {
    left -= 1;
    if (left >= 0) yield { ...each, outcome: { kind: 'refused', code: 'CRM_VALUE_INVALID', retryable: false, message: 'no', fields: [] } };
    else yield each;
  }
}

async function* withUnknownColumn(
  rows: ReturnType<Parameters<BulkPort['upload']>[2]>,
): ReturnType<Parameters<BulkPort['upload']>[2]> & AsyncGenerator {
  for await (const row of rows) yield { ...row, fields: { ...row.fields, Nowhere__c: 'x' } };
}
