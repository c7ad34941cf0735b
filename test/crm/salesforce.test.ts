import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import type { RemoteFields } from '../../crm/port.ts';
import { connectSalesforce } from '../../crm/salesforce/connect.ts';
import { checkMapping } from '../../mappings/check-mapping.ts';
import { canonicalise, decodeRow, encodeRecord, remoteFieldsOf } from '../../mappings/field-mapping.ts';
import { salesforceMapping } from '../../mappings/salesforce/mapping.ts';
import { describeCrmContract } from './contract.ts';
import { describeTaskContract } from './task-contract.ts';
import { openSalesforceFixture } from './salesforce/sandbox-fixture.ts';

jest.setTimeout(60_000);

describe('the Salesforce adapter', () => {
  describeCrmContract(openSalesforceFixture);
  describeTaskContract(openSalesforceFixture);
});

describe('the Salesforce mapping in an org with the shipped metadata', () => {
  let fixture: Awaited<ReturnType<typeof openSalesforceFixture>>;
  beforeEach(async () => {
    fixture = await openSalesforceFixture();
  });
  afterEach(() => fixture.close());

  it.each(Object.values(salesforceMapping).map((mapping) => [mapping.objectType, mapping] as const))(
    'fits, for %s',
    async (_type, mapping) => {
      expect(checkMapping(mapping, await fixture.crm.describe(mapping.object))).toEqual([]);
    },
  );

  it('does not fit an object of another kind', async () => {
    const problems = checkMapping({ ...salesforceMapping.registration, object: 'Account' }, await fixture.crm.describe('Account'));
    expect(problems.length).toBeGreaterThan(20);
  });

  it('reads back from the org what it wrote there, in canonical form', async () => {
    const { registration } = salesforceMapping;
    const values = {
      registrationId: 'r-1',
      status: 'in_review',
      customerName: '  Contoso\n AG ',
      customerDomain: 'https://www.Contoso.example/about',
      productLines: 'platform;analytics',
      estimatedValue: '25000.5',
      estimatedCurrency: 'usd',
      expectedCloseDate: '2027-01-31',
      description: 'one\r\ntwo  ',
      submittedAt: '2026-11-23T10:00:00.987Z',
      decidedAt: null,
      conflictSummary: `${'x'.repeat(252)} 😀😀😀`,
      requestedDecision: 'approve',
    };
    const [outcome] = await fixture.crm.write(registration.object, [
      { target: { kind: 'external_id', field: 'Registration_Id__c', value: 'r-1' }, fields: encodeRecord(registration, values) },
    ]);
    const id = outcome?.kind === 'written' ? outcome.id : JSON.stringify(outcome);
    const [row] = await fixture.crm.read(registration.object, [id], remoteFieldsOf(registration));
    const { values: read, problems } = decodeRow(registration, row?.fields ?? {});
    expect(problems).toEqual([]);
    expect(read).toMatchObject(canonicalise(registration, values));
  });

  it('reads back any claim as its canonical form, so that an own write never looks like an edit', async () => {
    const { registration } = salesforceMapping;
    const text = fc.oneof(fc.constant(null), fc.string({ unit: 'binary', maxLength: 400 }), fc.lorem({ mode: 'sentences', maxCount: 30 }));
    const claims = fc.record({
      customerName: text,
      description: text,
      syncNote: text,
      productLines: fc.array(fc.constantFrom('platform', 'analytics', 'automation')).map((lines) => lines.join(';')),
      estimatedValue: fc.integer({ min: 0, max: 2_000_000_000 }).map((minor) => (minor / 100).toFixed(2)),
      protectedUntil: fc
        .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
        .map((date) => date.toISOString()),
      expectedCloseDate: fc
        .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
        .map((date) => date.toISOString().slice(0, 10)),
    });
    const records = fc.sample(claims, { numRuns: 200, seed: 7 }).map((claim, index) => ({ ...claim, registrationId: `r-${index}` }));
    const outcomes = await fixture.crm.write(
      registration.object,
      records.map((record) => ({
        target: { kind: 'external_id', field: 'Registration_Id__c', value: record.registrationId },
        fields: encodeRecord(registration, record),
      })),
    );
    const ids = outcomes.map((outcome) => (outcome.kind === 'written' ? outcome.id : outcome.message));
    const rows = new Map((await fixture.crm.read(registration.object, ids, remoteFieldsOf(registration))).map((row) => [row.id, row]));
    for (const [index, record] of records.entries()) {
      expect(decodeRow(registration, rows.get(ids[index] ?? '')?.fields ?? {}).values).toMatchObject(canonicalise(registration, record));
    }
  });

  it('reads back any task as its canonical form', async () => {
    const { task } = salesforceMapping;
    const text = fc.oneof(fc.constant(null), fc.string({ unit: 'binary', maxLength: 400 }), fc.lorem({ mode: 'sentences', maxCount: 30 }));
    const tasks = fc.record({
      title: text,
      text,
      dueDay: fc
        .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
        .map((date) => date.toISOString().slice(0, 10)),
      priority: fc.constantFrom('high', 'normal', 'low'),
      status: fc.constantFrom('open', 'closed'),
    });
    const records = fc.sample(tasks, { numRuns: 200, seed: 7 }).map((each, index) => ({ ...each, taskId: `t-${index}` }));
    const outcomes = await fixture.crm.write(
      task.object,
      records.map((record) => ({
        target: { kind: 'external_id', field: 'Question_Id__c', value: record.taskId },
        fields: encodeRecord(task, record),
      })),
    );
    const ids = outcomes.map((outcome) => (outcome.kind === 'written' ? outcome.id : outcome.message));
    const rows = new Map((await fixture.crm.read(task.object, ids, remoteFieldsOf(task))).map((row) => [row.id, row]));
    for (const [index, record] of records.entries()) {
      expect(decodeRow(task, rows.get(ids[index] ?? '')?.fields ?? {}).values).toMatchObject(canonicalise(task, record));
    }
  });

  it('finds every field of which the later edit wins in the history of the org', async () => {
    const { partner, registration } = salesforceMapping;
    const id = async (object: string, field: string, value: string, fields: RemoteFields): Promise<string> => {
      const [outcome] = await fixture.rep.write(object, [{ target: { kind: 'external_id', field, value }, fields }]);
      return outcome?.kind === 'written' ? outcome.id : JSON.stringify(outcome);
    };
    const values = { name: 'Two', domain: 'two.example', country: 'DE', type: 'oem', track: 'referral', tier: 'gold', status: 'suspended' };
    const accountId = await id('Account', 'Partner_Id__c', 'p-1', { Name: 'One', Website: 'one.example', BillingCountry: 'US' });
    await id('Account', 'Partner_Id__c', 'p-1', encodeRecord(partner, values));
    const accountEdits = await fixture.crm.history('Account', [accountId], remoteFieldsOf(partner));
    expect(Object.fromEntries(accountEdits.map(({ field, to }) => [field, to]))).toMatchObject(encodeRecord(partner, values));

    const claim = {
      customerAccount: accountId,
      estimatedValue: '5.00',
      estimatedCurrency: 'EUR',
      expectedCloseDate: '2027-02-01',
      requestedDecision: 'deny',
      decisionComment: 'no',
    };
    const claimId = await id('Deal_Registration__c', 'Registration_Id__c', 'r-1', { Status__c: 'submitted' });
    await id('Deal_Registration__c', 'Registration_Id__c', 'r-1', encodeRecord(registration, claim));
    const claimEdits = await fixture.crm.history('Deal_Registration__c', [claimId], remoteFieldsOf(registration));
    const { values: edited } = decodeRow(
      registration,
      Object.fromEntries(claimEdits.flatMap(({ field, to }) => (to === undefined ? [] : [[field, to]]))),
    );
    expect(edited).toEqual(claim);
    expect(claimEdits).toHaveLength(Object.keys(claim).length);
  });

  it('reads the users of the org, with the aliases by which we know them', async () => {
    const { user } = salesforceMapping;
    const { rows } = await fixture.crm.capture({ object: user.object, fields: remoteFieldsOf(user), after: null, limit: 100 });
    const users = rows.map((row) => ({ id: row.id, ...decodeRow(user, row.fields).values }));
    expect(users.map((each) => (each as { alias?: string }).alias)).toEqual(
      expect.arrayContaining(['integration', 'rep', 'rep2', 'manager', 'director', 'vp']),
    );
  });
});

