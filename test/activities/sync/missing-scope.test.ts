import { openHubspotStage, type HubspotStage } from '../../support/hubspot-stage.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';
import { createSyncActivities } from '../../../activities/sync/sync-activities.ts';
import type { SyncActivities } from '../../../activities/contract.ts';

jest.setTimeout(120_000);

describe('a scope that the token of a portal lacks', () => {
  let postgres: TestPostgres;
  let stage: HubspotStage;
  let linked = '';
  let minutes = 0;

  beforeAll(async () => {
    postgres = await startTestPostgres();
    stage = await openHubspotStage(postgres, { indexDelayMs: 0 });
    [linked = ''] = (await stage.settledRegistrations(1)).map(({ id }) => id);
  });
  afterAll(async () => {
    await stage.close();
    await postgres.stop();
  });
  afterEach(() => withhold([]));

  const withhold = (without: readonly string[]) => stage.portal.control('scopes', { token: 'pat-sandbox-integration', without });
  /** A worker that has not looked at the portal yet, and whose clock has gone on by `minutes`. */
  const startWorker = (): SyncActivities => {
    const [connection] = stage.deps.connections.values();
    if (connection === undefined) throw new Error('the stage has no connection');
    return createSyncActivities({
      ...stage.deps,
      connections: new Map([['hubspot', { ...connection, port: stage.portal.connect({ connection: 'hubspot' }) }]]),
      now: () => new Date(Date.now() + minutes * 60_000).toISOString(),
    });
  };
  const issues = () =>
    stage.db
      .selectFrom('sync_issue')
      .select(['code', 'category', 'message', 'remedy', 'local_id'])
      .where('status', '=', 'open')
      .orderBy('code')
      .execute();

  it('to read is told once for the kind of record, which is parked; it goes on once the scope is there', async () => {
    await withhold(['crm.objects.custom.read', 'crm.schemas.custom.read']);
    const worker = startWorker();
    expect(await worker.pullPage('hubspot', 'registration')).toMatchObject({ state: 'parked' });
    expect(await worker.pullPage('hubspot', 'partner')).toMatchObject({ state: 'running' });
    expect(await issues()).toMatchObject([
      {
        code: 'TYPE_NOT_SET_UP',
        local_id: null,
        message: expect.stringContaining('deal_registration'),
        remedy: expect.stringContaining('Give the connection the right'),
      },
    ]);
    await withhold([]);
    minutes = 11;
    expect(await worker.pullPage('hubspot', 'registration')).toMatchObject({ state: 'running' });
    expect(await issues()).toEqual([]);
  });

  it('to write is told for the kind of record and with what waits, nothing is lost, and it is written once the scope is there', async () => {
    minutes = 0;
    await withhold(['crm.objects.custom.write']);
    const worker = startWorker();
    await stage.editEstimatedValue(linked, '31000.00');
    await worker.pullPage('hubspot', 'registration');
    await worker.pushBatch('hubspot', 'registration');
    const told = await issues();
    expect(told.map(({ code, local_id: id }) => [code, id])).toEqual([
      ['CRM_PERMISSION_DENIED', linked],
      ['FIELDS_DO_NOT_FIT', null],
    ]);
    await withhold([]);
    minutes = 22;
    await worker.pullPage('hubspot', 'registration');
    await worker.pushBatch('hubspot', 'registration');
    expect(await issues()).toEqual([]);
    expect(await stage.estimatedValue(linked)).toBe('31000.00');
    const record = (await stage.portal.call(
      'GET',
      `/crm/v3/objects/deal_registration/${linked}?idProperty=registration_id&properties=estimated_value`,
    )) as {
      properties: { estimated_value: string };
    };
    expect(Number(record.properties.estimated_value)).toBe(31_000);
  });
});
