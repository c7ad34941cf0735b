import { sql } from 'kysely';
import { listAudit } from '../../../store/audit.ts';
import { readConnection, setConnectionState } from '../../../store/connection.ts';
import { openSyncStage, WRITE, type SyncStage } from '../../support/sync-stage.ts';

jest.setTimeout(60_000);

describe('a call that fails as a whole', () => {
  let stage: SyncStage;
  let id = '';

  beforeAll(async () => {
    stage = await openSyncStage();
  });
  beforeEach(async () => {
    await stage.reset();
    [id = ''] = await stage.settledRegistrations(1);
  });
  afterAll(() => stage.close());

  const READ = { method: 'GET', path: '/query' } as const;

  const FAULTS = [
    ['unavailable', { fault: 'unavailable' }, 'CRM_UNAVAILABLE', false],
    ['the daily allowance is used up', { fault: 'limit' }, 'CRM_ALLOWANCE_EXHAUSTED', false],
    ['too many calls at once', { fault: 'status', status: 429 }, 'CRM_RATE_LIMITED', false],
    ['the session is refused', { fault: 'unauthorized', times: 3 }, 'CRM_AUTH_FAILED', true],
    ['the connection is cut', { fault: 'drop' }, 'CRM_UNAVAILABLE', false],
    ['half an answer', { fault: 'truncate' }, 'CRM_UNAVAILABLE', false],
  ] as const;

  it.each(FAULTS)('is a typed failure and loses nothing: a pull, %s', async (_what, fault, type, nonRetryable) => {
    await stage.rep.edit('registration', await stage.remoteId('registration', id), { Estimated_Value__c: 31000 });
    await stage.faults({ ...READ, ...fault }, { ...READ, path: '/queryAll', ...fault });
    await expect(stage.pull('registration')).rejects.toMatchObject({ type, nonRetryable });
    await stage.faults();
    await stage.settle();
    expect((await stage.registration(id)).estimatedValue.amount).toBe('31000.00');
  });

  it.each(FAULTS)('is a typed failure and loses nothing: a push, %s', async (_what, fault, type, nonRetryable) => {
    await stage.editRegistration(id, { estimatedValue: '31000.00' });
    await stage.faults({ ...WRITE, ...fault });
    await expect(stage.push('registration')).rejects.toMatchObject({ type, nonRetryable });
    expect(await stage.issues()).toEqual([]);
    await stage.faults();
    await stage.settle();
    expect(await stage.rep.row('registration', await stage.remoteId('registration', id))).toMatchObject({ Estimated_Value__c: 31000 });
    expect(await stage.differences()).toEqual([]);
  });

  it('keeps what the calls before it wrote', async () => {
    const ids = await stage.settledRegistrations(300);
    for (const each of ids) await stage.editRegistration(each, { estimatedValue: '31000.00' });
    await stage.faults({ ...WRITE, nth: 2, fault: 'unavailable' });
    await expect(stage.push('registration')).rejects.toMatchObject({ type: 'CRM_UNAVAILABLE' });
    expect(await stage.db.selectFrom('push_queue').select('local_id').execute()).toHaveLength(ids.length - 200);
    await stage.settle();
    expect(await stage.differences()).toEqual([]);
  });

  it('because the turn was lost with its session writes nothing more: another worker may have it', async () => {
    await stage.editRegistration(id, { estimatedValue: '31000.00' });
    const interrupted = stage.workerOn((port) => ({
      read: async (object, ids, fields) => {
        const rows = await port.read(object, ids, fields);
        await sql`select pg_terminate_backend(pid) from pg_locks join pg_database on pg_database.oid = database where locktype = 'advisory' and datname = current_database()`.execute(
          stage.db,
        );
        return rows;
      },
    }));
    const calls = await stage.callsDuring(() => expect(stage.push('registration', interrupted)).rejects.toThrow(/connection|terminat/i));
    expect(calls.writes).toBe(0);
    await stage.settle();
    expect(await stage.differences()).toEqual([]);
  });

  it('for bad credentials parks the connection: nothing is called until it is resumed', async () => {
    await stage.editRegistration(id, { estimatedValue: '31000.00' });
    await stage.sync.parkConnection('salesforce', 'CRM_AUTH_FAILED');
    expect(await readConnection(stage.db, 'salesforce')).toMatchObject({ state: 'parked', reason: 'CRM_AUTH_FAILED' });
    expect(await listAudit(stage.db, 'connection/salesforce', 10)).toMatchObject([
      { kind: 'parked', actor: 'sync', details: { from: 'running', to: 'parked', code: 'CRM_AUTH_FAILED' } },
    ]);
    const calls = await stage.callsDuring(async () => {
      expect(await stage.sync.pullPage('salesforce', 'registration')).toMatchObject({
        state: 'parked',
        reason: 'CRM_AUTH_FAILED',
        rows: 0,
      });
      expect(await stage.sync.pushBatch('salesforce', 'registration')).toMatchObject({ written: 0, dueNow: 0 });
    });
    expect(calls).toEqual({ writes: 0, reads: 0 });
    await setConnectionState(stage.db, 'salesforce', 'running', null, stage.deps.now());
    await stage.settle();
    expect(await stage.differences()).toEqual([]);
  });

  it('leaves a connection that a person paused as it is', async () => {
    await setConnectionState(stage.db, 'salesforce', 'paused', 'maintenance', stage.deps.now());
    await stage.sync.parkConnection('salesforce', 'CRM_AUTH_FAILED');
    expect(await readConnection(stage.db, 'salesforce')).toMatchObject({ state: 'paused', reason: 'maintenance' });
    expect(await listAudit(stage.db, 'connection/salesforce', 10)).toEqual([]);
  });

  it('of a connection that this worker does not have names those that it has', async () => {
    await expect(stage.sync.pullPage('hubspot', 'partner')).rejects.toThrow(
      'this worker has no connection hubspot; its configuration names: salesforce',
    );
  });
});
