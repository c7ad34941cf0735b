import type { Database, Transaction } from '../../../store/database.ts';
import { readLinksByLocal } from '../../../store/link.ts';
import { readRegistrations } from '../../../store/registration.ts';
import { readCursor } from '../../../store/sync-cursor.ts';
import { openSyncStage, type SyncStage } from '../../support/sync-stage.ts';

jest.setTimeout(120_000);

const MINUTE_MS = 60_000;

describe('capture', () => {
  let stage: SyncStage;

  beforeAll(async () => {
    stage = await openSyncStage();
  });
  beforeEach(() => stage.reset());
  afterAll(() => stage.close());

  const passMs = (advanceMs: number) => stage.control('clock', { advanceMs });

  /** Registrations that are in the CRM, settled, oldest first. */
  async function linked(count: number): Promise<readonly { readonly id: string; readonly remoteId: string }[]> {
    const ids = await stage.settledRegistrations(count);
    const links = await readLinksByLocal(stage.db, 'salesforce', 'registration', ids);
    return ids.map((id) => ({ id, remoteId: links.get(id)?.remoteId ?? '' }));
  }

  /** Gives rows the stamp of a moment `ahead` of now, which the clock may have passed. */
  const restamp = (remoteIds: readonly (string | undefined)[], aheadMs: number, nowMs = Date.now()) =>
    stage.control('stamp', {
      sobject: 'Deal_Registration__c',
      ids: remoteIds,
      systemModstamp: new Date(nowMs + aheadMs).toISOString(),
    });

  async function valuesOf(ids: readonly (string | undefined)[]): Promise<readonly string[]> {
    const found = await readRegistrations(
      stage.db,
      ids.map((id) => id ?? ''),
    );
    const byId = new Map(found.map((registration) => [registration.registrationId, registration.estimatedValue.amount]));
    return ids.map((id) => byId.get(id ?? '') ?? 'none');
  }

  it('reads on over 500 rows, also when all of them carry one stamp and pages end in their middle', async () => {
    const records = await linked(1_001);
    const remoteIds = records.map(({ remoteId }) => remoteId);
    await stage.rep.editAll(remoteIds, { Estimated_Value__c: 31000 });
    await restamp(remoteIds, MINUTE_MS);
    await passMs(2 * MINUTE_MS);
    expect(await stage.pull('registration')).toBe(1_001);
    expect(new Set(await valuesOf(records.map(({ id }) => id)))).toEqual(new Set(['31000.00']));
  });

  /** The org's clock, `ms` after the beginning of a second that nothing has been stamped with yet. */
  function aNewSecond(): (ms: number) => Promise<void> {
    const startMs = Math.ceil(Date.now() / 1_000) * 1_000 + 5 * MINUTE_MS;
    return (ms) => stage.control('clock', { now: startMs + ms });
  }

  it('sees a row that changes twice within one second, on either side of a pull', async () => {
    const [{ id, remoteId } = { id: '', remoteId: '' }] = await linked(1);
    const at = aNewSecond();
    await at(100);
    await stage.rep.edit('registration', remoteId, { Estimated_Value__c: 31000 });
    await at(200);
    await stage.pull('registration');
    await at(300);
    await stage.rep.edit('registration', remoteId, { Estimated_Value__c: 32000 });
    await passMs(10_000);
    await stage.pull('registration');
    expect((await stage.registration(id)).estimatedValue.amount).toBe('32000.00');
    // Negative control: once its second is over for long, the row is read no more.
    expect(await stage.pull('registration')).toBe(0);
  });

  it('sees a row that changes twice within one second although later rows came between', async () => {
    const [first, second] = await linked(2);
    const at = aNewSecond();
    await at(100);
    await stage.rep.edit('registration', first?.remoteId ?? '', { Estimated_Value__c: 31000 });
    await at(1_000);
    await stage.rep.edit('registration', second?.remoteId ?? '', { Estimated_Value__c: 31000 });
    // Read at the end of the first second as far as the row was saved, and with rows that were committed in the next one.
    await at(1_100);
    await stage.pull('registration');
    await at(200);
    await stage.rep.edit('registration', first?.remoteId ?? '', { Estimated_Value__c: 32000 });
    await at(10_000);
    await stage.pull('registration');
    expect((await stage.registration(first?.id ?? '')).estimatedValue.amount).toBe('32000.00');
  });

  it('finds rows that were committed late with an early stamp, at the next sweep', async () => {
    const [early, late] = await linked(2);
    await passMs(20 * MINUTE_MS);
    await stage.rep.edit('registration', early?.remoteId ?? '', { Estimated_Value__c: 31000 });
    await passMs(10_000);
    await stage.pull('registration');
    await stage.rep.edit('registration', late?.remoteId ?? '', { Estimated_Value__c: 32000 });
    await restamp([late?.remoteId], 15 * MINUTE_MS);
    // Negative control: it lies behind the cursor, so before the sweep nobody sees it.
    await stage.pull('registration');
    expect(await valuesOf([late?.id])).toEqual(['20000.00']);
    await passMs(MINUTE_MS);
    await stage.pull('registration');
    expect(await valuesOf([early?.id, late?.id])).toEqual(['31000.00', '32000.00']);
  });

  it('finds an edit that was committed late under the very stamp that we hold, when the row leaves the overlap', async () => {
    const [{ id, remoteId } = { id: '', remoteId: '' }] = await linked(1);
    const nowMs = Date.now();
    const edit = async (value: number): Promise<void> => {
      await stage.rep.edit('registration', remoteId, { Estimated_Value__c: value });
      await restamp([remoteId], 20 * MINUTE_MS, nowMs);
    };
    await passMs(20 * MINUTE_MS);
    await edit(31000);
    await passMs(10_000);
    await stage.pull('registration');
    await edit(32000);
    for (let minute = 0; minute < 9; minute += 1) {
      await passMs(MINUTE_MS);
      await stage.pull('registration');
    }
    // Negative control: neither the cursor nor a sweep of ids and stamps leads back to it.
    expect(await valuesOf([id])).toEqual(['31000.00']);
    await passMs(2 * MINUTE_MS);
    expect(await stage.pull('registration')).toBe(1);
    expect(await valuesOf([id])).toEqual(['32000.00']);
    // It is read once more, and no more.
    await passMs(2 * MINUTE_MS);
    expect(await stage.pull('registration')).toBe(0);
  });

  it('sweeps from where the last sweep was, however long nobody pulled since', async () => {
    const [early, late] = await linked(2);
    await passMs(20 * MINUTE_MS);
    await stage.rep.edit('registration', early?.remoteId ?? '', { Estimated_Value__c: 31000 });
    await passMs(10_000);
    await stage.pull('registration');
    await stage.rep.edit('registration', late?.remoteId ?? '', { Estimated_Value__c: 32000 });
    await restamp([late?.remoteId], 15 * MINUTE_MS);
    await passMs(3 * 60 * MINUTE_MS);
    // It moves the cursor far beyond the overlap.
    await stage.rep.edit('registration', early?.remoteId ?? '', { Estimated_Value__c: 33000 });
    await passMs(10_000);
    await stage.pull('registration');
    expect(await valuesOf([early?.id, late?.id])).toEqual(['33000.00', '32000.00']);
  });

  it('sweeps a page a call, and goes on where it ended when the worker was killed between', async () => {
    const [first, ...late] = await linked(6);
    await passMs(20 * MINUTE_MS);
    await stage.rep.edit('registration', first?.remoteId ?? '', { Estimated_Value__c: 31000 });
    await passMs(10_000);
    await stage.pull('registration');
    const lateIds = late.map(({ remoteId }) => remoteId);
    await stage.rep.editAll(lateIds, { Estimated_Value__c: 32000 });
    await restamp(lateIds, 15 * MINUTE_MS);
    await passMs(MINUTE_MS);
    const sweptIds: string[] = [];
    const workerWithSmallPages = () =>
      stage.workerOn((port) => ({
        capture: async (request) => {
          if (request.fields.length > 0) return port.capture(request);
          const page = await port.capture({ ...request, limit: 2 });
          sweptIds.push(...page.rows.map((row) => row.id));
          return page;
        },
      }));
    expect(await workerWithSmallPages().pullPage('salesforce', 'registration')).toMatchObject({ rows: 2, drained: false });
    await expect(stage.workerWith({ db: failingBeforeCommit(stage.db) }).pullPage('salesforce', 'registration')).rejects.toThrow(
      'killed before the commit',
    );
    await stage.pull('registration', workerWithSmallPages());
    expect(await valuesOf(late.map(({ id }) => id))).toEqual(late.map(() => '32000.00'));
    // Nothing was swept twice, and the next sweep is a minute away.
    expect(sweptIds.toSorted()).toEqual([...new Set(sweptIds)].toSorted());
    expect(sweptIds).toEqual(expect.arrayContaining(lateIds));
    expect(await readCursor(stage.db, 'salesforce', 'registration')).toMatchObject({ sweep: null });
    expect(await stage.pull('registration', workerWithSmallPages())).toBe(0);
  });

  it('plans nothing for rows that it reads again', async () => {
    await linked(3);
    for (let sweep = 0; sweep < 3; sweep += 1) {
      await passMs(2 * MINUTE_MS);
      expect((await stage.callsDuring(() => stage.cycle())).writes).toBe(0);
    }
    expect(await stage.db.selectFrom('sync_decision').selectAll().execute()).toEqual([]);
  });

  it('commits the cursor with the rows: a crash before the commit repeats the page', async () => {
    const [{ id, remoteId } = { id: '', remoteId: '' }] = await linked(1);
    const before = await readCursor(stage.db, 'salesforce', 'registration');
    await passMs(10_000);
    await stage.rep.edit('registration', remoteId, { Estimated_Value__c: 31000 });
    await passMs(10_000);
    const killed = stage.workerWith({ db: failingBeforeCommit(stage.db) });
    await expect(killed.pullPage('salesforce', 'registration')).rejects.toThrow('killed before the commit');
    expect(await readCursor(stage.db, 'salesforce', 'registration')).toEqual(before);
    expect(await valuesOf([id])).toEqual(['20000.00']);
    expect(await stage.pull('registration')).toBe(1);
    expect(await valuesOf([id])).toEqual(['31000.00']);
    expect(await readCursor(stage.db, 'salesforce', 'registration')).not.toEqual(before);
  });

  it('reads the second half of a drain where the first ended when the worker was killed between', async () => {
    const records = await linked(501);
    await stage.rep.editAll(
      records.map(({ remoteId }) => remoteId),
      { Estimated_Value__c: 31000 },
    );
    await passMs(MINUTE_MS / 2);
    expect(await stage.sync.pullPage('salesforce', 'registration')).toMatchObject({ rows: 500, drained: false });
    const other = stage.workerWith({});
    expect(await other.pullPage('salesforce', 'registration')).toMatchObject({ drained: true });
    expect(new Set(await valuesOf(records.map(({ id }) => id)))).toEqual(new Set(['31000.00']));
  });

  it('hands late rows over a page at a time', async () => {
    const [first, ...others] = await linked(601);
    await passMs(20 * MINUTE_MS);
    await stage.rep.edit('registration', first?.remoteId ?? '', { Estimated_Value__c: 31000 });
    await passMs(10_000);
    await stage.pull('registration');
    await restamp(
      others.map(({ remoteId }) => remoteId),
      15 * MINUTE_MS,
    );
    await passMs(2 * MINUTE_MS);
    let most = 0;
    const watched = stage.workerOn((port) => ({
      read: async (object, ids, fields) => {
        most = Math.max(most, ids.length);
        return port.read(object, ids, fields);
      },
    }));
    expect(await watched.pullPage('salesforce', 'registration')).toMatchObject({ rows: 600, drained: true });
    expect(most).toBe(500);
  });
});

/** A database whose transactions do all of their work and then never commit. */
function failingBeforeCommit(db: Database): Database {
  return new Proxy(db, {
    get(target, property, receiver) {
      if (property !== 'transaction') {
        const value: unknown = Reflect.get(target, property, receiver);
        return typeof value === 'function' ? value.bind(target) : value;
      }
      return () => ({
        execute: (work: (trx: Transaction) => Promise<unknown>) =>
          target.transaction().execute(async (trx) => {
            await work(trx);
            throw new Error('killed before the commit');
          }),
      });
    },
  });
}
