import { addPartner, bearer, openOrg } from './opened-org.ts';
import type { OpenedOrg } from './opened-org.ts';

describe('field history', () => {
  let org: OpenedOrg;
  beforeAll(async () => void (org = await openOrg()));
  beforeEach(() => org.reset());
  afterAll(() => org.close());

  const create = async (fields: object) => (await org.call('POST', '/sobjects/Deal_Registration__c', fields)).body.id;
  const rows = async () =>
    (await org.query('SELECT Field, OldValue, NewValue FROM Deal_Registration__History ORDER BY Id')).map((row) => [
      row['Field'],
      row['OldValue'],
      row['NewValue'],
    ]);

  it('tells creation and each tracked change with its user and time', async () => {
    const id = await create({ Estimated_Value__c: 100 });
    await org.control('clock', { advanceMs: 5_000 });
    await org.call(
      'PATCH',
      `/sobjects/Deal_Registration__c/${id}`,
      { Estimated_Value__c: '250.5', Requested_Decision__c: 'approve' },
      bearer('rep'),
    );
    expect(await rows()).toEqual([
      ['created', null, null],
      ['Estimated_Value__c', 100, 250.5],
      ['Requested_Decision__c', null, 'approve'],
    ]);
    expect(
      await org.query("SELECT ParentId, CreatedBy.Alias, CreatedDate FROM Deal_Registration__History WHERE Field = 'Estimated_Value__c'"),
    ).toMatchObject([{ ParentId: id, CreatedBy: { Alias: 'rep' }, CreatedDate: '2026-03-02T09:00:05.000+0000' }]);
  });

  it('is silent about fields that are not tracked and values that stay', async () => {
    const id = await create({ Estimated_Value__c: 100 });
    await org.call('PATCH', `/sobjects/Deal_Registration__c/${id}`, { Estimated_Value__c: 100.001, Sync_Note__c: 'seen' });
    expect(await rows()).toEqual([['created', null, null]]);
  });

  it('gives two rows for a lookup: names, then ids', async () => {
    const id = await create({});
    const customer = await addPartner(org, 'c-1');
    await org.call('PATCH', `/sobjects/Deal_Registration__c/${id}`, { Customer__c: customer });
    expect((await rows()).slice(1)).toEqual([
      ['Customer__c', null, 'Partner c-1'],
      ['Customer__c', null, customer],
    ]);
  });

  it.each([
    [
      'Account',
      { Name: 'A' },
      { Website: 'a.example', Phone: '1' },
      "SELECT AccountId, Field, NewValue FROM AccountHistory WHERE Field != 'created'",
      'Website',
    ],
    [
      'Opportunity',
      { Name: 'O', StageName: 'Prospecting', CloseDate: '2026-06-30' },
      { StageName: 'Closed Won', NextStep: 'x' },
      "SELECT OpportunityId, Field, NewValue FROM OpportunityFieldHistory WHERE Field != 'created'",
      'StageName',
    ],
  ])('is kept for %s in its own object', async (object, initial, change, soql, field) => {
    const { body } = await org.call('POST', `/sobjects/${object}`, initial);
    await org.call('PATCH', `/sobjects/${object}/${body.id}`, change);
    expect(await org.query(soql)).toMatchObject([{ [`${object}Id`]: body.id, Field: field }]);
  });

  it('cannot be written', async () => {
    const answer = await org.call('POST', '/sobjects/AccountHistory', { Field: 'Name' });
    expect(answer.status).toBe(400);
  });
});
