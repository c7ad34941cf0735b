import { Connection } from 'jsforce';
import { addPartner, bearer, DATA, openOrg } from './opened-org.ts';
import type { OpenedOrg } from './opened-org.ts';

const ACCOUNTS = `${DATA}/sobjects/Account`;
const CONTACTS = `${DATA}/sobjects/Contact`;
const part = (referenceId: string, method: string, url: string, body?: unknown) => ({
  referenceId,
  method,
  url,
  ...(body === undefined ? {} : { body }),
});
const HALTED = [
  {
    errorCode: 'PROCESSING_HALTED',
    message: 'The transaction was rolled back since another operation in the same transaction failed.',
  },
];

describe('composite', () => {
  let org: OpenedOrg;
  beforeAll(async () => void (org = await openOrg()));
  beforeEach(() => org.reset());
  afterAll(() => org.close());

  const compose = (parts: readonly object[], more: object = {}) => org.call('POST', '/composite', { ...more, compositeRequest: parts });
  const accounts = async () => (await org.query('SELECT Name FROM Account ORDER BY Name')).map((row) => row['Name']);

  it('carries parts out in order, each referring to those before it, in one call', async () => {
    await addPartner(org, 'p-1');
    const before = (await org.control('calls')).body.total;
    const { status, body } = await compose([
      part('found', 'GET', `${DATA}/query?q=${encodeURIComponent('SELECT Id, Name FROM Account')}`),
      part('made', 'POST', ACCOUNTS, { Name: 'Child of @{found.records[0].Name}', ParentId: '@{found.records[0].Id}' }),
      part('contact', 'POST', CONTACTS, { LastName: 'Lund', AccountId: '@{made.id}' }),
      part('changed', 'PATCH', `${ACCOUNTS}/@{made.id}`, { Website: 'x.example' }),
      part('read', 'GET', `${ACCOUNTS}/@{made.id}?fields=Name,Website`),
    ]);
    expect(status).toBe(200);
    const [found, made, contact, changed, read] = body.compositeResponse;
    expect(found).toMatchObject({ httpStatusCode: 200, referenceId: 'found', httpHeaders: {}, body: { totalSize: 1, done: true } });
    expect(made).toEqual({
      body: { id: expect.any(String), success: true, errors: [] },
      httpHeaders: { Location: `${ACCOUNTS}/${made.body.id}` },
      httpStatusCode: 201,
      referenceId: 'made',
    });
    expect(contact.httpStatusCode).toBe(201);
    expect(changed).toEqual({ body: null, httpHeaders: {}, httpStatusCode: 204, referenceId: 'changed' });
    expect(read).toMatchObject({ httpStatusCode: 200, body: { Name: 'Child of Partner p-1', Website: 'x.example' } });
    expect(read.httpHeaders['Last-Modified']).toBe('Mon, 02 Mar 2026 09:00:00 GMT');
    const calls = (await org.control('calls')).body;
    expect([calls.total - before, calls.byRoute[`POST ${DATA}/composite`]]).toEqual([1, 1]);
  });

  it('keeps the good parts beside a bad one, and halts those that refer to it', async () => {
    const { body } = await compose([
      part('good', 'POST', ACCOUNTS, { Name: 'Good' }),
      part('bad', 'POST', ACCOUNTS, {}),
      part('child', 'POST', CONTACTS, { LastName: 'Lund', AccountId: '@{bad.id}' }),
      part('last', 'POST', ACCOUNTS, { Name: 'Last' }),
    ]);
    expect(body.compositeResponse.map((each: { httpStatusCode: number }) => each.httpStatusCode)).toEqual([201, 400, 400, 201]);
    expect(body.compositeResponse[1].body[0]).toMatchObject({ errorCode: 'REQUIRED_FIELD_MISSING', fields: ['Name'] });
    expect(body.compositeResponse[2].body).toEqual([
      {
        errorCode: 'PROCESSING_HALTED',
        message:
          "Invalid reference specified. No value for bad.id found in bad. Provided referenceId ('bad.id') must start with a letter or a number, and it can contain only letters, numbers and underscores ('_').",
      },
    ]);
    expect(await accounts()).toEqual(['Good', 'Last']);
  });

  it('undoes everything under allOrNone, history included, and says which part failed', async () => {
    const { body } = await compose(
      [
        part('a', 'POST', `${DATA}/sobjects/Deal_Registration__c`, { Registration_Id__c: 'a' }),
        part('rows', 'POST', `${DATA}/composite/sobjects`, { records: [{ attributes: { type: 'Account' }, Name: 'A' }] }),
        part('b', 'PATCH', `${DATA}/sobjects/Deal_Registration__c/@{a.id}`, { Status__c: 'bogus' }),
        part('c', 'POST', ACCOUNTS, { Name: 'Never' }),
      ],
      { allOrNone: true },
    );
    expect(body.compositeResponse).toEqual([
      { body: HALTED, httpHeaders: {}, httpStatusCode: 400, referenceId: 'a' },
      { body: HALTED, httpHeaders: {}, httpStatusCode: 400, referenceId: 'rows' },
      {
        body: [expect.objectContaining({ errorCode: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST' })],
        httpHeaders: {},
        httpStatusCode: 400,
        referenceId: 'b',
      },
      { body: HALTED, httpHeaders: {}, httpStatusCode: 400, referenceId: 'c' },
    ]);
    expect(await accounts()).toEqual([]);
    expect(await org.query('SELECT Id FROM Deal_Registration__c')).toEqual([]);
    expect(await org.query('SELECT Id FROM Deal_Registration__History')).toEqual([]);
  });

  it('keeps everything under allOrNone when nothing fails', async () => {
    const parts = [part('a', 'POST', ACCOUNTS, { Name: 'A' }), part('b', 'PATCH', `${ACCOUNTS}/Partner_Id__c/p-9`, { Name: 'B' })];
    const { body } = await compose(parts, { allOrNone: true });
    expect(body.compositeResponse.map((each: { httpStatusCode: number }) => each.httpStatusCode)).toEqual([201, 201]);
    expect(await accounts()).toEqual(['A', 'B']);
  });

  it('lets no other call come between the parts of a transaction', async () => {
    const together = Array.from({ length: 20 }, (_each, index) =>
      compose([part('a', 'POST', ACCOUNTS, { Name: `undone ${index}` }), part('b', 'POST', ACCOUNTS, {})], { allOrNone: true }),
    );
    const alone = Array.from({ length: 20 }, (_each, index) => org.call('POST', '/sobjects/Account', { Name: `kept ${index}` }));
    expect((await Promise.all(alone)).every((answer) => answer.status === 201)).toBe(true);
    await Promise.all(together);
    expect((await accounts()).length).toBe(20);
  });

  it('answers definitions and limits as parts, and refuses other calls by name', async () => {
    const { body } = await compose([
      part('limits', 'GET', `${DATA}/limits`),
      part('describe', 'GET', `${ACCOUNTS}/describe`),
      part('inner', 'POST', `${DATA}/composite`, { compositeRequest: [] }),
      part('job', 'POST', `${DATA}/jobs/ingest`, {}),
      part('nowhere', 'GET', `${DATA}/nonsense`),
      part('tooling', 'GET', `${DATA}/tooling/query?q=SELECT+Id+FROM+ApexClass`),
      part('search', 'GET', `${DATA}/search?q=x`),
      part('old', 'GET', '/services/data/v12.0/limits'),
    ]);
    const [limits, describe, ...others] = body.compositeResponse;
    expect([limits.body.DailyApiRequests.Max, describe.body.name]).toEqual([500_000, 'Account']);
    expect(others.map((each: { httpStatusCode: number }) => each.httpStatusCode)).toEqual([400, 400, 404, 400, 501, 404]);
  });

  it.each([
    ['26 parts', Array.from({ length: 26 }, (_each, index) => part(`r${index}`, 'GET', `${DATA}/limits`)), 400],
    ['25 parts', Array.from({ length: 25 }, (_each, index) => part(`r${index}`, 'GET', `${DATA}/limits`)), 200],
    ['6 queries', Array.from({ length: 6 }, (_each, index) => part(`r${index}`, 'GET', `${DATA}/query?q=x`)), 400],
    ['one reference twice', [part('a', 'GET', `${DATA}/limits`), part('a', 'GET', `${DATA}/limits`)], 400],
    ['a reference with a dot', [part('a.b', 'GET', `${DATA}/limits`)], 400],
    ['no part', [], 400],
    ['a part without a method', [{ referenceId: 'a', url: `${DATA}/limits` }], 400],
  ])('is judged as a whole: %s', async (_what, parts, status) => {
    expect((await compose(parts)).status).toBe(status);
  });

  it('has its parts locked by their number', async () => {
    await org.control('faults', { rules: [{ method: 'POST', path: '/composite', fault: 'row_lock', rows: [1] }] });
    const { body } = await compose([part('a', 'POST', ACCOUNTS, { Name: 'A' }), part('b', 'POST', ACCOUNTS, { Name: 'B' })]);
    expect(body.compositeResponse[1].body[0].errorCode).toBe('UNABLE_TO_LOCK_ROW');
    expect(await accounts()).toEqual(['A']);
  });

  it('is committed although its answer is lost', async () => {
    await org.control('faults', { rules: [{ method: 'POST', path: '/composite', fault: 'lost_answer' }] });
    await expect(compose([part('a', 'POST', ACCOUNTS, { Name: 'A' })], { allOrNone: true })).rejects.toThrow('fetch failed');
    expect(await accounts()).toEqual(['A']);
  });

  it('writes as its caller, and answers jsforce', async () => {
    const connection = new Connection({
      instanceUrl: org.url,
      accessToken: bearer('rep')['authorization']?.slice(7) ?? '',
      version: '66.0',
    });
    const answer = await connection.requestPost<{ compositeResponse: { httpStatusCode: number }[] }>(`${DATA}/composite`, {
      compositeRequest: [part('a', 'POST', ACCOUNTS, { Name: 'A' })],
    });
    expect(answer.compositeResponse[0]?.httpStatusCode).toBe(201);
    expect(await org.query('SELECT CreatedBy.Alias FROM Account')).toMatchObject([{ CreatedBy: { Alias: 'rep' } }]);
  });

  describe('batch', () => {
    const batch = (batchRequests: readonly object[], more: object = {}) => org.call('POST', '/composite/batch', { ...more, batchRequests });

    it('carries unrelated parts out, and says whether any failed', async () => {
      const id = await addPartner(org, 'p-1');
      const { status, body } = await batch([
        { method: 'PATCH', url: `v66.0/sobjects/Account/${id}`, richInput: { Name: 'New' } },
        { method: 'GET', url: `v66.0/sobjects/Account/${id}?fields=Name` },
        { method: 'GET', url: '/services/data/v66.0/sobjects/Account/001000000000000AAA' },
      ]);
      expect(status).toBe(200);
      expect(body).toEqual({
        hasErrors: true,
        results: [
          { statusCode: 204, result: null },
          { statusCode: 200, result: expect.objectContaining({ Name: 'New' }) },
          { statusCode: 404, result: [{ errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }] },
        ],
      });
    });

    it('stops at the first failure where it is asked to, and counts every part', async () => {
      const used = async () =>
        Number(/api-usage=(\d+)/.exec((await org.call('GET', '/limits')).headers.get('sforce-limit-info') ?? '')?.[1]);
      const before = await used();
      const { body } = await batch(
        [
          { method: 'GET', url: 'v66.0/nonsense' },
          { method: 'GET', url: 'v66.0/limits' },
        ],
        { haltOnError: true },
      );
      expect(body.results[1]).toMatchObject({ statusCode: 412, result: [{ errorCode: 'BATCH_PROCESSING_HALTED' }] });
      expect(await used()).toBe(before + 3);
    });
  });
});
