import { addPartner, openOrg } from './opened-org.ts';
import type { OpenedOrg } from './opened-org.ts';

describe('a query without its rows', () => {
  let org: OpenedOrg;
  beforeAll(async () => {
    org = await openOrg();
    for (const partner of ['p-1', 'p-2', 'p-3', 'p-4']) await addPartner(org, partner);
  });
  afterAll(() => org.close());

  const columns = async (soql: string) => (await org.call('GET', `/query?q=${encodeURIComponent(soql)}&columns=true`)).body;
  const explain = async (soql: string) => (await org.call('GET', `/query/?explain=${encodeURIComponent(soql)}`)).body;

  it('tells the columns by columns=true, those of parents and children within theirs', async () => {
    const body = await columns('SELECT Id, Name, Owner.Manager.Alias, (SELECT LastName FROM Contacts), AnnualRevenue FROM account');
    expect(body).toMatchObject({ entityName: 'Account', keyPrefix: '001', idSelected: true, groupBy: false });
    expect(body.columnMetadata).toEqual([
      expect.objectContaining({ columnName: 'Id', apexType: 'Id', insertable: false, joinColumns: [], aggregate: false }),
      expect.objectContaining({
        columnName: 'Name',
        displayName: 'Name',
        apexType: 'String',
        textType: true,
        insertable: true,
        custom: false,
      }),
      expect.objectContaining({
        columnName: 'Owner',
        aggregate: false,
        joinColumns: [expect.objectContaining({ columnName: 'Manager', joinColumns: [expect.objectContaining({ columnName: 'Alias' })] })],
      }),
      expect.objectContaining({
        columnName: 'Contacts',
        aggregate: true,
        joinColumns: [expect.objectContaining({ columnName: 'LastName' })],
      }),
      expect.objectContaining({ columnName: 'AnnualRevenue', apexType: 'Double', numberType: true, updatable: true }),
    ]);
  });

  it('names what is aggregated by its alias or number, and shows it as it was written', async () => {
    const body = await columns('SELECT BillingCountry, COUNT(Id), MAX(CreatedDate) latest FROM Account GROUP BY BillingCountry');
    expect(body).toMatchObject({ groupBy: true, idSelected: false });
    expect(body.columnMetadata).toMatchObject([
      { columnName: 'BillingCountry', displayName: 'BillingCountry', aggregate: false },
      { columnName: 'expr0', displayName: 'COUNT(Id)', aggregate: true, apexType: 'Integer' },
      { columnName: 'latest', displayName: 'MAX(CreatedDate)', aggregate: true, apexType: 'Datetime' },
    ]);
    expect((await columns('SELECT COUNT() FROM Account')).columnMetadata).toEqual([]);
  });

  it('tells the plans by explain, the cheapest first', async () => {
    const soql = "SELECT Id FROM Account WHERE Partner_Id__c = 'p-1' AND Industry = 'Energy'";
    const { plans, sourceQuery } = await explain(soql);
    expect(sourceQuery).toBe(soql);
    expect(plans).toMatchObject([
      {
        leadingOperationType: 'Index',
        fields: ['Partner_Id__c'],
        cardinality: 0,
        sobjectCardinality: 4,
        sobjectType: 'Account',
        notes: [],
      },
      {
        leadingOperationType: 'TableScan',
        fields: [],
        notes: [
          { description: 'Not considering filter for optimization because unindexed', fields: ['Industry'], tableEnumOrId: 'Account' },
          { fields: ['IsDeleted'] },
        ],
      },
    ]);
    expect(plans[0].relativeCost).toBeLessThan(plans[1].relativeCost);
    expect((await explain('SELECT Id FROM Account')).plans).toMatchObject([{ leadingOperationType: 'TableScan', cardinality: 4 }]);
  });

  it.each(['columns', 'explain'])('refuses by %s what the query itself would be refused for', async (how) => {
    const soql = 'SELECT Nope FROM Account';
    const body = how === 'columns' ? await columns(soql) : await explain(soql);
    expect(body).toMatchObject([{ errorCode: 'INVALID_FIELD', message: expect.stringContaining("No such column 'Nope'") }]);
  });

  it('does not build the plan of a report', async () => {
    const answer = await org.call('GET', '/query?explain=00O000000000001AAA');
    expect([answer.status, answer.body[0].errorCode]).toEqual([501, 'NOT_IMPLEMENTED']);
  });
});
