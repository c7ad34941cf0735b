import { savePlace } from '../../../store/place.ts';
import { queuePush } from '../../../store/push-queue.ts';
import { openHubspotStage, PORTAL_CONNECTION, type HubspotStage } from '../../support/hubspot-stage.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';

jest.setTimeout(120_000);

describe('of several records that hold one lookup', () => {
  const CLAIMS = 'deal_registration';
  const PARTNER = 'associations.companies.partner';
  const CUSTOMER = 'associations.companies.customer';
  let postgres: TestPostgres;
  let stage: HubspotStage;
  beforeAll(async () => {
    postgres = await startTestPostgres();
  });
  afterAll(() => postgres.stop());
  beforeEach(async () => {
    stage = await openHubspotStage(postgres, { indexDelayMs: 0 });
    await stage.pull('user');
  });
  afterEach(() => stage.close());

  const company = (name: string): Promise<string> =>
    stage.rep('POST', '/crm/v3/objects/companies', { properties: { name }, associations: [] });
  const read = async (remoteId: string, field: string): Promise<readonly (string | null)[]> => {
    const [found] = await stage.portal.crm.read(CLAIMS, [remoteId], [field]);
    return found?.holders?.[field] ?? [found?.fields[field] as string | null];
  };
  const synced = async (): Promise<void> => {
    await stage.delivered();
    for (let turn = 0; turn < 2; turn += 1) {
      await stage.pull('registration');
      await stage.push('registration');
    }
  };

  it('a second customer is taken for the customer, and the first one keeps its label', async () => {
    const [{ id, remoteId } = { id: '', remoteId: '' }] = await stage.settledRegistrations(1);
    // Whichever of them has the lower id.
    const [low, high] = [await company('Low'), await company('High')];
    await stage.label('create', CLAIMS, remoteId, high, 'Customer');
    await synced();
    expect(await stage.customerOf(id)).toBe(high);
    await stage.label('create', CLAIMS, remoteId, low, 'Customer');
    await synced();
    expect([await stage.customerOf(id), await read(remoteId, CUSTOMER)]).toEqual([low, [low, high]]);
    // It stands, however often the row is read, until the rep takes it back.
    for (const value of ['31000', '32000', '33000']) {
      await stage.rep('PATCH', `/crm/v3/objects/${CLAIMS}/${remoteId}`, { properties: { estimated_value: value } });
      await stage.delivered();
      await stage.pull('registration');
      expect([await stage.estimatedValue(id), await stage.customerOf(id)]).toEqual([`${value}.00`, low]);
    }
    expect(await read(remoteId, CUSTOMER)).toEqual([low, high]);
    await stage.label('labels/archive', CLAIMS, remoteId, low, 'Customer');
    await synced();
    expect([await stage.customerOf(id), await read(remoteId, CUSTOMER)]).toEqual([high, [high]]);
  });

  it('a customer that our side changes replaces the one that was agreed on, and nobody beside it', async () => {
    const [{ id, remoteId } = { id: '', remoteId: '' }] = await stage.settledRegistrations(1);
    const [first, second, third, late] = [await company('1'), await company('2'), await company('3'), await company('4')];
    for (const customer of [first, second]) {
      await stage.label('create', CLAIMS, remoteId, customer, 'Customer');
      await synced();
    }
    expect(await stage.customerOf(id)).toBe(second);
    await stage.db.transaction().execute(async (trx) => {
      const place = { registrationId: id, connection: PORTAL_CONNECTION, customerAccount: third, opportunity: null };
      await savePlace(trx, place);
      await queuePush(trx, [PORTAL_CONNECTION], 'registration', [id]);
    });
    // A rep adds one more between our look and our write.
    const racing = stage.workerOn((port) => ({
      write: async (object, rows) => {
        await stage.label('create', CLAIMS, remoteId, late, 'Customer');
        return port.write(object, rows);
      },
    }));
    await racing.pushBatch(PORTAL_CONNECTION, 'registration');
    expect([await stage.customerOf(id), await read(remoteId, CUSTOMER)]).toEqual([third, [first, third, late]]);
    await synced();
    expect([await stage.customerOf(id), await read(remoteId, CUSTOMER)]).toEqual([late, [first, third, late]]);
  });

  it('a second partner is answered, and loses the label again', async () => {
    const [{ remoteId } = { remoteId: '' }] = await stage.settledRegistrations(1);
    const [partner] = await read(remoteId, PARTNER);
    await stage.label('create', CLAIMS, remoteId, await company('Other'), 'Partner');
    await synced();
    expect(await read(remoteId, PARTNER)).toEqual([partner]);
    const [row] = await stage.portal.crm.read(CLAIMS, [remoteId], ['sync_note']);
    expect(row?.fields['sync_note']).toMatch(/^partner: kept by the partner program/);
    const audited = await stage.db.selectFrom('audit_entry').select('details').where('kind', '=', 'edit written back').execute();
    expect(audited).toEqual([{ details: expect.objectContaining({ fields: ['partner'] }) }]);
  });

  it('a deal that is associated beside the opportunity is taken for it, and no deal is taken away', async () => {
    const [{ id, remoteId } = { id: '', remoteId: '' }] = await stage.settledRegistrations(1);
    const deals: string[] = [];
    for (const dealname of ['One', 'Two']) {
      deals.push(await stage.rep('POST', '/crm/v3/objects/deals', { properties: { dealname }, associations: [] }));
      await stage.rep('PUT', `/crm/v4/objects/${CLAIMS}/${remoteId}/associations/default/deals/${deals.at(-1)}`);
      await synced();
      expect([await stage.opportunityOf(id), await read(remoteId, 'associations.deals')]).toEqual([deals.at(-1), deals]);
    }
  });
});
