import type { CrmPort, RemoteWrite } from '../../../crm/port.ts';
import { connectTo, failureOf, openStubOrg, sendJson, withDescribe, type StubOrg, type StubRequest } from './stub-org.ts';

interface Body {
  readonly allOrNone: boolean;
  readonly records: readonly Record<string, unknown>[];
}
type Refusal = (record: Record<string, unknown>) => { statusCode: string; message: string; fields: string[] } | null;

let org: StubOrg;
let crm: CrmPort;
beforeEach(async () => {
  org = await openStubOrg();
  crm = await connectTo(org);
});
afterEach(() => org.close());

const idOf = (number: number): string => `001000000000${String(number).padStart(3, '0')}AAA`;
const byId = (number: number, fields: RemoteWrite['fields'] = { Name: `N${number}` }): RemoteWrite => ({
  target: { kind: 'id', id: idOf(number) },
  fields,
});
const byKey = (value: string, fields: RemoteWrite['fields'] = { Name: value }): RemoteWrite => ({
  target: { kind: 'external_id', field: 'Partner_Id__c', value },
  fields,
});
const bodyOf = (request: StubRequest | undefined): Body => JSON.parse(request?.body ?? '{}') as Body;
const writes = (): readonly StubRequest[] => org.requests.filter(({ method }) => method === 'PATCH');

/** Accepts rows, but for those that `refuse` names; `refuseCall` may refuse a call as a whole. */
function acceptRows(refuse: Refusal = () => null, refuseCall: (records: Body['records']) => object[] | null = () => null): void {
  org.answer = withDescribe((request, response) => {
    const { records } = bodyOf(request);
    const complaint = refuseCall(records);
    if (complaint !== null) return sendJson(response, 400, complaint);
    const results = records.map((record, index) => {
      const error = refuse(record);
      return error === null
        ? { id: record['id'] ?? idOf(900 + index), success: true, errors: [], created: record['id'] === undefined }
        : { success: false, errors: [error] };
    });
    return sendJson(response, 200, results);
  });
}

describe('write', () => {
  it('carries 200 rows by external id in one call, without an Id in any', async () => {
    acceptRows();
    const outcomes = await crm.write(
      'Account',
      Array.from({ length: 200 }, (_row, index) => byKey(`a/b c#d?e ${index}`)),
    );
    expect(writes().map(({ path }) => path)).toEqual(['/services/data/v66.0/composite/sobjects/Account/Partner_Id__c']);
    const { allOrNone, records } = bodyOf(writes()[0]);
    expect([allOrNone, records.length]).toEqual([false, 200]);
    expect(records[7]).toEqual({ attributes: { type: 'Account' }, Name: 'a/b c#d?e 7', Partner_Id__c: 'a/b c#d?e 7' });
    expect(outcomes[7]).toEqual({ kind: 'written', id: idOf(907), created: true });
  });

  it('makes one call a kind of a mixed batch, and keeps the order of the outcomes', async () => {
    acceptRows();
    const outcomes = await crm.write('Account', [byKey('p-1'), byId(2), byKey('p-3'), byId(4, { Name: null })]);
    expect(writes().map(({ path }) => path.replace('/services/data/v66.0', ''))).toEqual([
      '/composite/sobjects/Account/Partner_Id__c',
      '/composite/sobjects',
    ]);
    expect(bodyOf(writes()[1]).records).toEqual([
      { attributes: { type: 'Account' }, id: idOf(2), Name: 'N2' },
      { attributes: { type: 'Account' }, id: idOf(4), Name: null },
    ]);
    expect(outcomes).toEqual([
      { kind: 'written', id: idOf(900), created: true },
      { kind: 'written', id: idOf(2), created: false },
      { kind: 'written', id: idOf(901), created: true },
      { kind: 'written', id: idOf(4), created: false },
    ]);
  });

  it('names a parent by its external id under the relationship that describe gives, and by type where it may be of several', async () => {
    acceptRows();
    const parents = {
      ParentId: { object: 'Account', field: 'Partner_Id__c', value: 'p-1' },
      OwnerId: { object: 'User', field: 'Employee__c', value: 'e-1' },
    };
    await crm.write('Account', [{ ...byId(1, { Name: 'N', ParentId: null }), parents }]);
    expect(bodyOf(writes()[0]).records[0]).toEqual({
      attributes: { type: 'Account' },
      id: idOf(1),
      Name: 'N',
      Parent: { Partner_Id__c: 'p-1' },
      Owner: { attributes: { type: 'User' }, Employee__c: 'e-1' },
    });
  });

  it('makes no call for nothing', async () => {
    expect(await crm.write('Account', [])).toEqual([]);
    expect(org.requests).toEqual([]);
  });

  it('refuses 201 rows before any call', async () => {
    expect(
      await failureOf(
        crm.write(
          'Account',
          Array.from({ length: 201 }, (_row, index) => byId(index)),
        ),
      ),
    ).toMatchObject({ code: 'CRM_REQUEST_INVALID' });
    expect(org.requests).toEqual([]);
  });

  it.each<[string, RemoteWrite, string]>([
    ['an Id beside its target', byKey('p-1', { Id: idOf(1) }), 'CRM_REQUEST_INVALID'],
    ['attributes of its own', byKey('p-1', { attributes: 'x' }), 'CRM_REQUEST_INVALID'],
    ['an empty external id', byKey(''), 'CRM_REQUEST_INVALID'],
    [
      'a parent in a field that is no lookup',
      { ...byId(1), parents: { Name: { object: 'Account', field: 'X__c', value: '1' } } },
      'CRM_FIELD_UNKNOWN',
    ],
  ])('refuses a row with %s, and writes the others', async (_what, row, code) => {
    acceptRows();
    const outcomes = await crm.write('Account', [row, byId(9)]);
    expect(outcomes).toEqual([
      expect.objectContaining({ kind: 'refused', code, retryable: false }),
      { kind: 'written', id: idOf(9), created: false },
    ]);
    expect(bodyOf(writes()[0]).records).toHaveLength(1);
  });

  it('refuses the second of two rows for one record', async () => {
    acceptRows();
    const outcomes = await crm.write('Account', [byKey('p-1', { Name: 'first' }), byKey('p-1', { Name: 'second' })]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['written', 'refused']);
    expect(bodyOf(writes()[0]).records).toHaveLength(1);
  });
});

