import type { RemoteWrite } from '../../../crm/port.ts';
import { openHubspotFixture, type HubspotFixture } from './sandbox-fixture.ts';

const PARTNER = 'associations.companies.partner';
const CUSTOMER = 'associations.companies.customer';
const DEAL = 'associations.deals';

let fixture: HubspotFixture;
let one: string;
let two: string;
beforeEach(async () => {
  fixture = await openHubspotFixture();
  [one, two] = [await company('One'), await company('Two')];
});
afterEach(() => fixture.close());

const company = async (name: string): Promise<string> =>
  ((await fixture.call('POST', '/crm/v3/objects/companies', { properties: { name }, associations: [] })) as { id: string }).id;
const deal = async (): Promise<string> =>
  ((await fixture.call('POST', '/crm/v3/objects/deals', { properties: { dealname: 'D' }, associations: [] })) as { id: string }).id;
const claim = (fields: RemoteWrite['fields']): RemoteWrite => ({
  target: { kind: 'external_id', field: 'registration_id', value: 'r-1' },
  fields,
});
const write = async (fields: RemoteWrite['fields']): Promise<string> => {
  const [outcome] = await fixture.crm.write('deal_registration', [claim(fields)]);
  if (outcome?.kind !== 'written') throw new Error(outcome?.message);
  return outcome.id;
};
const read = async (...fields: string[]) => (await fixture.crm.find('deal_registration', 'registration_id', ['r-1'], fields))[0]?.fields;

describe('lookups, which are associations with a label', () => {
  it('are set, changed and emptied each by itself', async () => {
    await write({ [PARTNER]: one, [CUSTOMER]: two });
    expect(await read(PARTNER, CUSTOMER)).toEqual({ [PARTNER]: one, [CUSTOMER]: two });
    await write({ [CUSTOMER]: one });
    expect(await read(PARTNER, CUSTOMER)).toEqual({ [PARTNER]: one, [CUSTOMER]: one });
    await write({ [CUSTOMER]: null });
    expect(await read(PARTNER, CUSTOMER)).toEqual({ [PARTNER]: one, [CUSTOMER]: null });
    await write({ [PARTNER]: two });
    expect(await read(PARTNER, CUSTOMER)).toEqual({ [PARTNER]: two, [CUSTOMER]: null });
  });

  it('may be the same record, also at once', async () => {
    await write({ [PARTNER]: one, [CUSTOMER]: one });
    expect(await read(PARTNER, CUSTOMER)).toEqual({ [PARTNER]: one, [CUSTOMER]: one });
  });

  it('leave alone what else people associate', async () => {
    const id = await write({ [PARTNER]: one });
    await fixture.call('PUT', `/crm/v4/objects/deal_registration/${id}/associations/default/companies/${two}`, undefined);
    await write({ [PARTNER]: null });
    const left = (await fixture.call('GET', `/crm/v4/objects/deal_registration/${id}/associations/companies`)) as {
      results: { toObjectId: string; associationTypes: { label: string | null }[] }[];
    };
    expect(left.results.map(({ toObjectId, associationTypes }) => [toObjectId, associationTypes.map(({ label }) => label)])).toEqual([
      [one, [null]],
      [two, [null]],
    ]);
  });

  it('without a label lead to one record', async () => {
    const [first, second] = [await deal(), await deal()];
    await write({ [DEAL]: first });
    await write({ [DEAL]: second });
    expect(await read(DEAL)).toEqual({ [DEAL]: second });
    await write({ [DEAL]: null });
    expect(await read(DEAL)).toEqual({ [DEAL]: null });
  });

  it('that several records hold are told with all of them, and are taken only from whom a write says', async () => {
    const id = await write({ [CUSTOMER]: one });
    const target = { kind: 'id', id } as const;
    const row = async () => (await fixture.crm.read('deal_registration', [id], [CUSTOMER]))[0];
    expect((await row())?.holders).toBeUndefined();
    await fixture.crm.write('deal_registration', [{ target, fields: { [CUSTOMER]: two }, replaces: { [CUSTOMER]: null } }]);
    expect(await row()).toMatchObject({ fields: { [CUSTOMER]: one }, holders: { [CUSTOMER]: [one, two] } });
    const lookups = await fixture.crm.lookups?.read('deal_registration', [id, '77'], [CUSTOMER, PARTNER]);
    expect(lookups?.get(id)).toEqual({ fields: { [CUSTOMER]: one, [PARTNER]: null }, holders: { [CUSTOMER]: [one, two] } });
    expect(lookups?.get('77')).toEqual({ fields: { [CUSTOMER]: null, [PARTNER]: null } });
    // Found by either.
    for (const holder of [one, two])
      expect((await fixture.crm.find('deal_registration', CUSTOMER, [holder], [])).map((found) => found.id)).toEqual([id]);
    const three = await company('Three');
    await fixture.crm.write('deal_registration', [{ target, fields: { [CUSTOMER]: three }, replaces: { [CUSTOMER]: two } }]);
    expect((await row())?.holders).toEqual({ [CUSTOMER]: [one, three] });
    await fixture.crm.write('deal_registration', [{ target, fields: { [CUSTOMER]: null }, replaces: { [CUSTOMER]: one } }]);
    expect((await row())?.fields).toEqual({ [CUSTOMER]: three });
    await fixture.crm.write('deal_registration', [{ target, fields: { [CUSTOMER]: one } }]);
    expect((await row())?.fields).toEqual({ [CUSTOMER]: one });
  });

  it('of a row that is only associated cost no write of it', async () => {
    const id = await write({ [PARTNER]: one });
    const before = await fixture.byRoute();
    await fixture.crm.write('deal_registration', [{ target: { kind: 'id', id }, fields: { [PARTNER]: two } }]);
    const after = await fixture.byRoute();
    const route = 'POST /crm/objects/2026-03/deal_registration/batch/update';
    expect(after[route]).toBe(before[route]);
    expect(await read(PARTNER)).toEqual({ [PARTNER]: two });
  });
});

