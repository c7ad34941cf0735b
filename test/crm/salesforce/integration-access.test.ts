import type { CrmPort } from '../../../crm/port.ts';
import { connectSalesforce } from '../../../crm/salesforce/connect.ts';
import { checkConversion } from '../../../mappings/conversion-mapping.ts';
import { checkMapping } from '../../../mappings/check-mapping.ts';
import { decodeRow, encodeRecord, remoteFieldsOf } from '../../../mappings/field-mapping.ts';
import { salesforceConversion } from '../../../mappings/salesforce/conversion.ts';
import { salesforceMapping } from '../../../mappings/salesforce/mapping.ts';
import { addUser, assign } from '../../sandbox/salesforce/access/minimal-user.ts';
import { openOrg } from '../../sandbox/salesforce/opened-org.ts';
import type { OpenedOrg } from '../../sandbox/salesforce/opened-org.ts';

let org: OpenedOrg;
beforeAll(async () => void (org = await openOrg()));
beforeEach(() => org.reset());
afterAll(() => org.close());

const connectAs = (alias: string): Promise<CrmPort> =>
  connectSalesforce({
    connection: 'salesforce',
    instanceUrl: org.url,
    auth: { kind: 'token', accessToken: `00D000000000001!${alias}` },
    apiVersion: '66.0',
    requestTimeoutMs: 10_000,
  });
const MAPPINGS = Object.values(salesforceMapping);

describe('a user of the profile that gives nothing, with the shipped permission set of the integration user', () => {
  const openPort = async (): Promise<CrmPort> => {
    const user = await addUser(org, 'worker');
    await assign(org, user, 'Dealkeeper_Integration');
    return connectAs(user.alias);
  };

  it.each(MAPPINGS.map((mapping) => [mapping.objectType, mapping] as const))(
    'sees and writes every field that is mapped: %s',
    async (_type, mapping) => {
      const port = await openPort();
      expect(checkMapping(mapping, await port.describe(mapping.object))).toEqual([]);
    },
  );

  it('writes what an opportunity is made of', async () => {
    const port = await openPort();
    expect(checkConversion(salesforceConversion, await port.describe('Opportunity'))).toEqual([]);
  });

  it('carries a partner and its registration there and back', async () => {
    const port = await openPort();
    const { partner, registration } = salesforceMapping;
    const values = { partnerId: 'p-1', name: 'Northwind', domain: 'northwind.example', country: 'DE', type: 'reseller', status: 'active' };
    const target = { kind: 'external_id', field: 'Partner_Id__c', value: 'p-1' } as const;
    expect(await port.write('Account', [{ target, fields: encodeRecord(partner, values) }])).toMatchObject([
      { kind: 'written', created: true },
    ]);
    const [row] = await port.find('Account', 'Partner_Id__c', ['p-1'], remoteFieldsOf(partner));
    expect(decodeRow(partner, row?.fields ?? {}).values).toMatchObject(values);
    const deal = {
      registrationId: 'r-1',
      status: 'submitted',
      customerName: 'Globex',
      estimatedValue: '25000.50',
      estimatedCurrency: 'EUR',
    };
    const outcome = await port.write('Deal_Registration__c', [
      {
        target: { kind: 'external_id', field: 'Registration_Id__c', value: 'r-1' },
        fields: encodeRecord(registration, deal),
        parents: { Partner__c: { object: 'Account', field: 'Partner_Id__c', value: 'p-1' } },
      },
    ]);
    expect(outcome).toMatchObject([{ kind: 'written', created: true }]);
  });
});

describe('the same user without that permission set', () => {
  it('is told which fields it does not see, and not let write them', async () => {
    await org.control('access', { newFields: 'nobody' });
    const user = await addUser(org, 'seller', 'Standard User');
    const port = await connectAs(user.alias);
    const problems = checkMapping(salesforceMapping.partner, await port.describe('Account'));
    expect(problems.map(({ field }) => field)).toEqual(
      expect.arrayContaining(['Partner_Id__c', 'Partner_Type__c', 'Partner_Track__c', 'Partner_Tier__c', 'Partner_Status__c']),
    );
    expect(problems[0]?.remedy).toContain('permission set');
    await expect(port.describe('Deal_Registration__c')).rejects.toMatchObject({ code: 'CRM_FIELD_UNKNOWN' });
  });

  it('with that of a rep, has a row refused for the field that it may only read', async () => {
    await org.control('access', { newFields: 'nobody' });
    const port = await connectAs('rep');
    const target = { kind: 'external_id', field: 'Registration_Id__c', value: 'r-1' } as const;
    expect(await port.write('Deal_Registration__c', [{ target, fields: { Status__c: 'approved' } }])).toMatchObject([
      { kind: 'refused', code: 'CRM_PERMISSION_DENIED' },
    ]);
  });
});

describe('an org of several currencies', () => {
  it('fits every mapping, and leaves the value and the currency of a registration as they are written', async () => {
    await org.control('currency', { multiCurrency: true });
    const port = await connectAs('integration');
    for (const mapping of MAPPINGS) expect(checkMapping(mapping, await port.describe(mapping.object))).toEqual([]);
    const { registration } = salesforceMapping;
    const values = { registrationId: 'r-1', customerName: 'Globex', estimatedValue: '25000.50', estimatedCurrency: 'EUR' };
    const target = { kind: 'external_id', field: 'Registration_Id__c', value: 'r-1' } as const;
    expect(await port.write('Deal_Registration__c', [{ target, fields: encodeRecord(registration, values) }])).toMatchObject([
      { kind: 'written' },
    ]);
    const [row] = await port.find('Deal_Registration__c', 'Registration_Id__c', ['r-1'], remoteFieldsOf(registration));
    expect(decodeRow(registration, row?.fields ?? {}).values).toMatchObject(values);
    // The org's own currency of the record is nobody's business here: it stays that of the user who wrote it.
    expect(await org.query('SELECT CurrencyIsoCode FROM Deal_Registration__c')).toMatchObject([{ CurrencyIsoCode: 'USD' }]);
  });
});