describe('write of rows that the org refuses', () => {
  it("keeps the CRM's words and fields, and tells what may be tried again", async () => {
    acceptRows((record) => {
      if (record['Name'] === 'locked')
        return { statusCode: 'UNABLE_TO_LOCK_ROW', message: 'unable to obtain exclusive access', fields: [] };
      if (record['Name'] === null)
        return { statusCode: 'REQUIRED_FIELD_MISSING', message: 'Required fields are missing: [Name]', fields: ['Name'] };
      return null;
    });
    expect(await crm.write('Account', [byId(1, { Name: 'locked' }), byId(2, { Name: null }), byId(3)])).toEqual([
      {
        kind: 'refused',
        code: 'CRM_RECORD_LOCKED',
        retryable: true,
        message: 'UNABLE_TO_LOCK_ROW: unable to obtain exclusive access',
        fields: [],
      },
      {
        kind: 'refused',
        code: 'CRM_VALUE_INVALID',
        retryable: false,
        message: 'REQUIRED_FIELD_MISSING: Required fields are missing: [Name]',
        fields: ['Name'],
      },
      { kind: 'written', id: idOf(3), created: false },
    ]);
  });

  it.each<[string, RemoteWrite, string]>([
    ['the row itself where it names no other', byId(1), 'CRM_RECORD_GONE'],
    ['a parent where the row names one', byId(1, { ParentId: idOf(2) }), 'CRM_REFERENCE_MISSING'],
    ['a parent where the row is created', byKey('p-1'), 'CRM_REFERENCE_MISSING'],
  ])('takes an invalid cross reference for %s', async (_what, row, code) => {
    acceptRows(() => ({ statusCode: 'INVALID_CROSS_REFERENCE_KEY', message: 'invalid cross reference id', fields: [] }));
    expect(await crm.write('Account', [row])).toEqual([expect.objectContaining({ code })]);
  });

  it('refuses the rows with an unknown column and sends the others again', async () => {
    acceptRows(undefined, (records) =>
      records.some((record) => 'Gone__c' in record)
        ? [{ errorCode: 'INVALID_FIELD', message: "No such column 'Gone__c' on sobject of type Account" }]
        : null,
    );
    const outcomes = await crm.write('Account', [byId(1), byId(2, { Gone__c: 'x' }), byId(3)]);
    expect(outcomes.map((outcome) => (outcome.kind === 'refused' ? outcome.code : outcome.kind))).toEqual([
      'written',
      'CRM_FIELD_UNKNOWN',
      'written',
    ]);
    expect(writes()).toHaveLength(2);
  });

  it('finds the one row whose value no parser can read', async () => {
    acceptRows(undefined, (records) =>
      records.some((record) => record['Since__c'] === 'soon')
        ? [{ errorCode: 'JSON_PARSER_ERROR', message: 'Cannot deserialize instance of date' }]
        : null,
    );
    const rows = Array.from({ length: 50 }, (_row, index) => byId(index, { Since__c: index === 33 ? 'soon' : '2026-01-01' }));
    const outcomes = await crm.write('Account', rows);
    expect(outcomes.flatMap((outcome, index) => (outcome.kind === 'refused' ? [[index, outcome.code]] : []))).toEqual([
      [33, 'CRM_VALUE_INVALID'],
    ]);
    expect(writes().length).toBeLessThan(15);
  });

  it.each([
    [403, [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' }], 'CRM_ALLOWANCE_EXHAUSTED'],
    [
      404,
      [{ errorCode: 'NOT_FOUND', message: 'Provided external ID field does not exist or is not accessible: Partner_Id__c' }],
      'CRM_FIELD_UNKNOWN',
    ],
    [200, [], 'CRM_UNAVAILABLE'],
  ])('throws what concerns the whole call (HTTP %i %j)', async (status, body, code) => {
    org.answer = (_request, response) => sendJson(response, status, body);
    expect(await failureOf(crm.write('Account', [byKey('p-1'), byKey('p-2')]))).toMatchObject({ code });
    expect(writes()).toHaveLength(1);
  });

  it('does not hide what the first call wrote when the second fails', async () => {
    acceptRows();
    const accept = org.answer;
    org.answer = (request, response) => (request.path.endsWith('Partner_Id__c') ? sendJson(response, 503, '') : accept(request, response));
    expect(await crm.write('Account', [byId(1), byKey('p-1')])).toEqual([
      { kind: 'written', id: idOf(1), created: false },
      expect.objectContaining({ kind: 'refused', code: 'CRM_UNAVAILABLE', retryable: true }),
    ]);
  });
});

describe('restore', () => {
  it('is refused row by row without a call, since REST has no undelete', async () => {
    expect(await crm.restore('Account', [idOf(1)])).toEqual([
      expect.objectContaining({ kind: 'refused', code: 'CRM_REQUEST_INVALID', retryable: false }),
    ]);
    expect(org.requests).toEqual([]);
  });
});
