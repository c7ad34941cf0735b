import { QUERY, readCsv, runJob, waitFor } from './bulk-call.ts';
import { addPartner, openOrg } from './opened-org.ts';
import type { Answer, OpenedOrg } from './opened-org.ts';

describe('bulk query', () => {
  let org: OpenedOrg;
  beforeAll(async () => void (org = await openOrg()));
  beforeEach(() => org.reset());
  afterAll(() => org.close());

  const ask = (query: string, more: object = {}) => org.call('POST', QUERY, { operation: 'query', query, ...more });
  const finish = async (answer: Answer) => {
    const path = `${QUERY}/${answer.body.id}`;
    return { path, info: await waitFor(org, path, 'JobComplete', 'Failed') };
  };
  const answered = async (query: string, more: object = {}) => {
    const { path } = await finish(await ask(query, more));
    return readCsv((await org.call('GET', `${path}/results`)).body);
  };

  it('answers a new job and its end as the guide shows them', async () => {
    await addPartner(org, 'p-1');
    const made = await ask('select id from account');
    expect(made.body).toEqual({
      id: expect.stringMatching(/^750.{15}$/),
      operation: 'query',
      object: 'Account',
      createdById: expect.stringMatching(/^005/),
      createdDate: '2026-03-02T09:00:00.000+0000',
      systemModstamp: '2026-03-02T09:00:00.000+0000',
      state: 'UploadComplete',
      concurrencyMode: 'Parallel',
      contentType: 'CSV',
      apiVersion: 66,
      lineEnding: 'LF',
      columnDelimiter: 'COMMA',
    });
    const { info, path } = await finish(made);
    expect(info).toMatchObject({ state: 'JobComplete', jobType: 'V2Query', numberRecordsProcessed: 1, isPkChunkingSupported: true });
    expect((await org.call('GET', QUERY)).body.records).toMatchObject([{ id: info.id, jobType: 'V2Query' }]);
    expect((await org.call('GET', path.replace('query', 'ingest'))).status).toBe(404);
  });

  it('writes values as bulk results do, parents by dotted names in the order of the query', async () => {
    const partner = await addPartner(org, 'p-1');
    await org.call('POST', '/sobjects/Deal_Registration__c', {
      Registration_Id__c: 'a',
      Partner__c: partner,
      Estimated_Value__c: 25000,
      Description__c: 'one\n"two"',
    });
    await org.call('POST', '/sobjects/Deal_Registration__c', { Registration_Id__c: 'b', Estimated_Value__c: 12345678.9 });
    const soql =
      'SELECT Partner__r.Name, registration_id__c, Estimated_Value__c, CreatedDate, IsDeleted, Description__c, Partner__r.Owner.Alias FROM Deal_Registration__c';
    expect(await answered(soql)).toEqual({
      header: [
        'Partner__r.Name',
        'Registration_Id__c',
        'Estimated_Value__c',
        'CreatedDate',
        'IsDeleted',
        'Description__c',
        'Partner__r.Owner.Alias',
      ],
      rows: [
        ['', 'b', '1.23456789E7', '2026-03-02T09:00:00.000Z', 'false', '', ''],
        ['Partner p-1', 'a', '25000.0', '2026-03-02T09:00:00.000Z', 'false', 'one\n"two"', 'integration'],
      ],
    });
  });

  it('sees deleted rows by queryAll alone', async () => {
    const id = await addPartner(org, 'p-1');
    await org.call('DELETE', `/sobjects/Account/${id}`);
    expect((await answered('SELECT Id FROM Account')).rows).toEqual([]);
    expect((await answered('SELECT Id, IsDeleted FROM Account', { operation: 'queryAll' })).rows).toEqual([[id, 'true']]);
  });

  it('pages by maxRecords and locator, each page under its header, the last one with the word null', async () => {
    const names = Array.from({ length: 5 }, (_each, index) => `n${index}`);
    await org.call('POST', '/composite/sobjects', { records: names.map((Name) => ({ attributes: { type: 'Account' }, Name })) });
    const { path } = await finish(await ask('SELECT Name FROM Account ORDER BY Name', { columnDelimiter: 'PIPE', lineEnding: 'CRLF' }));
    const pages: string[] = [];
    const counts: unknown[] = [];
    for (let locator = ''; locator !== 'null';) {
      const answer = await org.call('GET', `${path}/results?maxRecords=2${locator === '' ? '' : `&locator=${locator}`}`);
      pages.push(answer.body);
      counts.push(Number(answer.headers.get('sforce-numberofrecords')));
      locator = answer.headers.get('sforce-locator') ?? '';
    }
    expect(counts).toEqual([2, 2, 1]);
    expect(pages).toEqual(['"Name"\r\n"n0"\r\n"n1"\r\n', '"Name"\r\n"n2"\r\n"n3"\r\n', '"Name"\r\n"n4"\r\n']);
    const wrong = await org.call('GET', `${path}/results?locator=zzz`);
    expect([wrong.status, wrong.body[0].errorCode]).toEqual([400, 'INVALID_QUERY_LOCATOR']);
    expect((await org.call('GET', `${path}/results?maxRecords=0`)).status).toBe(400);
  });

  it('shows the rows of the instant at which it ran', async () => {
    await addPartner(org, 'p-1');
    const { path } = await finish(await ask('SELECT Name FROM Account'));
    await addPartner(org, 'p-2');
    expect(readCsv((await org.call('GET', `${path}/results`)).body).rows).toEqual([['Partner p-1']]);
  });

  it('goes on a few rows at a time: calls are answered meanwhile, and it can be aborted on its way', async () => {
    const rows = Array.from({ length: 9_000 }, (_each, index) => `n${index}`);
    await runJob(org, { object: 'Account', operation: 'insert' }, `Name\n${rows.join('\n')}\n`);
    const run = async (stopAt: number) => {
      const path = `${QUERY}/${(await ask('SELECT Id, Name FROM Account')).body.id}`;
      const seen = new Set<number>();
      for (;;) {
        const { state, numberRecordsProcessed } = (await org.call('GET', path)).body;
        seen.add(numberRecordsProcessed);
        if (state === 'JobComplete') return { path, seen };
        if (state === 'InProgress' && numberRecordsProcessed >= stopAt) {
          expect((await org.call('PATCH', path, { state: 'Aborted' })).status).toBe(200);
          return { path, seen };
        }
      }
    };
    const whole = await run(Infinity);
    expect([...whole.seen].some((count) => count > 0 && count < 9_000)).toBe(true);
    expect(readCsv((await org.call('GET', `${whole.path}/results`)).body).rows).toHaveLength(9_000);
    const aborted = await run(2_000);
    // The next job is worked on when nothing of the aborted one is left to do.
    await finish(await ask('SELECT Id FROM User'));
    const { body } = await org.call('GET', aborted.path);
    expect(body.state).toBe('Aborted');
    expect(body.numberRecordsProcessed).toBeLessThan(9_000);
  }, 60_000);

  it.each([
    ['a subquery', 'SELECT Id, (SELECT Id FROM Contacts) FROM Account', 'API_ERROR', 'Aggregate Relationships not supported in Bulk Query'],
    ['GROUP BY', 'SELECT Name FROM Account GROUP BY Name', 'API_ERROR', 'GROUP BY not supported in Bulk Query'],
    ['COUNT()', 'SELECT COUNT() FROM Account', 'API_ERROR', 'Aggregate functions not supported in Bulk Query'],
    ['OFFSET', 'SELECT Id FROM Account OFFSET 1', 'API_ERROR', 'OFFSET not supported in Bulk Query'],
    ['an unknown field', 'SELECT Nope FROM Account', 'INVALID_FIELD', expect.stringContaining("No such column 'Nope'")],
    ['an unknown object', 'SELECT Id FROM Nope', 'INVALID_TYPE', expect.stringContaining("sObject type 'Nope' is not supported")],
    ['no SOQL', 'nothing', 'MALFORMED_QUERY', expect.stringContaining('unexpected token')],
  ])('refuses %s when the job is made', async (_what, query, errorCode, message) => {
    const answer = await ask(query);
    expect([answer.status, answer.body]).toEqual([400, [{ errorCode, message }]]);
  });

  it('aborts and deletes a held job, and has no results before the end', async () => {
    await org.control('bulk', { hold: true });
    const { id } = (await ask('SELECT Id FROM Account')).body;
    const path = `${QUERY}/${id}`;
    await waitFor(org, path, 'InProgress');
    expect((await org.call('GET', `${path}/results`)).body[0].errorCode).toBe('INVALIDJOBSTATE');
    expect((await org.call('PATCH', path, { state: 'UploadComplete' })).body[0].errorCode).toBe('INVALIDJOBSTATE');
    expect((await org.call('PATCH', path, { state: 'Aborted' })).body).toMatchObject({ id, state: 'Aborted' });
    expect((await org.call('PATCH', path, { state: 'Aborted' })).status).toBe(400);
    expect((await org.call('DELETE', path)).status).toBe(204);
    expect((await org.call('GET', path)).status).toBe(404);
  });
});
