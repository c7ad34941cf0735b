import { sql, type KyselyPlugin } from 'kysely';
import { queuePush, readDuePushes } from '../../../store/push-queue.ts';
import { openSyncStage, type SyncStage } from '../../support/sync-stage.ts';

jest.setTimeout(120_000);

const WRITE_ROWS = 200;
const READ_ROWS = 500;

describe('the calls that sync makes', () => {
  let stage: SyncStage;

  beforeAll(async () => {
    stage = await openSyncStage();
  });
  beforeEach(() => stage.reset());
  afterAll(() => stage.close());

  it.each([1, 100, 450])('for %d changed registrations keep to the floor: writes by 200, and three reads a page', async (count) => {
    const ids = await stage.settledRegistrations(count);
    // What was settled is behind the cursor for good, and the minute between two sweeps has begun.
    await stage.control('clock', { advanceMs: 61_000 });
    await stage.cycle();
    await stage.control('clock', { advanceMs: 10_000 });
    for (const id of ids) await stage.editRegistration(id, { estimatedValue: '31000.00' });
    const calls = await stage.callsDuring(async () => {
      expect(await stage.push('registration')).toEqual({ written: count, refused: 0 });
      await stage.control('clock', { advanceMs: 10_000 });
      expect(await stage.pull('registration')).toBe(count);
    });
    expect(calls.writes).toBe(Math.ceil(count / WRITE_ROWS));
    expect(calls.reads).toBeLessThanOrEqual(3 * Math.ceil(count / READ_ROWS));
    expect(await stage.differences()).toEqual([]);
    // No echo: what was written and read back plans nothing.
    expect(await stage.callsDuring(() => stage.push('registration'))).toEqual({ writes: 0, reads: 0 });
  });

  it.each([1, 100, 600])('need the same few statements in the store for %d changed registrations', async (count) => {
    const ids = await stage.settledRegistrations(count);
    await stage.db.updateTable('registration').set({ value_amount: '31000.00' }).execute();
    await stage.db.transaction().execute((trx) => queuePush(trx, ['salesforce'], 'registration', ids));
    const statements = countStatements();
    const batch = await stage.workerWith({ db: stage.db.withPlugin(statements.plugin) }).pushBatch('salesforce', 'registration');
    expect(batch).toMatchObject({ written: count, dueNow: 0 });
    // Two of them ask for jobs, which single calls leave to themselves.
    expect(statements.count()).toBeLessThanOrEqual(47);
  });

  it('are one read a poll and record type when nothing happens, and no write', async () => {
    await stage.settledRegistrations(3);
    await stage.control('clock', { advanceMs: 61_000 });
    await stage.cycle();
    await stage.control('clock', { advanceMs: 5_000 });
    expect(await stage.callsDuring(() => stage.cycle())).toEqual({ writes: 0, reads: 2 });
  });

  it('for a rep’s edit are no write at all', async () => {
    const [id = ''] = await stage.settledRegistrations(1);
    await stage.rep.edit('registration', await stage.remoteId('registration', id), { Estimated_Value__c: 31000 });
    expect((await stage.callsDuring(() => stage.settle())).writes).toBe(0);
    expect((await stage.registration(id)).estimatedValue.amount).toBe('31000.00');
  });

  it('for a push that changed nothing after all are no write', async () => {
    const [id = ''] = await stage.settledRegistrations(1);
    await stage.editRegistration(id, { estimatedValue: '31000.00' });
    await stage.editRegistration(id, { estimatedValue: '20000.00' });
    expect(await stage.sync.pushBatch('salesforce', 'registration')).toMatchObject({ written: 0, unchanged: 1 });
  });

  it('carry only the fields that changed', async () => {
    const [id = ''] = await stage.settledRegistrations(1);
    await stage.editRegistration(id, { estimatedValue: '31000.00' });
    const written: unknown[] = [];
    const watched = stage.workerOn((port) => ({
      write: async (object, rows) => {
        written.push(...rows.map((row) => row.fields));
        return port.write(object, rows);
      },
    }));
    await stage.push('registration', watched);
    expect(written).toEqual([{ Estimated_Value__c: 31000 }]);
  });

  it('hold no more than three write batches in memory, however much is queued', async () => {
    await stage.settledRegistrations(700);
    await sql`
      insert into push_queue (connection, object_type, local_id, not_before, queued_at)
      select 'salesforce', 'registration', id, now(), now() from registration`.execute(stage.db);
    expect(await stage.sync.pushBatch('salesforce', 'registration')).toMatchObject({ unchanged: 600, dueNow: 100 });
    expect(await readDuePushes(stage.db, 'salesforce', 'registration', 1_000)).toHaveLength(100);
  });
});

/** Counts every statement of a database that it is plugged into, its transactions included. */
function countStatements(): { readonly plugin: KyselyPlugin; readonly count: () => number } {
  let count = 0;
  return {
    plugin: {
      transformQuery: ({ node }) => {
        count += 1;
        return node;
      },
      transformResult: async ({ result }) => result,
    },
    count: () => count,
  };
}
