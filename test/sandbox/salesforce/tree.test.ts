import { openOrg } from './opened-org.ts';
import type { OpenedOrg } from './opened-org.ts';

const node = (type: string, referenceId: string, more: object = {}) => ({ attributes: { type, referenceId }, ...more });

describe('sObject tree', () => {
  let org: OpenedOrg;
  beforeAll(async () => void (org = await openOrg()));
  beforeEach(() => org.reset());
  afterAll(() => org.close());

  const plant = (records: readonly object[]) => org.call('POST', '/composite/tree/Account', { records });
  const account = (referenceId: string, contacts: readonly object[] = []) =>
    node('Account', referenceId, { Name: referenceId, ...(contacts.length === 0 ? {} : { Contacts: { records: contacts } }) });

  it('creates parents and children, and tells the ids level by level', async () => {
    const { status, body } = await plant([
      account('a', [node('Contact', 'a1', { LastName: 'Lund' }), node('contact', 'a2', { LastName: 'Berg' })]),
      account('b'),
    ]);
    expect([status, body.hasErrors]).toEqual([201, false]);
    expect(body.results.map((each: { referenceId: string }) => each.referenceId)).toEqual(['a', 'b', 'a1', 'a2']);
    expect(await org.query('SELECT LastName, Account.Name FROM Contact ORDER BY LastName')).toMatchObject([
      { LastName: 'Berg', Account: { Name: 'a' } },
      { LastName: 'Lund', Account: { Name: 'a' } },
    ]);
  });

  it('keeps nothing when one record is refused, and tells those that were', async () => {
    const { status, body } = await plant([account('a', [node('Contact', 'a1')]), account('b')]);
    expect(status).toBe(400);
    expect(body).toEqual({
      hasErrors: true,
      results: [
        {
          referenceId: 'a1',
          errors: [{ statusCode: 'REQUIRED_FIELD_MISSING', message: 'Required fields are missing: [LastName]', fields: ['LastName'] }],
        },
      ],
    });
    expect(await org.query('SELECT Id FROM Account')).toEqual([]);
  });

  it.each([
    ['200 records', Array.from({ length: 200 }, (_each, index) => account(`r${index}`)), 201],
    ['201 records', Array.from({ length: 201 }, (_each, index) => account(`r${index}`)), 400],
    ['no record', [], 400],
    ['one reference twice', [account('a'), account('a')], 400],
    ['a record without a reference', [{ attributes: { type: 'Account' }, Name: 'A' }], 400],
    ['a record of another type', [node('Contact', 'a', { LastName: 'Lund' })], 400],
    ['children that are none', [node('Account', 'a', { Name: 'a', Contacts: { records: [] } })], 400],
  ])('is judged as a whole: %s', async (_what, records, status) => {
    expect((await plant(records)).status).toBe(status);
    expect((await org.query('SELECT Id FROM Account')).length).toBe(status === 201 ? 200 : 0);
  });

  it('goes five levels deep', async () => {
    const chain = (depth: number): object =>
      node('Account', `l${depth}`, { Name: `l${depth}`, ...(depth === 1 ? {} : { ChildAccounts: { records: [chain(depth - 1)] } }) });
    expect((await plant([chain(6)])).status).toBe(400);
    expect((await plant([chain(5)])).status).toBe(201);
    expect(await org.query("SELECT Parent.Parent.Parent.Parent.Name FROM Account WHERE Name = 'l1'")).toMatchObject([
      { Parent: { Parent: { Parent: { Parent: { Name: 'l5' } } } } },
    ]);
  });
});