it('are not touched where they could not be read, and the row is to be written again', async () => {
  await write({ [PARTNER]: one });
  await fixture.control('faults', {
    rules: [{ method: 'POST', path: '/crm/associations/*/batch/read', nth: 1, times: 1, fault: 'unavailable' }],
  });
  expect(await fixture.crm.write('deal_registration', [claim({ customer_name: 'Contoso', [PARTNER]: two })])).toMatchObject([
    { kind: 'refused', code: 'CRM_UNAVAILABLE', retryable: true },
  ]);
  expect(await read(PARTNER)).toEqual({ [PARTNER]: one });
  await write({ [PARTNER]: two });
  expect(await read(PARTNER)).toEqual({ [PARTNER]: two });
});

it('a lookup that the portal does not have is refused by name', async () => {
  await write({});
  await expect(read('associations.companies.broker')).rejects.toMatchObject({
    code: 'CRM_FIELD_UNKNOWN',
    message: expect.stringContaining('broker'),
  });
});

it('a hundred new rows with a partner and a customer each take four calls, whatever their number', async () => {
  const { crm } = fixture;
  await crm.write('companies', [{ target: { kind: 'external_id', field: 'partner_id', value: 'p-1' }, fields: { name: 'P' } }]);
  const row = (index: number): RemoteWrite => ({
    target: { kind: 'external_id', field: 'registration_id', value: `n-${index}` },
    fields: { [CUSTOMER]: two },
    parents: { [PARTNER]: { object: 'companies', field: 'partner_id', value: 'p-1' } },
  });
  // The labels are asked for once.
  await crm.write('deal_registration', [row(100)]);
  await fixture.forgetCalls();
  const outcomes = await crm.write(
    'deal_registration',
    Array.from({ length: 100 }, (_row, index) => row(index)),
  );
  expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['written']));
  // The partners, the customers, the rows, their labels, and what they had, of which a new row has nothing.
  expect(await fixture.calls()).toBe(4);
});
