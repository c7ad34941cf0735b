import fc from 'fast-check';
import type { RemoteFields } from '../../crm/port.ts';
import { checkMapping } from '../../mappings/check-mapping.ts';
import { canonicalise, decodeRow, encodeRecord, remoteFieldsOf, type ObjectMapping } from '../../mappings/field-mapping.ts';
import { hubspotMapping } from '../../mappings/hubspot/mapping.ts';
import type { CanonicalRecord } from '../../program/merge-plan.ts';
import { describeCrmContract } from './contract.ts';
import { openHubspotFixture, type HubspotFixture } from './hubspot/sandbox-fixture.ts';
import { describeTaskContract } from './task-contract.ts';

jest.setTimeout(60_000);

describe.each(['v3', '2026-03', '2026-09'] as const)('the HubSpot adapter with version %s', (apiVersion) => {
  describeCrmContract(() => openHubspotFixture({ apiVersion }));
  describeTaskContract(() => openHubspotFixture({ apiVersion }));
});

describe('the HubSpot mapping in a portal with the shipped definitions', () => {
  let fixture: HubspotFixture;
  beforeEach(async () => {
    fixture = await openHubspotFixture();
  });
  afterEach(() => fixture.close());

  it.each(Object.values(hubspotMapping).map((mapping) => [mapping.objectType, mapping] as const))(
    'fits, for %s',
    async (_type, mapping) => {
      expect(checkMapping(mapping, await fixture.crm.describe(mapping.object))).toEqual([]);
    },
  );

  it('does not fit an object of another kind', async () => {
    const problems = checkMapping({ ...hubspotMapping.registration, object: 'companies' }, await fixture.crm.describe('companies'));
    expect(problems.length).toBeGreaterThan(15);
  });

  it('tells a label that somebody removed as a field that is not there', async () => {
    const labels = (await fixture.call('GET', '/crm/v4/associations/deal_registration/companies/labels')) as {
      results: { typeId: number; label: string | null }[];
    };
    const customer = labels.results.find(({ label }) => label === 'Customer');
    await fixture.call('DELETE', `/crm/v4/associations/deal_registration/companies/labels/${customer?.typeId}`);
    const problems = checkMapping(hubspotMapping.registration, await fixture.crm.describe('deal_registration'));
    expect(problems.map(({ field }) => field)).toEqual(['associations.companies.customer']);
  });

  /** The records as they read after they were written, by their place. */
  const writtenAndRead = async (
    mapping: ObjectMapping,
    idField: string,
    records: readonly (CanonicalRecord & Record<string, unknown>)[],
    idOf: (index: number) => string,
  ): Promise<readonly CanonicalRecord[]> => {
    const values: CanonicalRecord[] = [];
    for (let start = 0; start < records.length; start += 100) {
      const outcomes = await fixture.crm.write(
        mapping.object,
        records.slice(start, start + 100).map((record, index) => ({
          target: { kind: 'external_id', field: idField, value: idOf(start + index) },
          fields: encodeRecord(mapping, record),
        })),
      );
      const ids = outcomes.map((outcome) => (outcome.kind === 'written' ? outcome.id : outcome.message));
      const rows = new Map((await fixture.crm.read(mapping.object, ids, remoteFieldsOf(mapping))).map((row) => [row.id, row]));
      values.push(...ids.map((id) => decodeRow(mapping, rows.get(id)?.fields ?? {}).values));
    }
    return values;
  };

  const text = fc.oneof(fc.constant(null), fc.string({ unit: 'binary', maxLength: 400 }), fc.lorem({ mode: 'sentences', maxCount: 30 }));
  const day = fc
    .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10));

  it('reads back any claim as its canonical form, so that an own write never looks like an edit', async () => {
    const claims = fc.record({
      customerName: text,
      description: text,
      syncNote: text,
      status: fc.constantFrom('in_review', 'approved'),
      productLines: fc.array(fc.constantFrom('platform', 'analytics', 'automation')).map((lines) => lines.join(';')),
      estimatedValue: fc.integer({ min: 0, max: 2_000_000_000 }).map((minor) => (minor / 100).toFixed(2)),
      protectedUntil: day.map((date) => `${date}T10:11:12.345Z`),
      expectedCloseDate: day,
    });
    const { registration } = hubspotMapping;
    const records = fc.sample(claims, { numRuns: 200, seed: 7 }).map((claim, index) => ({ ...claim, registrationId: `r-${index}` }));
    const read = await writtenAndRead(registration, 'registration_id', records, (index) => `r-${index}`);
    for (const [index, record] of records.entries()) expect(read[index]).toMatchObject(canonicalise(registration, record));
  });

  it('reads back any task as its canonical form', async () => {
    const { task } = hubspotMapping;
    const tasks = fc.record({
      title: text,
      text,
      dueDay: day,
      priority: fc.constantFrom('high', 'normal', 'low'),
      status: fc.constantFrom('open', 'closed'),
    });
    const records = fc.sample(tasks, { numRuns: 200, seed: 7 }).map((each, index) => ({ ...each, taskId: `t-${index}` }));
    const read = await writtenAndRead(task, 'question_id', records, (index) => `t-${index}`);
    for (const [index, record] of records.entries()) expect(read[index]).toMatchObject(canonicalise(task, record));
  });

  it('finds every property of which the later edit wins in the history of the portal', async () => {
    const { partner, registration } = hubspotMapping;
    const id = async (object: string, field: string, value: string, fields: RemoteFields): Promise<string> => {
      const [outcome] = await fixture.rep.write(object, [{ target: { kind: 'external_id', field, value }, fields }]);
      return outcome?.kind === 'written' ? outcome.id : JSON.stringify(outcome);
    };
    const values = { name: 'Two', domain: 'two.example', country: 'DE', type: 'oem', track: 'referral', tier: 'gold', status: 'suspended' };
    const companyId = await id('companies', 'partner_id', 'p-1', {
      name: 'One',
      domain: 'one.example',
      country: 'US',
      partner_type: 'reseller',
      partner_track: 'solution',
      partner_tier: 'silver',
      partner_status: 'active',
    });
    await id('companies', 'partner_id', 'p-1', encodeRecord(partner, values));
    const companyEdits = await fixture.crm.history('companies', [companyId], remoteFieldsOf(partner));
    expect(Object.fromEntries(companyEdits.map(({ field, to }) => [field, to]))).toMatchObject(encodeRecord(partner, values));

    const claim = {
      estimatedValue: '5.00',
      estimatedCurrency: 'EUR',
      expectedCloseDate: '2027-02-01',
      requestedDecision: 'deny',
      decisionComment: 'no',
    };
    const claimId = await id('deal_registration', 'registration_id', 'r-1', { registration_status: 'submitted' });
    await fixture.advanceClock(60_000);
    await id('deal_registration', 'registration_id', 'r-1', encodeRecord(registration, claim));
    const claimEdits = await fixture.crm.history('deal_registration', [claimId], remoteFieldsOf(registration));
    const told = Object.fromEntries(claimEdits.flatMap(({ field, to }) => (to === undefined ? [] : [[field, to]])));
    expect(decodeRow(registration, told).values).toEqual(claim);
    expect(claimEdits).toHaveLength(Object.keys(claim).length);
    const owners = await fixture.crm.find('owners', 'email', ['rep@acme.example'], []);
    expect(new Set(claimEdits.map(({ by }) => by))).toEqual(new Set(owners.map((owner) => owner.id)));
  });

  it('reads the people of the portal, with the aliases by which we know them', async () => {
    const { user } = hubspotMapping;
    const { rows } = await fixture.crm.capture({ object: user.object, fields: remoteFieldsOf(user), after: null, limit: 100 });
    expect(rows.map((row) => decodeRow(user, row.fields).values['alias'])).toEqual(
      expect.arrayContaining(['integration', 'rep', 'rep2', 'manager', 'director', 'vp']),
    );
  });
});