describe('a session of the sandbox org', () => {
  let fixture: Awaited<ReturnType<typeof openSalesforceFixture>>;
  beforeEach(async () => {
    fixture = await openSalesforceFixture();
  });
  afterEach(() => fixture.close());

  const connectByClient = (url: string): ReturnType<typeof connectSalesforce> =>
    connectSalesforce({
      connection: 'salesforce',
      instanceUrl: url,
      auth: { kind: 'client_credentials', clientId: 'dealkeeper', clientSecret: 'sandbox' },
      apiVersion: '66.0',
      requestTimeoutMs: 10_000,
    });

  it('is opened with client credentials', async () => {
    const crm = await connectByClient(fixture.url);
    expect((await crm.describe('Account')).name).toBe('Account');
  });

  it('is opened with a signed assertion', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const crm = await connectSalesforce({
      connection: 'salesforce',
      instanceUrl: fixture.url,
      auth: {
        kind: 'jwt',
        clientId: 'dealkeeper',
        username: 'integration@acme.example',
        audience: 'https://login.salesforce.com',
        privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      },
      apiVersion: '66.0',
      requestTimeoutMs: 10_000,
    });
    expect((await crm.describe('Account')).name).toBe('Account');
  });

  it('is renewed once when it expired, and given up when it is refused for good', async () => {
    const crm = await connectByClient(fixture.url);
    await crm.describe('Account');
    await fixture.control('faults', { rules: [{ method: 'GET', path: '/sobjects', nth: 1, times: 1, fault: 'unauthorized' }] });
    expect((await crm.describe('Account')).name).toBe('Account');
    await fixture.control('faults', { rules: [{ method: 'GET', path: '/sobjects', nth: 1, times: 1_000, fault: 'unauthorized' }] });
    await expect(crm.describe('Account')).rejects.toMatchObject({ code: 'CRM_AUTH_FAILED' });
  });

  it('tells an allowance that is used up', async () => {
    await fixture.control('faults', { rules: [{ method: '*', path: '/', nth: 1, times: 1, fault: 'limit' }] });
    await expect(fixture.crm.describe('Account')).rejects.toMatchObject({ code: 'CRM_ALLOWANCE_EXHAUSTED' });
  });

  it('survives half an answer', async () => {
    await fixture.control('faults', { rules: [{ method: '*', path: '/', nth: 1, times: 1, fault: 'truncate' }] });
    await expect(fixture.crm.describe('Account')).rejects.toMatchObject({ code: 'CRM_UNAVAILABLE' });
  });
});
