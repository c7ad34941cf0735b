import { readCursor } from '../../../store/sync-cursor.ts';
import { openHubspotStage, PORTAL_CONNECTION, type HubspotStage } from '../../support/hubspot-stage.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';

jest.setTimeout(120_000);

const CLAIMS = 'deal_registration';
const ROUND_MS = 5 * 60_000;
const COMPARE = 'POST /crm/associations/2026-03/deal_registration/companies/batch/read';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres.stop());

let stage: HubspotStage;
beforeEach(async () => {
  stage = await openHubspotStage(postgres, { indexDelayMs: 0 });
  // Nothing reaches us: there is no inbound address.
  await stage.portal.control('webhooks', { hold: true });
  await stage.pull('user');
});
afterEach(() => stage.close());

const company = (name: string): Promise<string> =>
  stage.rep('POST', '/crm/v3/objects/companies', { properties: { name }, associations: [] });
const deal = (dealname: string): Promise<string> =>
  stage.rep('POST', '/crm/v3/objects/deals', { properties: { dealname }, associations: [] });

/** Registrations that were read for the last time some minutes ago. */
async function quiet(count: number): Promise<readonly { readonly id: string; readonly remoteId: string }[]> {
  const settled = await stage.settledRegistrations(count);
  await stage.portal.advanceClock(2 * ROUND_MS);
  await stage.pull('registration');
  await stage.portal.advanceClock(60_000);
  await stage.pull('registration');
  return settled;
}

async function callsDuring(work: () => Promise<unknown>): Promise<{ readonly total: number; readonly compared: number }> {
  const before = (await stage.portal.byRoute())[COMPARE] ?? 0;
  await stage.portal.forgetCalls();
  await work();
  const total = await stage.portal.calls();
  return { total, compared: ((await stage.portal.byRoute())[COMPARE] ?? 0) - before };
}

describe('an association that a rep changes alone, where no webhook reaches us', () => {
  it('is seen in the next round, and not by the polls before it', async () => {
    const [{ id, remoteId } = { id: '', remoteId: '' }] = await quiet(1);
    const customer = await company('Northwind');
    await stage.label('create', CLAIMS, remoteId, customer, 'Customer');
    await stage.portal.advanceClock(60_000);
    await stage.pull('registration');
    expect(await stage.customerOf(id)).toBeNull();
    await stage.portal.advanceClock(ROUND_MS);
    await stage.pull('registration');
    expect(await stage.customerOf(id)).toBe(customer);
    await stage.label('labels/archive', CLAIMS, remoteId, customer, 'Customer');
    await stage.portal.advanceClock(ROUND_MS);
    await stage.pull('registration');
    expect(await stage.customerOf(id)).toBeNull();
  });

  it('of a field of ours goes back with a note', async () => {
    const [{ remoteId } = { remoteId: '' }] = await quiet(1);
    const [before] = await stage.portal.crm.read(CLAIMS, [remoteId], ['associations.companies.partner']);
    const partner = String(before?.fields['associations.companies.partner']);
    await stage.label('labels/archive', CLAIMS, remoteId, partner, 'Partner');
    await stage.portal.advanceClock(ROUND_MS);
    await stage.pull('registration');
    await stage.push('registration');
    const [row] = await stage.portal.crm.read(CLAIMS, [remoteId], ['associations.companies.partner', 'sync_note']);
    expect(row?.fields).toEqual({ 'associations.companies.partner': partner, sync_note: expect.stringMatching(/^partner: kept by/) });
  });

  it('with a deal links the registration', async () => {
    const [{ id, remoteId } = { id: '', remoteId: '' }] = await quiet(1);
    const direct = await deal('Direct');
    await stage.rep('PUT', `/crm/v4/objects/${CLAIMS}/${remoteId}/associations/default/deals/${direct}`);
    await stage.portal.advanceClock(ROUND_MS);
    await stage.pull('registration');
    expect(await stage.opportunityOf(id)).toBe(direct);
  });

  it('of the deal that a registration is linked with is seen, too', async () => {
    const [{ remoteId } = { remoteId: '' }] = await quiet(1);
    const direct = await deal('Direct');
    await stage.rep('PUT', `/crm/v4/objects/${CLAIMS}/${remoteId}/associations/default/deals/${direct}`);
    await stage.portal.advanceClock(ROUND_MS);
    for (const objectType of ['registration', 'opportunity'] as const) await stage.pull(objectType);
    await stage.portal.advanceClock(2 * ROUND_MS);
    await stage.pull('opportunity');
    const customer = await company('Northwind');
    const primary = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 5 }];
    await stage.rep('PUT', `/crm/v4/objects/deals/${direct}/associations/companies/${customer}`, primary);
    await stage.portal.advanceClock(ROUND_MS);
    await stage.pull('opportunity');
    const copies = await stage.db.selectFrom('crm_opportunity').select('account_remote_id').where('remote_id', '=', direct).execute();
    expect(copies).toEqual([{ account_remote_id: customer }]);
  });
});

