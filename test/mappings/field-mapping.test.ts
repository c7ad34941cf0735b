import fc from 'fast-check';
import type { RemoteFields } from '../../crm/port.ts';
import { canonicalise, decodeRow, encodeRecord, encodeRow, remoteFieldsOf } from '../../mappings/field-mapping.ts';
import { salesforceAccount } from '../../mappings/salesforce/account.ts';
import { salesforceOpportunity } from '../../mappings/salesforce/opportunity.ts';
import { salesforcePartner } from '../../mappings/salesforce/partner.ts';
import { salesforceRegistration } from '../../mappings/salesforce/registration.ts';
import { salesforceTask } from '../../mappings/salesforce/task.ts';
import { salesforceUser } from '../../mappings/salesforce/user.ts';
import type { CanonicalRecord } from '../../program/merge-plan.ts';
import { TASK_PRIORITIES } from '../../program/task.ts';
import { PARTNER_STATUSES, PARTNER_TIERS, REGISTRATION_STATUSES } from '../../program/vocabulary.ts';

const MAPPINGS = [salesforcePartner, salesforceRegistration, salesforceTask, salesforceAccount, salesforceOpportunity, salesforceUser];

describe.each(MAPPINGS.map((mapping) => [mapping.objectType, mapping] as const))('the mapping of %s', (_type, mapping) => {
  it('maps every field of ours once and every field of the CRM once', () => {
    expect(new Set(mapping.fields.map(({ ours }) => ours)).size).toBe(mapping.fields.length);
    expect(remoteFieldsOf(mapping)).toHaveLength(mapping.fields.length);
  });

  it('maps its external id', () => {
    const { externalId } = mapping;
    if (externalId !== null) expect(mapping.fields).toContainEqual(expect.objectContaining({ ...externalId, policy: 'ours' }));
  });
});

describe('decodeRow', () => {
  it('leaves out what the row leaves out, and keeps what is empty as null', () => {
    expect(decodeRow(salesforcePartner, { Name: 'Northwind', Website: null })).toEqual({
      values: { name: 'Northwind', domain: null },
      problems: [],
    });
  });

  it('tells what it cannot read and goes on with the rest', () => {
    const { values, problems } = decodeRow(salesforcePartner, { Name: 'Northwind', Partner_Status__c: 'asleep', Website: 'n/a' });
    expect(values).toEqual({ name: 'Northwind' });
    expect(problems.map(({ field }) => field)).toEqual(['Website', 'Partner_Status__c']);
  });

  it('keeps an edit of a field of ours that cannot be read, so that it is seen and written back', () => {
    const { values, problems } = decodeRow(salesforceRegistration, {
      Customer_Domain__c: 'n/a',
      Status__c: 'granted',
      Estimated_Currency__c: 'US$',
    });
    expect(values).toEqual({ customerDomain: 'n/a', status: 'granted' });
    expect(problems).toHaveLength(3);
  });

  it('never throws, whatever a row holds', () => {
    const value = fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.boolean(), fc.constant(null));
    for (const mapping of MAPPINGS) {
      const row = fc.record(Object.fromEntries(remoteFieldsOf(mapping).map((field) => [field, value])), { requiredKeys: [] });
      fc.assert(fc.property(row, (fields) => void decodeRow(mapping, fields as RemoteFields)));
    }
  });

  it.each([
    ['an activity after creation', '2026-03-05', '2026-03-05T00:00:00.000Z'],
    ['none', null, '2026-02-03T09:00:00.000Z'],
    ['one entered for an earlier day', '2026-01-01', '2026-02-03T09:00:00.000Z'],
  ])('measures the staleness of an opportunity from %s', (_what, lastActivity, lastActivityAt) => {
    const { values } = decodeRow(salesforceOpportunity, { CreatedDate: '2026-02-03T09:00:00.000+0000', LastActivityDate: lastActivity });
    expect(values).toEqual({ createdAt: '2026-02-03T09:00:00.000Z', lastActivityAt });
  });

  it.each([
    ['an open one', 'Not Started', false, 'open'],
    ['one that is worked on', 'In Progress', false, 'open'],
    ['a completed one', 'Completed', true, 'closed'],
    ['one in a closed status of the org', 'Won’t do', true, 'closed'],
    ['one whose status only sounds closed', 'Completed', false, 'open'],
  ])('tells from IsClosed whether a task is done with: %s', (_what, Status, IsClosed, status) => {
    expect(decodeRow(salesforceTask, { Status, IsClosed })).toEqual({ values: { status, isClosed: String(IsClosed) }, problems: [] });
  });

  it('takes the status of a task as it stands where nothing says whether it is closed', () => {
    expect(decodeRow(salesforceTask, { Status: 'Completed' }).values).toEqual({ status: 'closed' });
    expect(decodeRow(salesforceTask, { IsClosed: true }).values).toEqual({ isClosed: 'true' });
  });

  it('takes no company number from an account', () => {
    expect(decodeRow(salesforceAccount, { Name: 'Contoso', AccountNumber: 'CC-1' }).values).toEqual({
      name: 'Contoso',
      companyNumber: null,
    });
  });
});

