import type { SyncActivities } from '../../../activities/contract.ts';
import type { CrmPort } from '../../../crm/port.ts';
import { hubspotMapping } from '../../../mappings/hubspot/mapping.ts';
import { readConnection, registerConnection } from '../../../store/connection.ts';
import { openHubspotFixture, type HubspotFixture } from '../../crm/hubspot/sandbox-fixture.ts';
import { openSyncStage, type SyncStage } from '../../support/sync-stage.ts';

jest.setTimeout(60_000);

const HOUR_MS = 3_600_000;

describe('the calls of a HubSpot portal’s day', () => {
  let stage: SyncStage;
  let fixture: HubspotFixture;
  /** How far the worker's clock, and with it the portal's, went on since the test began. */
  let laterMs: number;

  beforeAll(async () => {
    stage = await openSyncStage();
  });
  beforeEach(async () => {
    await stage.reset();
    laterMs = 0;
    // Ten o'clock in New York; the clocks of portal and worker are months apart.
    const beganMs = Date.now();
    fixture = await openHubspotFixture({}, { now: () => Date.parse('2026-03-02T15:00:00.000Z') + Date.now() - beganMs });
    await registerConnection(stage.db, 'hubspot', stage.deps.now());
  });
  afterEach(() => fixture.close());
  afterAll(() => stage.close());

  const workerOf = (port: CrmPort): SyncActivities =>
    stage.workerWith({
      connections: new Map([['hubspot', { port, mapping: hubspotMapping }]]),
      now: () => new Date(Date.now() + laterMs).toISOString(),
    });
  const goOn = async (byMs: number): Promise<void> => {
    laterMs += byMs;
    await fixture.advanceClock(byMs);
  };
  const calls = async () => (await readConnection(stage.db, 'hubspot'))?.calls ?? null;
  /** Has the portal allow so many times the calls that were made. */
  const allow = async (port: CrmPort, times: number): Promise<void> =>
    fixture.control('limits', { daily: Math.floor((port.usage()?.used ?? 1) * times) });
  const PARKED = { state: 'parked', reason: 'CRM_ALLOWANCE_EXHAUSTED' };

  it('that are used up park sync until midnight of the portal, which nobody had to configure, and it goes on by itself', async () => {
    const worker = workerOf(fixture.crm);
    await worker.pullPage('hubspot', 'registration');
    await allow(fixture.crm, 1.7);
    await worker.pullPage('hubspot', 'registration');
    expect((await calls())?.held).toBeNull();

    await allow(fixture.crm, 1);
    await expect(worker.pullPage('hubspot', 'registration')).rejects.toMatchObject({
      type: 'CRM_ALLOWANCE_EXHAUSTED',
      message: expect.stringMatching(/the portal's day begins anew at 2026-03-03T05:00:00\.000Z of its clock$/),
      nextRetryDelay: undefined,
    });
    const told = await calls();
    expect(told?.held).toBe('all');
    // Fourteen hours on, by the worker's clock.
    expect(Math.abs(Date.parse(told?.resetsAt ?? '') - Date.now() - 14 * HOUR_MS)).toBeLessThan(60_000);

    await fixture.forgetCalls();
    for (const objectType of ['registration', 'partner', 'user'] as const)
      expect(await worker.pullPage('hubspot', objectType)).toMatchObject(PARKED);
    await goOn(HOUR_MS - 60_000);
    expect(await worker.pullPage('hubspot', 'registration')).toMatchObject(PARKED);
    expect(await fixture.calls()).toBe(0);

    // Somebody looks once an hour, in case the allowance was raised.
    await goOn(120_000);
    await expect(worker.pullPage('hubspot', 'registration')).rejects.toMatchObject({ type: 'CRM_ALLOWANCE_EXHAUSTED' });
    expect(await worker.pullPage('hubspot', 'partner')).toMatchObject(PARKED);
    expect(await fixture.calls()).toBe(1);

    await goOn(13 * HOUR_MS);
    expect(await worker.pullPage('hubspot', 'registration')).toMatchObject({ state: 'running', drained: true });
    expect((await calls())?.held).toBeNull();
    expect(await worker.pullPage('hubspot', 'partner')).toMatchObject({ state: 'running' });
  });

  it('are waited for by a worker that never learnt the time zone, too: it looks again after ten minutes', async () => {
    await fixture.crm.describe('companies');
    await allow(fixture.crm, 1);
    const worker = workerOf(fixture.connect());
    await expect(worker.pullPage('hubspot', 'registration')).rejects.toMatchObject({ type: 'CRM_ALLOWANCE_EXHAUSTED' });
    expect(await calls()).toMatchObject({ held: 'all', resetsAt: null });
    expect(await worker.pullPage('hubspot', 'registration')).toMatchObject(PARKED);
    await goOn(14 * HOUR_MS);
    expect(await worker.pullPage('hubspot', 'registration')).toMatchObject({ state: 'running' });
  });
});
