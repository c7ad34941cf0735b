import { openHubspotStage, type HubspotStage } from '../../support/hubspot-stage.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';

jest.setTimeout(120_000);

const CLAIMS = '/crm/v3/objects/deal_registration';
const COMPANIES = '/crm/v3/objects/companies';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres.stop());

describe('an edit in a portal that sends webhooks', () => {
  let stage: HubspotStage;
  beforeEach(async () => {
    stage = await openHubspotStage(postgres, { indexDelayMs: 0 });
    await stage.pull('user');
  });
  afterEach(() => stage.close());

  const settledOne = async () => {
    const [settled = { id: '', remoteId: '' }] = await stage.settledRegistrations(1);
    await stage.delivered();
    return settled;
  };
  /** The rep says that this company is the customer. */
  async function nameCustomer(remoteId: string): Promise<string> {
    const company = await stage.rep('POST', COMPANIES, { properties: { name: 'Northwind' }, associations: [] });
    const label = await labelOf(stage, 'Customer');
    const inputs = [
      { from: { id: remoteId }, to: { id: company }, types: [{ associationCategory: 'USER_DEFINED', associationTypeId: label }] },
    ];
    await stage.rep('POST', '/crm/v4/associations/deal_registration/companies/batch/create', { inputs });
    return company;
  }

  it('marks the record, and the next pull has it', async () => {
    const { id, remoteId } = await settledOne();
    expect(await stage.marked('registration')).toEqual([]);
    await stage.rep('PATCH', `${CLAIMS}/${remoteId}`, { properties: { estimated_value: '31000' } });
    await stage.delivered();
    expect(await stage.marked('registration')).toEqual([remoteId]);
    await stage.pull('registration');
    expect([await stage.estimatedValue(id), await stage.marked('registration')]).toEqual(['31000.00', []]);
  });

  it('of an association alone is taken over, which no poll would have found', async () => {
    const { id, remoteId } = await settledOne();
    // A row that is young is read again by every poll.
    await stage.portal.advanceClock(10_000);
    await stage.pull('registration');
    await stage.portal.control('webhooks', { hold: true });
    const company = await nameCustomer(remoteId);
    await stage.pull('registration');
    expect(await stage.customerOf(id)).toBeNull();
    await stage.portal.control('webhooks', { hold: false });
    await stage.delivered();
    expect(await stage.marked('registration')).toEqual([remoteId]);
    await stage.pull('registration');
    expect([await stage.customerOf(id), await stage.marked('registration')]).toEqual([company, []]);
  });

  it('of which deal a company belongs to reaches the deals of others, too', async () => {
    await settledOne();
    const deal = await stage.rep('POST', '/crm/v3/objects/deals', { properties: { dealname: 'Direct' }, associations: [] });
    await stage.delivered();
    await stage.portal.advanceClock(10_000);
    await stage.pull('opportunity');
    const company = await stage.rep('POST', COMPANIES, { properties: { name: 'Northwind' }, associations: [] });
    await stage.rep('PUT', `/crm/v4/objects/deals/${deal}/associations/companies/${company}`, [
      { associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 5 },
    ]);
    await stage.delivered();
    await stage.pull('opportunity');
    const mirrored = await stage.db.selectFrom('crm_opportunity').select('account_remote_id').where('remote_id', '=', deal).execute();
    expect(mirrored).toEqual([{ account_remote_id: company }]);
  });

  it('by ourselves marks nothing and is not written again', async () => {
    const { id, remoteId } = await settledOne();
    await stage.rep('PATCH', `${CLAIMS}/${remoteId}`, { properties: { estimated_value: '31000' } });
    await stage.delivered();
    await stage.pull('registration');
    expect(await stage.push('registration')).toBe(0);
    expect(await stage.estimatedValue(id)).toBe('31000.00');
    // Made by sync: the creation of the record and its associations.
    await stage.settledRegistrations(1);
    await stage.delivered();
    expect(await stage.marked('registration')).toEqual([]);
  });

  it('of a new record, a deletion, a restored one and a merge marks the records that it names', async () => {
    const { remoteId } = await settledOne();
    await stage.rep('DELETE', `${CLAIMS}/${remoteId}`);
    await stage.delivered();
    expect(await stage.marked('registration')).toEqual([remoteId]);
    await stage.pull('registration');
    expect(await stage.marked('registration')).toEqual([]);
    await stage.portal.control('restore', { objectType: 'deal_registration', ids: [remoteId] });
    await stage.delivered();
    expect(await stage.marked('registration')).toEqual([remoteId]);
    await stage.pull('registration');
    const made = await stage.rep('POST', CLAIMS, { properties: { customer_name: 'New' }, associations: [] });
    await stage.delivered();
    expect(await stage.marked('registration')).toEqual([made]);
    await stage.pull('registration');

    const partner = await stage.db.selectFrom('link').select('remote_id').where('object_type', '=', 'partner').executeTakeFirstOrThrow();
    const other = await stage.rep('POST', COMPANIES, { properties: { name: 'Aster again' }, associations: [] });
    const survivor = await stage.rep('POST', `${COMPANIES}/merge`, { primaryObjectId: partner.remote_id, objectIdToMerge: other });
    await stage.delivered();
    expect(await stage.marked('partner')).toEqual([partner.remote_id]);
    await stage.pull('partner');
    const relinked = await stage.db.selectFrom('link').select('remote_id').where('object_type', '=', 'partner').execute();
    expect(relinked).toEqual([{ remote_id: survivor }]);
  });

  it('of a hundred records comes out of order, some twice, and nothing of it is lost', async () => {
    const settled = await stage.settledRegistrations(100);
    await stage.delivered();
    await stage.portal.control('webhooks', { hold: true, duplicateEvery: 3, inOrder: false });
    const valueOf = (index: number, round: number): string => String(30_000 + 1_000 * round + index);
    for (const round of [1, 2, 3]) {
      const inputs = settled.map(({ remoteId }, index) => ({ id: remoteId, properties: { estimated_value: valueOf(index, round) } }));
      await stage.rep('POST', `${CLAIMS}/batch/update`, { inputs });
    }
    await stage.portal.control('webhooks', { hold: false });
    await stage.delivered();
    expect((await stage.marked('registration')).toSorted()).toEqual(settled.map(({ remoteId }) => remoteId).toSorted());
    await stage.pull('registration');
    for (const [index, { id }] of settled.entries()) expect(await stage.estimatedValue(id)).toBe(`${valueOf(index, 3)}.00`);
    expect([await stage.marked('registration'), await stage.push('registration')]).toEqual([[], 0]);
  });
});

