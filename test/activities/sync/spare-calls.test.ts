import { readConnection } from '../../../store/connection.ts';
import { openSyncStage, type SyncStage } from '../../support/sync-stage.ts';

jest.setTimeout(60_000);

describe('sync when the calls of the day run short', () => {
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

  const use = (used: number) => stage.control('limits', { dailyApiRequests: 10_000, used });
  const held = async () => (await readConnection(stage.db, 'salesforce'))?.calls?.held;
  const minutesLater = (minutes: number) => stage.workerWith({ now: () => new Date(Date.now() + minutes * 60_000).toISOString() });

  it('lets copies for looking things up wait from the soft share on, and carries what people edit', async () => {
    await use(8_500);
    await stage.pull('registration');
    expect(await held()).toBe('background');

    const { reads } = await stage.callsDuring(async () => {
      for (const objectType of ['user', 'account'] as const)
        expect(await stage.sync.pullPage('salesforce', objectType)).toMatchObject({
          state: 'paused',
          reason: expect.stringMatching(/^waits for calls: 85\d\d of 10000 used today$/),
        });
    });
    expect(reads).toBe(0);

    await stage.editRegistration(id, { estimatedValue: '31000.00' });
    await stage.rep.edit('partner', await stage.remoteId('partner', (await stage.registration(id)).partnerId), { Name: 'Aster Group' });
    await stage.settle();
    expect(await stage.differences()).toEqual([]);
  });

  it('lets all sync wait from the hard share on, loses nothing, and goes on when calls came back', async () => {
    await use(9_600);
    await stage.pull('registration');
    await stage.editRegistration(id, { estimatedValue: '31000.00' });

    const waiting = await stage.callsDuring(async () => {
      expect(await stage.sync.pullPage('salesforce', 'registration')).toMatchObject({ state: 'parked', reason: 'CRM_ALLOWANCE_EXHAUSTED' });
      expect(await stage.push('registration')).toEqual({ written: 0, refused: 0 });
    });
    expect(waiting).toEqual({ reads: 0, writes: 0 });

    await use(100);
    const later = minutesLater(10);
    await stage.settle(later);
    expect(await held()).toBeNull();
    expect(await stage.differences()).toEqual([]);
  });

  it('looks again after ten minutes at the price of one cycle, and waits on where nothing came back', async () => {
    await use(9_600);
    await stage.pull('registration');
    const later = minutesLater(10);
    await stage.pull('registration', later);
    expect(await later.pullPage('salesforce', 'registration')).toMatchObject({ state: 'parked' });
  });

  it('keeps what was told before a call failed', async () => {
    await use(9_600);
    await stage.rep.edit('registration', await stage.remoteId('registration', id), { Estimated_Value__c: 31000 });
    await stage.faults({ method: 'GET', path: '/query', nth: 2, fault: 'unavailable' });
    await expect(stage.pull('registration')).rejects.toMatchObject({ type: 'CRM_UNAVAILABLE' });
    await stage.faults();
    expect(await held()).toBe('all');
  });
});
