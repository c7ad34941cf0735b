import { openHubspotStage, type HubspotStage } from '../../support/hubspot-stage.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';

jest.setTimeout(120_000);

const DEALS = '/crm/v3/objects/deals';
const PLACE = ['pipeline', 'dealstage', 'sync_note'];

describe('a registration that is a deal, and that a rep moves to a pipeline of the sales team', () => {
  let postgres: TestPostgres;
  let stage: HubspotStage;
  beforeAll(async () => {
    postgres = await startTestPostgres();
  });
  afterAll(() => postgres.stop());
  beforeEach(async () => {
    stage = await openHubspotStage(postgres, { indexDelayMs: 0 }, 'deals');
    // There is no inbound address: the poll has to see it.
    await stage.portal.control('webhooks', { hold: true });
    await stage.pull('user');
  });
  afterEach(() => stage.close());

  it('goes back with a note, and is no opportunity meanwhile', async () => {
    const [{ id, remoteId } = { id: '', remoteId: '' }] = await stage.settledRegistrations(1);
    await stage.portal.advanceClock(60_000);
    await stage.rep('PATCH', `${DEALS}/${remoteId}`, { properties: { pipeline: 'default', dealstage: 'contractsent' } });
    for (const objectType of ['registration', 'opportunity'] as const) await stage.pull(objectType);
    expect(await stage.db.selectFrom('crm_opportunity').select('remote_id').execute()).toEqual([]);
    await stage.push('registration');
    const [row] = await stage.portal.crm.read('deals', [remoteId], PLACE);
    expect(row?.fields).toEqual({
      pipeline: 'deal_registration',
      dealstage: 'registration_submitted',
      sync_note: expect.stringMatching(/^(pipeline, stage|stage, pipeline): kept by the partner program/),
    });
    const claim = await stage.db.selectFrom('registration').select(['status', 'ended_at']).where('id', '=', id).executeTakeFirst();
    expect(claim).toEqual({ status: 'submitted', ended_at: null });
    await stage.pull('registration');
    expect(await stage.push('registration')).toBe(0);
  });
});