describe('an edit in a portal whose search is behind', () => {
  const BEHIND_MS = 600_000;
  let stage: HubspotStage;
  beforeEach(async () => {
    stage = await openHubspotStage(postgres, { indexDelayMs: 0 });
    await stage.pull('user');
  });
  afterEach(() => stage.close());

  it('is taken over by what its webhook names, and not undone by what searches still show', async () => {
    const [{ id, remoteId } = { id: '', remoteId: '' }] = await stage.settledRegistrations(1);
    await stage.delivered();
    await stage.portal.control('search-index', { delayMs: BEHIND_MS });
    await stage.rep('PATCH', `${CLAIMS}/${remoteId}`, { properties: { estimated_value: '31000' } });
    await stage.delivered();
    await stage.pull('registration');
    expect([await stage.estimatedValue(id), await stage.marked('registration')]).toEqual(['31000.00', []]);
    await stage.pull('registration');
    expect([await stage.estimatedValue(id), await stage.push('registration')]).toEqual(['31000.00', 0]);
    await stage.portal.advanceClock(BEHIND_MS);
    await stage.pull('registration');
    expect([await stage.estimatedValue(id), await stage.push('registration')]).toEqual(['31000.00', 0]);
  });

  it('does not undo what we wrote since, although searches still show what was there before', async () => {
    const [{ id, remoteId } = { id: '', remoteId: '' }] = await stage.settledRegistrations(1);
    await stage.delivered();
    await stage.portal.control('search-index', { delayMs: BEHIND_MS });
    await stage.editEstimatedValue(id, '32000.00');
    expect(await stage.push('registration')).toBe(1);
    await stage.pull('registration');
    expect([await stage.estimatedValue(id), await stage.push('registration')]).toEqual(['32000.00', 0]);
    expect(await stage.portal.crm.read('deal_registration', [remoteId], ['estimated_value', 'sync_note'])).toMatchObject([
      { fields: { estimated_value: 32_000, sync_note: null } },
    ]);
    await stage.portal.advanceClock(BEHIND_MS);
    await stage.pull('registration');
    expect([await stage.estimatedValue(id), await stage.push('registration')]).toEqual(['32000.00', 0]);
  });
});

async function labelOf({ portal }: HubspotStage, label: string): Promise<number> {
  const { results } = (await portal.call('GET', '/crm/v4/associations/deal_registration/companies/labels')) as {
    readonly results: readonly { readonly label: string | null; readonly typeId: number }[];
  };
  const found = results.find((each) => each.label === label);
  if (found === undefined) throw new Error(`the portal has no label ${label}`);
  return found.typeId;
}
