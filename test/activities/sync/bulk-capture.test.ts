import type { BulkPort } from '../../../crm/port.ts';
import { bulkWorker, hurry, jobsOf, pullThrough } from '../../support/bulk-worker.ts';
import { openSyncStage, type SyncStage } from '../../support/sync-stage.ts';

jest.setTimeout(180_000);

const CRM = 'salesforce';
/** More than a page of a single call. */
const COUNT = 620;
const MANY = 100;

describe('a long stretch of changes', () => {
  let stage: SyncStage;

  beforeAll(async () => {
    stage = await openSyncStage();
  });
  beforeEach(() => stage.reset());
  afterAll(() => stage.close());

  async function addAccounts(count: number, name = 'Quarry'): Promise<void> {
    const rows = Array.from({ length: count }, (_, index) => ({
      target: { kind: 'external_id', field: 'Partner_Id__c', value: '' } as const,
      fields: { Name: `${name} ${index}` },
    }));
    for (let first = 0; first < rows.length; first += 200) {
      const records = rows.slice(first, first + 200).map(({ fields }) => ({ attributes: { type: 'Account' }, ...fields }));
      const response = await fetch(`${stage.urls.crm}/services/data/v66.0/composite/sobjects`, {
        method: 'POST',
        headers: { authorization: 'Bearer 00D000000000001!rep', 'content-type': 'application/json' },
        body: JSON.stringify({ allOrNone: true, records }),
      });
      if (!response.ok) throw new Error(await response.text());
    }
    // Rows that are younger than two seconds are left to the next page.
    await stage.control('clock', { advanceMs: 10_000 });
  }

  const copies = async () => (await stage.db.selectFrom('crm_account').select('name').execute()).length;

  it('is read as a job, and what changes after it by pages from there', async () => {
    await addAccounts(COUNT);
    const worker = bulkWorker(stage, MANY);
    const started: string[] = [];
    const watched = bulkWorker(stage, MANY, (bulk) => ({
      startRead: async (request) => {
        started.push(request.before);
        return bulk.startRead(request);
      },
    }));
    expect(await pullThrough(stage, watched, 'account')).toBeGreaterThanOrEqual(COUNT);
    expect(started).toHaveLength(1);
    expect(await copies()).toBe(COUNT);
    await addAccounts(1, 'Later');
    expect(await pullThrough(stage, worker, 'account')).toBe(1);
    expect(await copies()).toBe(COUNT + 1);
  });

  it('is read by pages where it is shorter than that', async () => {
    await addAccounts(COUNT);
    await pullThrough(stage, bulkWorker(stage, COUNT), 'account');
    expect(await copies()).toBe(COUNT);
    expect((await stage.db.selectFrom('bulk_job').select('id').execute()).length).toBe(0);
  });

  it.each([
    ['before it asks for the job', (bulk: BulkPort) => ({ startRead: killedBefore(bulk) })],
    [
      'when it asked and nobody knows the id',
      (bulk: BulkPort) => ({ startRead: async (request: Parameters<BulkPort['startRead']>[0]) => (await bulk.startRead(request), die()) }),
    ],
    ['while it waits', () => ({ readStatus: die })],
    [
      'within the rows',
      (bulk: BulkPort) => ({
        readRows: async (...args: Parameters<BulkPort['readRows']>) => ({
          ...(await bulk.readRows(...args)),
          rows: cutOff((await bulk.readRows(...args)).rows),
        }),
      }),
    ],
  ] as const)('is read on by another worker when one is killed %s', async (_when, wrap) => {
    await addAccounts(COUNT);
    await expect(pullThrough(stage, bulkWorker(stage, MANY, wrap), 'account')).rejects.toThrow('killed');
    await pullThrough(stage, bulkWorker(stage, MANY), 'account');
    expect(await copies()).toBe(COUNT);
  });

  it('is read by pages where the org fails the job, or gives none', async () => {
    await addAccounts(COUNT);
    const failing = bulkWorker(stage, MANY, () => ({
      readStatus: async () => ({ state: 'failed', message: 'QUERY_TIMEOUT', processed: 0 }),
    }));
    await pullThrough(stage, failing, 'account');
    expect(await copies()).toBe(COUNT);
    expect(await jobsOf(stage)).toMatchObject([{ work: 'capture', phase: 'refused' }]);
  });

  it('does not undo what was agreed on since the job ran', async () => {
    const ids = await stage.settledRegistrations(MANY);
    await stage.control('clock', { advanceMs: 10_000 });
    await stage.db.updateTable('sync_cursor').set({ stamp: null }).where('object_type', '=', 'registration').execute();
    const worker = bulkWorker(stage, MANY);
    // A page is not full with so few: the job is begun as a full page would begin it.
    await stage.db
      .insertInto('bulk_job')
      .values({
        id: crypto.randomUUID(),
        connection: CRM,
        object_type: 'registration',
        work: 'capture',
        phase: 'asking',
        remote_id: await startRead(),
        position: null,
        before_stamp: null,
        closed_at: null,
      })
      .execute();
    await hurry(stage);
    const [id = '', other = ''] = ids;
    await stage.editRegistration(id, { estimatedValue: '31000.00' });
    await stage.push('registration');
    const remoteId = await stage.remoteId('registration', other);
    await stage.rep.edit('registration', remoteId, { Estimated_Value__c: 44_000 });
    await pullThrough(stage, worker);
    await stage.settle();
    expect((await stage.registration(id)).estimatedValue.amount).toBe('31000.00');
    expect((await stage.registration(other)).estimatedValue.amount).toBe('44000.00');
    expect(await stage.decisions(id)).toEqual([]);
    expect(await stage.differences()).toEqual([]);
  });

  async function startRead(): Promise<string> {
    const { bulk } = stage.port;
    if (bulk === undefined) throw new Error('the CRM has no jobs');
    const fields = [
      'Registration_Id__c',
      'Status__c',
      'Estimated_Value__c',
      'Estimated_Currency__c',
      'Expected_Close_Date__c',
      'Customer__c',
    ];
    const id = await bulk.startRead({
      object: 'Deal_Registration__c',
      fields,
      from: null,
      before: '2099-01-01T00:00:00.000Z',
      isOrdered: true,
    });
    while ((await bulk.readStatus(id)).state !== 'complete') await new Promise(setImmediate);
    return id;
  }
});

function die(): never {
  throw new Error('killed');
}

function killedBefore(_bulk: BulkPort): () => Promise<string> {
  return async () => die();
}

async function* cutOff<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
  let count = 0;
  for await (const item of items) {
    if ((count += 1) > 100) die();
    yield item;
  }
}