describe('encodeRow', () => {
  it('leaves out what it cannot write, and tells', () => {
    expect(encodeRow(salesforceRegistration, { status: 'approved', expectedCloseDate: 'soon' })).toEqual({
      fields: { Status__c: 'approved' },
      problems: [{ field: 'Expected_Close_Date__c', message: '"soon" is not a day such as 2027-01-31' }],
    });
  });
});

describe('encodeRecord', () => {
  it('writes exactly the fields it is given', () => {
    expect(encodeRecord(salesforceRegistration, { status: 'approved', estimatedValue: '25000.00', approver: null })).toEqual({
      Status__c: 'approved',
      Estimated_Value__c: 25000,
      Approver__c: null,
    });
  });

  it.each([
    ['a name that is not mapped', { colour: 'red' }, /registration\.colour is not mapped/],
    ['a value that the program does not know', { status: 'granted' }, /registration: Status__c "granted" is none of/],
  ])('throws for %s', (_what, values, message) => {
    expect(() => encodeRecord(salesforceRegistration, values as CanonicalRecord)).toThrow(message);
  });
});

const text = fc.oneof(fc.constant(null), fc.string({ unit: 'binary', maxLength: 400 }));
const day = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-12-31'), noInvalidDate: true });
const moment = fc.oneof(
  fc.constant(null),
  day.map((date) => date.toISOString()),
);
const registrations: fc.Arbitrary<CanonicalRecord> = fc.record(
  {
    registrationId: fc.uuid(),
    status: fc.constantFrom(...REGISTRATION_STATUSES),
    partner: fc.string({ minLength: 18, maxLength: 18, unit: fc.constantFrom(...'0123456789abcXYZ') }),
    customerName: text,
    customerDomain: fc.oneof(fc.constant(null), fc.domain(), fc.webUrl()),
    productLines: fc.array(fc.constantFrom('platform', 'analytics', 'automation', ' Platform ')).map((lines) => lines.join(';')),
    estimatedValue: fc
      .bigInt({ min: 0n, max: 999_999_999_999_999n })
      .map((minor) => `${minor / 100n}.${String(minor % 100n).padStart(2, '0')}`),
    estimatedCurrency: fc.constantFrom('USD', 'eur', null),
    expectedCloseDate: day.map((date) => date.toISOString().slice(0, 10)),
    description: text,
    submittedAt: moment,
    decidedAt: moment,
    protectedUntil: moment,
    conflictSummary: text,
    syncNote: text,
    decisionComment: text,
  },
  { requiredKeys: [] },
);
const partners: fc.Arbitrary<CanonicalRecord> = fc.record(
  {
    partnerId: fc.uuid(),
    name: text,
    domain: fc.oneof(fc.constant(null), fc.domain()),
    country: fc.constantFrom('US', 'de', 'Japan', null),
    tier: fc.constantFrom(...PARTNER_TIERS, null),
    status: fc.constantFrom(...PARTNER_STATUSES),
  },
  { requiredKeys: [] },
);

const tasks: fc.Arbitrary<CanonicalRecord> = fc.record(
  {
    taskId: fc.uuid(),
    title: text,
    text,
    dueDay: fc.oneof(
      fc.constant(null),
      day.map((date) => date.toISOString().slice(0, 10)),
    ),
    priority: fc.constantFrom(...TASK_PRIORITIES),
    status: fc.constantFrom('open', 'closed'),
    owner: fc.string({ minLength: 18, maxLength: 18, unit: fc.constantFrom(...'0123456789abcXYZ') }),
    record: fc.oneof(fc.constant(null), fc.string({ minLength: 18, maxLength: 18, unit: fc.constantFrom(...'0123456789abcXYZ') })),
  },
  { requiredKeys: [] },
);

describe.each([
  ['registration', salesforceRegistration, registrations],
  ['partner', salesforcePartner, partners],
  ['task', salesforceTask, tasks],
] as const)('canonicalise of a %s', (_type, mapping, records) => {
  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(records, (values) => {
        const once = canonicalise(mapping, values);
        expect(canonicalise(mapping, once)).toEqual(once);
      }),
    );
  });

  it('is what reading gives after writing', () => {
    fc.assert(
      fc.property(records, (values) => {
        const { values: read, problems } = decodeRow(mapping, encodeRecord(mapping, values));
        expect(problems).toEqual([]);
        expect(read).toEqual(canonicalise(mapping, values));
      }),
    );
  });

  it('keeps missing keys missing', () => {
    fc.assert(
      fc.property(records, (values) =>
        expect(Object.keys(canonicalise(mapping, values)).toSorted()).toEqual(Object.keys(values).toSorted()),
      ),
    );
  });
});