describe('a connection to the sandbox portal', () => {
  let fixture: HubspotFixture;
  beforeEach(async () => {
    fixture = await openHubspotFixture();
  });
  afterEach(() => fixture.close());

  it.each([
    ['an allowance that is used up', 'limit', 'CRM_ALLOWANCE_EXHAUSTED'],
    ['a limit of ten seconds', 'concurrent_limit', 'CRM_RATE_LIMITED'],
    ['a token that is refused', 'unauthorized', 'CRM_AUTH_FAILED'],
    ['half an answer', 'truncate', 'CRM_UNAVAILABLE'],
    ['a page in place of an answer', 'html', 'CRM_UNAVAILABLE'],
  ])('tells %s', async (_what, fault, code) => {
    await fixture.control('faults', { rules: [{ method: '*', path: '/', nth: 1, times: 1, fault }] });
    await expect(fixture.crm.describe('companies')).rejects.toMatchObject({ code });
  });

  it('refuses what no portal can have', () => {
    for (const change of [
      { baseUrl: 'hubspot' },
      { accessToken: ' ' },
      { apiVersion: 'v1' as never },
      { requestTimeoutMs: 0 },
      { auth: { kind: 'refresh_token', clientId: 'c', clientSecret: 's', refreshToken: 'r' } as const },
      { auth: { kind: 'refresh_token', clientId: '', clientSecret: 's', refreshToken: 'r' } as const },
      { auth: { kind: 'token', accessToken: 'x' } as const, accessToken: 'x' },
    ])
      expect(() => fixture.connect(change)).toThrow(/^Connection hubspot: /);
  });
});