describe('a round', () => {
  it('costs a call for each kind of associated object, and none before it is due', async () => {
    await quiet(3);
    const early = await callsDuring(() => stage.pull('registration'));
    expect(early.compared).toBe(0);
    await stage.portal.advanceClock(ROUND_MS);
    const due = await callsDuring(() => stage.pull('registration'));
    // The search and the list of archived records of the overlap, and the companies and deals of the round.
    expect([due.compared, due.total - early.total]).toEqual([1, 4]);
    expect((await callsDuring(() => stage.pull('registration'))).compared).toBe(0);
  });

  it('goes on behind the last page, also in another process, and then pauses the longer', async () => {
    const settled = await quiet(5);
    const customer = await company('Northwind');
    for (const { remoteId } of settled) await stage.label('create', CLAIMS, remoteId, customer, 'Customer');
    const found = async (): Promise<number> =>
      (await Promise.all(settled.map(({ id }) => stage.customerOf(id)))).filter((id) => id === customer).length;
    const worker = () => stage.workerOn(({ lookups }) => (lookups === undefined ? {} : { lookups: { ...lookups, batchSize: 2 } }));
    await stage.portal.advanceClock(ROUND_MS);
    const seen: number[] = [];
    for (let page = 0; page < 3; page += 1) {
      await stage.pull('registration', worker());
      seen.push(await found());
    }
    expect(seen).toEqual([2, 4, 5]);
    expect((await readCursor(stage.db, PORTAL_CONNECTION, 'registration')).lookups).toMatchObject({ after: null, pages: 3 });
  });

  it('leaves out registrations that have ended', async () => {
    const [{ id, remoteId } = { id: '', remoteId: '' }] = await quiet(1);
    await stage.db.updateTable('registration').set({ ended_at: new Date().toISOString() }).where('id', '=', id).execute();
    await stage.label('create', CLAIMS, remoteId, await company('Northwind'), 'Customer');
    await stage.portal.advanceClock(ROUND_MS);
    const { compared } = await callsDuring(() => stage.pull('registration'));
    expect([compared, await stage.customerOf(id)]).toEqual([0, null]);
  });

  it('that fails is repeated with the next poll', async () => {
    const [{ id, remoteId } = { id: '', remoteId: '' }] = await quiet(1);
    const customer = await company('Northwind');
    await stage.label('create', CLAIMS, remoteId, customer, 'Customer');
    await stage.portal.advanceClock(ROUND_MS);
    await stage.portal.control('faults', {
      rules: [{ method: 'POST', path: '/crm/associations/*/batch/read', nth: 1, times: 1, fault: 'unavailable' }],
    });
    await expect(stage.pull('registration')).rejects.toMatchObject({ code: 'CRM_UNAVAILABLE' });
    await stage.pull('registration');
    expect(await stage.customerOf(id)).toBe(customer);
  });

  it('is none where nothing that is associated is mapped', async () => {
    await stage.settledRegistrations(1);
    for (const objectType of ['partner', 'account'] as const) {
      await stage.pull(objectType);
      expect((await readCursor(stage.db, PORTAL_CONNECTION, objectType)).lookups).toBeNull();
    }
    await stage.pull('registration');
    expect((await readCursor(stage.db, PORTAL_CONNECTION, 'registration')).lookups).not.toBeNull();
  });
});
