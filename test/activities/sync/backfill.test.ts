import type { SyncActivities } from '../../../activities/contract.ts';
import { askForBackfill, readBackfills } from '../../../store/backfill.ts';
import type { ObjectType } from '../../../program/vocabulary.ts';
import { bulkWorker, hurry } from '../../support/bulk-worker.ts';
import { openSyncStage, type SyncStage } from '../../support/sync-stage.ts';

jest.setTimeout(180_000);

const CRM = 'salesforce';
const COUNT = 30;
const MANY = 10;

describe('a backfill', () => {
  let stage: SyncStage;
  let ids: readonly string[] = [];

  beforeAll(async () => {
    stage = await openSyncStage();
  });
  beforeEach(async () => {
    await stage.reset();
    ids = await stage.settledRegistrations(COUNT);
    await stage.control('clock', { advanceMs: 10_000 });
  });
  afterAll(() => stage.close());

  const ask = (...objectTypes: readonly ObjectType[]) =>
    stage.db.transaction().execute((trx) => askForBackfill(trx, CRM, objectTypes, stage.deps.now()));

  async function carryOut(worker: SyncActivities): Promise<void> {
    for (let step = 0; step < 500; step += 1) {
      await hurry(stage);
      if ((await worker.backfillStep(CRM)).objectType === null) return;
    }
    throw new Error(`a backfill that does not end: ${JSON.stringify(await readBackfills(stage.db, CRM))}`);
  }

  async function forgetLinks(): Promise<void> {
    await stage.db.deleteFrom('link').where('object_type', '=', 'registration').execute();
  }

  it.each([
    ['as a job', MANY],
    ['by pages', COUNT + 1],
  ])('matches all records anew %s, and writes nothing that is the same', async (_how, bulkFrom) => {
    await forgetLinks();
    await ask('registration');
    const worker = bulkWorker(stage, bulkFrom);
    const { writes } = await stage.callsDuring(async () => {
      await carryOut(worker);
      await stage.settle(worker);
    });
    expect(writes).toBe(0);
    expect(await readBackfills(stage.db, CRM)).toMatchObject([{ objectType: 'registration', state: 'done', done: COUNT, total: COUNT }]);
    expect(await stage.differences()).toEqual([]);
    for (const id of ids) expect(await stage.link('registration', id)).toBeDefined();
  });

  it('takes what was missed, and queues what the CRM lacks', async () => {
    const [id = '', lacking = ''] = ids;
    await stage.rep.edit('registration', await stage.remoteId('registration', id), { Estimated_Value__c: 44_000 });
    await stage.control('clock', { advanceMs: 10_000 });
    await stage.db.deleteFrom('link').where('local_id', '=', lacking).execute();
    await stage.rep.edit(
      'registration',
      (await stage.rep.query(`SELECT Id FROM Deal_Registration__c WHERE Registration_Id__c = '${lacking}'`))[0]?.['Id'] as string,
      {
        Registration_Id__c: null,
      },
    );
    await stage.control('clock', { advanceMs: 10_000 });
    // The cursor is beyond both: only a backfill sees them.
    await stage.db.updateTable('sync_cursor').set({ stamp: '2099-01-01T00:00:00.000Z' }).execute();
    await ask('registration');
    await carryOut(bulkWorker(stage, MANY));
    expect((await stage.registration(id)).estimatedValue.amount).toBe('44000.00');
    const queued = await stage.db.selectFrom('push_queue').select('local_id').execute();
    expect(queued.map(({ local_id }) => local_id)).toContain(lacking);
  });

  it('undoes nothing that was written while it was under way', async () => {
    await ask('registration');
    const worker = bulkWorker(stage, MANY);
    let edited = false;
    const slow = bulkWorker(stage, MANY, (bulk) => ({
      readRows: async (...args) => {
        if (!edited) {
          edited = true;
          await stage.editRegistration(ids[0] ?? '', { estimatedValue: '31000.00' });
          expect(await worker.pushBatch(CRM, 'registration')).toMatchObject({ written: 1 });
        }
        return bulk.readRows(...args);
      },
    }));
    await carryOut(slow);
    await stage.settle();
    expect((await stage.registration(ids[0] ?? '')).estimatedValue.amount).toBe('31000.00');
    expect(await stage.decisions(ids[0] ?? '')).toEqual([]);
    expect(await stage.differences()).toEqual([]);
  });

  it('goes on where another worker was killed, and asks for no second job', async () => {
    await forgetLinks();
    await ask('registration');
    let started = 0;
    const killed = bulkWorker(stage, MANY, (bulk) => ({
      startRead: async (request) => {
        started += 1;
        return bulk.startRead(request);
      },
      readRows: async () => {
        throw new Error('killed');
      },
    }));
    await expect(carryOut(killed)).rejects.toThrow('killed');
    await carryOut(bulkWorker(stage, MANY, () => ({ startRead: async () => Promise.reject(new Error('a second job')) })));
    expect(started).toBe(1);
    expect(await readBackfills(stage.db, CRM)).toMatchObject([{ state: 'done', done: COUNT }]);
    expect(await stage.differences()).toEqual([]);
  });

  it('waits at the soft share of the day’s calls and says so, while live edits go on', async () => {
    await ask('registration');
    await stage.control('limits', { dailyApiRequests: 1_000, used: 850 });
    await stage.pull('registration');
    const step = await stage.sync.backfillStep(CRM);
    expect(step).toMatchObject({
      objectType: 'registration',
      done: 0,
      reason: expect.stringMatching(/^waits for calls: \d+ of 1000 used today$/),
    });
    expect(step.nextInMs).toBeGreaterThan(0);
    await stage.editRegistration(ids[0] ?? '', { estimatedValue: '31000.00' });
    expect(await stage.push('registration')).toEqual({ written: 1, refused: 0 });
    expect(await readBackfills(stage.db, CRM)).toMatchObject([{ state: 'waiting', reason: expect.stringContaining('waits for calls') }]);
  });

  it('takes record types one after the other, what others point to first, and asking again while it runs begins nothing anew', async () => {
    await ask('registration', 'account');
    expect((await stage.sync.backfillStep(CRM)).objectType).toBe('account');
    await ask('registration', 'account');
    await carryOut(stage.sync);
    expect(await readBackfills(stage.db, CRM)).toMatchObject([
      { objectType: 'account', state: 'done' },
      { objectType: 'registration', state: 'done' },
    ]);
    expect(await stage.sync.backfillStep(CRM)).toMatchObject({ objectType: null });
  });
});
