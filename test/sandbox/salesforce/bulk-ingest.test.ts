import { INGEST, openJob, readCsv, results, runJob, setState, upload, waitFor } from './bulk-call.ts';
import { addPartner, bearer, openOrg } from './opened-org.ts';
import type { OpenedOrg } from './opened-org.ts';

const UPSERT = { object: 'Deal_Registration__c', operation: 'upsert', externalIdFieldName: 'Registration_Id__c' };

describe('bulk ingest', () => {
  let org: OpenedOrg;
  beforeAll(async () => void (org = await openOrg()));
  beforeEach(() => org.reset());
  afterAll(() => org.close());

  const registrations = (fields: string) => org.query(`SELECT ${fields} FROM Deal_Registration__c ORDER BY Registration_Id__c`);

  it('answers a new job, its progress and its end as the guide shows them', async () => {
    const { body: made } = await org.call('POST', INGEST, { object: 'account', operation: 'insert', contentType: 'CSV' });
    expect(made).toEqual({
      id: expect.stringMatching(/^750.{15}$/),
      operation: 'insert',
      object: 'Account',
      createdById: expect.stringMatching(/^005/),
      createdDate: '2026-03-02T09:00:00.000+0000',
      systemModstamp: '2026-03-02T09:00:00.000+0000',
      state: 'Open',
      concurrencyMode: 'Parallel',
      contentType: 'CSV',
      apiVersion: 66,
      contentUrl: `services/data/v66.0/jobs/ingest/${made.id}/batches`,
      lineEnding: 'LF',
      columnDelimiter: 'COMMA',
    });
    const path = `${INGEST}/${made.id}`;
    const uploaded = await upload(org, made.id, 'Name\nGlobex\n');
    expect([uploaded.status, uploaded.body]).toEqual([201, '']);
    expect((await setState(org, path, 'UploadComplete')).body).toEqual({ ...made, state: 'UploadComplete' });
    expect(await waitFor(org, path, 'JobComplete')).toMatchObject({
      jobType: 'V2Ingest',
      numberRecordsProcessed: 1,
      numberRecordsFailed: 0,
      retries: 0,
      totalProcessingTime: expect.any(Number),
      apexProcessingTime: 0,
    });
    const { contentUrl: _address, ...listed } = made;
    expect((await org.call('GET', INGEST)).body).toEqual({
      done: true,
      records: [{ ...listed, state: 'JobComplete', jobType: 'V2Ingest' }],
      nextRecordsUrl: null,
    });
  });

  describe('with its data in one call', () => {
    const job = '{"object": "Account", "operation": "insert", "contentType": "CSV"}';
    const multipart = (content: string, description = job, lineBreak = '\n') =>
      [
        '--BOUNDARY',
        'Content-Type: application/json',
        'Content-Disposition: form-data; name="job"',
        '',
        description,
        '',
        '--BOUNDARY',
        'Content-Type: text/csv',
        'Content-Disposition: form-data; name="content"; filename="content"',
        '',
        content,
        '--BOUNDARY--',
        '',
      ].join(lineBreak);
    const send = (body: string, type = 'multipart/form-data; boundary=BOUNDARY') =>
      org.call('POST', `${INGEST}/`, body, { 'content-type': type });

    it.each([
      ['as the guide shows it', () => send(multipart('Name\nOne\nTwo'))],
      [
        'with the line breaks of RFC 2046 and a quoted boundary',
        () => send(multipart('Name\nOne\nTwo', job, '\r\n'), 'multipart/form-data; boundary="BOUNDARY"'),
      ],
    ])('is closed at once: %s', async (_what, make) => {
      const made = await make();
      expect(made.body).toMatchObject({ object: 'Account', state: 'UploadComplete' });
      const path = `${INGEST}/${made.body.id}`;
      expect(await waitFor(org, path, 'JobComplete', 'Failed')).toMatchObject({ state: 'JobComplete', numberRecordsProcessed: 2 });
      expect((await org.query('SELECT Name FROM Account ORDER BY Name')).map((row) => row['Name'])).toEqual(['One', 'Two']);
      expect((await upload(org, made.body.id, 'Name\nThree\n')).status).toBe(400);
    });

    it.each([
      ['without data', '--BOUNDARY--', 'JSON_PARSER_ERROR'],
      ['with an object nobody has', multipart('Name\nOne', '{"object": "Nope", "operation": "insert"}'), 'INVALIDENTITY'],
      ['with more data than a call takes', multipart(`Name\n${'x'.repeat(100_000)}`), 'CLIENTINPUTERROR'],
    ])('is refused %s', async (_what, body, errorCode) => {
      const answer = await send(body);
      expect([answer.status, answer.body[0].errorCode]).toEqual([400, errorCode]);
      expect((await org.call('GET', INGEST)).body.records).toEqual([]);
    });
  });

  it('keeps the good rows beside the bad ones and tells each in its columns', async () => {
    await addPartner(org, 'p-1');
    const csv = [
      'Registration_Id__c,Status__c,Partner__r.Partner_Id__c,Expected_Close_Date__c',
      'a,submitted,p-1,2027-01-31',
      'b,bogus,p-1,',
      'c,submitted,nobody,',
      'd,,,soon',
      '',
    ].join('\n');
    const { path, info } = await runJob(org, UPSERT, csv);
    expect([info.state, info.numberRecordsProcessed, info.numberRecordsFailed]).toEqual(['JobComplete', 4, 3]);
    const columns = ['Registration_Id__c', 'Status__c', 'Partner__r.Partner_Id__c', 'Expected_Close_Date__c'];
    const [row] = await registrations('Id, Partner__r.Partner_Id__c');
    expect(row).toMatchObject({ Partner__r: { Partner_Id__c: 'p-1' } });
    expect(await results(org, path, 'successfulResults')).toEqual({
      header: ['sf__Id', 'sf__Created', ...columns],
      rows: [[row?.['Id'], 'true', 'a', 'submitted', 'p-1', '2027-01-31']],
    });
    expect(await results(org, path, 'failedResults')).toEqual({
      header: ['sf__Id', 'sf__Error', ...columns],
      rows: [
        [
          '',
          "INVALID_FIELD:Failed to deserialize field at col 3. Due to, 'soon' is not a valid value for the type xsd:date:Expected_Close_Date__c --",
          'd',
          '',
          '',
          'soon',
        ],
        [
          '',
          'INVALID_FIELD:Foreign key external ID: nobody not found for field Partner_Id__c in entity Account:--',
          'c',
          'submitted',
          'nobody',
          '',
        ],
        [
          '',
          'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST:Status: bad value for restricted picklist field: bogus:Status__c --',
          'b',
          'bogus',
          'p-1',
          '',
        ],
      ],
    });
    expect(await results(org, path, 'unprocessedrecords')).toEqual({ header: columns, rows: [] });
  });

  it('empties a field with #N/A and leaves it with an empty cell', async () => {
    await addPartner(org, 'p-1');
    const first = 'Registration_Id__c,Description__c,Sync_Note__c,Partner__r.Partner_Id__c\na,one,two,p-1\nb,one,two,p-1\n';
    await runJob(org, UPSERT, first);
    const { path } = await runJob(
      org,
      UPSERT,
      'Registration_Id__c,Description__c,Sync_Note__c,Partner__r.Partner_Id__c\na,#N/A,,#N/A\nb,,#N/A,\n',
    );
    expect((await results(org, path, 'successfulResults')).rows.map((row) => row[1])).toEqual(['false', 'false']);
    expect(await registrations('Description__c, Sync_Note__c, Partner__r.Partner_Id__c')).toMatchObject([
      { Description__c: null, Sync_Note__c: 'two', Partner__r: null },
      { Description__c: 'one', Sync_Note__c: null, Partner__r: { Partner_Id__c: 'p-1' } },
    ]);
  });

  it.each([
    ['COMMA', ',', 'LF', '\n'],
    ['SEMICOLON', ';', 'CRLF', '\r\n'],
    ['TAB', '\t', 'LF', '\n'],
    ['PIPE', '|', 'CRLF', '\r\n'],
    ['CARET', '^', 'LF', '\n'],
    ['BACKQUOTE', '`', 'LF', '\n'],
  ] as const)('reads and writes %s with %s', async (columnDelimiter, delimiter, lineEnding, newline) => {
    const odd = `a "word", one; two | three ^ four \` five\tsix${newline}a second line`;
    const csv = [['Name', 'Website'].join(delimiter), [`"${odd.replaceAll('"', '""')}"`, 'x.example'].join(delimiter), ''].join(newline);
    const { path, info } = await runJob(org, { object: 'Account', operation: 'insert', columnDelimiter, lineEnding }, csv);
    expect([info.state, info.numberRecordsFailed]).toEqual(['JobComplete', 0]);
    expect(await org.query('SELECT Name FROM Account')).toMatchObject([{ Name: odd }]);
    const { body } = await org.call('GET', `${path}/successfulResults`);
    expect(body.startsWith(['"sf__Id"', '"sf__Created"', '"Name"', `"Website"${newline}`].join(delimiter))).toBe(true);
    expect(readCsv(body, { delimiter, record_delimiter: newline }).rows[0]?.slice(1)).toEqual(['true', odd, 'x.example']);
  });

  it('updates, deletes and deletes for good by id, each row for itself', async () => {
    const [a, b, c] = [await addPartner(org, 'a'), await addPartner(org, 'b'), await addPartner(org, 'c')];
    const updated = await runJob(
      org,
      { object: 'Account', operation: 'update' },
      `Id,Name\n${a},New\n,None\nzzz,Bad\n001000000000000AAA,No\n`,
    );
    expect((await results(org, updated.path, 'failedResults')).rows.map((row) => [row[0], String(row[1]).split(':')[0]])).toEqual([
      ['', 'MALFORMED_ID'],
      ['', 'MISSING_ARGUMENT'],
      ['001000000000000AAA', 'INVALID_CROSS_REFERENCE_KEY'],
    ]);
    expect(await org.query(`SELECT Name FROM Account WHERE Id = '${a}'`)).toMatchObject([{ Name: 'New' }]);
    const deleted = await runJob(org, { object: 'Account', operation: 'delete' }, `Id\n${b}\n`);
    expect((await results(org, deleted.path, 'successfulResults')).rows).toEqual([[b, 'false', b]]);
    await runJob(org, { object: 'Account', operation: 'hardDelete' }, `Id\n${c}\n`);
    const all = await org.call('GET', `/queryAll?q=${encodeURIComponent('SELECT Id, IsDeleted FROM Account ORDER BY Id')}`);
    expect(all.body.records).toMatchObject([
      { Id: a, IsDeleted: false },
      { Id: b, IsDeleted: true },
    ]);
  });

  it('refuses the second of two rows with one external id within 200 rows, and tells no id of failed rows below version 53', async () => {
    await runJob(org, UPSERT, 'Registration_Id__c\na\n');
    const job = await org.call('POST', '/services/data/v52.0/jobs/ingest', UPSERT);
    const path = `${INGEST}/${job.body.id}`;
    await upload(org, job.body.id, 'Registration_Id__c,Status__c\na,bogus\nb,\nb,\n');
    await setState(org, path, 'UploadComplete');
    await waitFor(org, path, 'JobComplete');
    const failed = (await results(org, path, 'failedResults')).rows;
    expect(failed.map((row) => [row[0], String(row[1]).split(':')[0]])).toEqual([
      ['', 'DUPLICATE_VALUE'],
      ['', 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST'],
    ]);
  });

  it('gives results in an order of its own', async () => {
    const names = Array.from({ length: 500 }, (_each, index) => `n${String(index).padStart(3, '0')}`);
    const { path } = await runJob(org, { object: 'Account', operation: 'insert' }, `Name\n${names.join('\n')}`);
    const { body } = await org.call('GET', `${path}/successfulResults`);
    const given = [...String(body).matchAll(/"(n\d{3})"/g)].map((match) => match[1]);
    expect(given).not.toEqual(names);
    expect(new Set(given)).toEqual(new Set(names));
    expect(given.length).toBe(names.length);
  });

  it.each([
    ['an unknown column', 'Name,Nope\na,b\n', 'InvalidBatch : Field name not found : Nope'],
    ['an unknown parent', 'Name,Nope__r.Id\na,b\n', 'InvalidBatch : Field name not found : Nope__r.Id'],
    ['the other line ending', 'Name\r\na\r\n', 'ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is LF'],
    [
      'a byte order mark before a quote',
      '\uFEFF"Name"\na\n',
      'InvalidBatch : Failed to parse CSV. Found unescaped quote. A value with quote should be within a quote',
    ],
    ['a quote that does not end', 'Name\n"a\n', 'InvalidBatch : Failed to parse CSV. EOF reached before closing an opened quote'],
    ['a header alone', 'Name\n', 'InvalidBatch : Records not found'],
  ])('fails as a whole for %s, with every row unprocessed', async (_what, csv, errorMessage) => {
    const { path, info } = await runJob(org, { object: 'Account', operation: 'insert' }, csv);
    expect([info.state, info.errorMessage, info.numberRecordsProcessed]).toEqual(['Failed', errorMessage, 0]);
    expect(await org.query('SELECT Id FROM Account')).toEqual([]);
    expect((await org.call('GET', `${path}/unprocessedrecords`)).body).toBe(csv.replace('\uFEFF', ''));
  });

  it('fails in the middle and gives back the rows it did not come to', async () => {
    const good = Array.from({ length: 450 }, (_each, index) => `n${index}`);
    const { path, info } = await runJob(org, { object: 'Account', operation: 'insert' }, `Name\n${good.join('\n')}\na,b\n`);
    expect([info.state, info.numberRecordsProcessed]).toEqual(['Failed', 400]);
    const rest = await results(org, path, 'unprocessedrecords');
    expect([rest.header, rest.rows.length]).toEqual([['Name'], 51]);
  });

  it.each([
    ['no such object', { object: 'Nope', operation: 'insert' }, 'INVALIDENTITY', 'Unable to find object: Nope'],
    [
      'an object that nobody writes',
      { object: 'OpportunityFieldHistory', operation: 'insert' },
      'INVALIDENTITY',
      /not supported by the Bulk API/,
    ],
    ['an upsert by nothing', { object: 'Account', operation: 'upsert' }, 'INVALIDJOB', /External ID was blank for Account/],
    [
      'an upsert by a common field',
      { ...UPSERT, externalIdFieldName: 'Status__c' },
      'INVALIDJOB',
      /Status__c does not match an External ID/,
    ],
    ['an unknown operation', { object: 'Account', operation: 'merge' }, 'JSON_PARSER_ERROR', /operation/],
    ['an unknown delimiter', { object: 'Account', operation: 'insert', columnDelimiter: ',' }, 'JSON_PARSER_ERROR', /columnDelimiter/],
  ])('refuses a job for %s', async (_what, job, errorCode, message) => {
    const { status, body } = await org.call('POST', INGEST, job);
    expect([status, body[0].errorCode]).toEqual([400, errorCode]);
    expect(body[0].message).toEqual(expect.stringMatching(message));
  });

  it('takes data once, as CSV, and only while the job is open', async () => {
    const id = await openJob(org, { object: 'Account', operation: 'insert' });
    expect((await org.call('PUT', `${INGEST}/${id}/batches`, { Name: 'a' })).status).toBe(415);
    expect((await upload(org, id, 'Name\na\n')).status).toBe(201);
    const second = await upload(org, id, 'Name\nb\n');
    expect([second.status, second.body[0].message]).toEqual([400, expect.stringMatching(/^Found multiple contents for job: <750/)]);
    await setState(org, `${INGEST}/${id}`, 'UploadComplete');
    expect((await upload(org, id, 'Name\nc\n')).body[0].errorCode).toBe('INVALIDJOBSTATE');
    expect((await upload(org, '750000000000000AAA', 'Name\n')).status).toBe(404);
    await waitFor(org, `${INGEST}/${id}`, 'JobComplete');
    expect(await org.query('SELECT Name FROM Account')).toMatchObject([{ Name: 'a' }]);
  });

  it('aborts a job that is held, gives back its rows, and deletes it', async () => {
    await org.control('bulk', { hold: true });
    const id = await openJob(org, { object: 'Account', operation: 'insert' });
    const path = `${INGEST}/${id}`;
    await upload(org, id, 'Name\na\nb\n');
    await setState(org, path, 'UploadComplete');
    await waitFor(org, path, 'InProgress');
    expect((await org.call('GET', `${path}/successfulResults`)).body[0].errorCode).toBe('INVALIDJOBSTATE');
    expect((await org.call('DELETE', path)).status).toBe(400);
    expect((await setState(org, path, 'Aborted')).body.state).toBe('Aborted');
    expect((await setState(org, path, 'Aborted')).body[0]).toEqual({
      errorCode: 'INVALIDJOBSTATE',
      message: 'Aborting already Aborted Job not allowed',
    });
    await org.control('bulk', { hold: false });
    expect((await runJob(org, { object: 'Account', operation: 'insert' }, 'Name\nlast\n')).info.state).toBe('JobComplete');
    expect(await org.query('SELECT Name FROM Account')).toMatchObject([{ Name: 'last' }]);
    expect((await org.call('GET', `${path}/unprocessedrecords`)).body).toBe('Name\na\nb\n');
    expect((await org.call('DELETE', path)).status).toBe(204);
    expect((await org.call('GET', path)).status).toBe(404);
  });

  it('says of a job that has ended that it has', async () => {
    const { path } = await runJob(org, { object: 'Account', operation: 'insert' }, 'Name\na\n');
    const refusals = [await setState(org, path, 'UploadComplete'), await setState(org, path, 'Aborted')];
    expect(refusals.map(({ status, body }) => [status, body[0].message])).toEqual([
      [400, 'Closing already Completed Job not allowed'],
      [400, 'Aborting already Completed Job not allowed'],
    ]);
  });

  it('locks the rows that a fault on the closing call names', async () => {
    const id = await openJob(org, { object: 'Account', operation: 'insert' });
    const path = `${INGEST}/${id}`;
    await upload(org, id, 'Name\na\nb\nc\n');
    await org.control('faults', { rules: [{ method: 'PATCH', path: '/jobs/ingest/{id}', fault: 'row_lock', rows: [1] }] });
    await setState(org, path, 'UploadComplete');
    expect(await waitFor(org, path, 'JobComplete')).toMatchObject({ numberRecordsFailed: 1 });
    expect((await results(org, path, 'failedResults')).rows).toEqual([
      ['', 'UNABLE_TO_LOCK_ROW:unable to obtain exclusive access to this record or 1 records::--', 'b'],
    ]);
  });

  it('runs a job of which the answer to the closing call was lost, and takes a half upload for none', async () => {
    const id = await openJob(org, { object: 'Account', operation: 'insert' });
    const path = `${INGEST}/${id}`;
    const half = new ReadableStream({
      start: (controller) => {
        controller.enqueue(Buffer.from('Name\nhalf\n'));
        controller.error(new Error('cut off'));
      },
    });
    const address = `${org.url}/services/data/v66.0${path}/batches`;
    const headers = { ...bearer('integration'), 'content-type': 'text/csv' };
    await expect(fetch(address, { method: 'PUT', headers, body: half, duplex: 'half' } as RequestInit)).rejects.toThrow(
      /cut off|fetch failed/,
    );
    for (let status = 400; status !== 201; status = (await upload(org, id, 'Name\nwhole\n')).status) expect(status).toBe(400);
    await org.control('faults', { rules: [{ method: 'PATCH', path: '/jobs/ingest', fault: 'lost_answer' }] });
    await expect(setState(org, path, 'UploadComplete')).rejects.toThrow('fetch failed');
    await waitFor(org, path, 'JobComplete');
    expect(await org.query('SELECT Name FROM Account')).toMatchObject([{ Name: 'whole' }]);
  });

  it('forgets jobs after seven days, and all of them with a reset', async () => {
    const { path } = await runJob(org, { object: 'Account', operation: 'insert' }, 'Name\na\n');
    await org.control('clock', { advanceMs: 7 * 24 * 3600 * 1000 - 1 });
    expect((await org.call('GET', path)).status).toBe(200);
    await org.control('clock', { advanceMs: 1 });
    expect((await org.call('GET', path)).status).toBe(404);
    await org.control('reset', {});
    expect((await org.call('GET', INGEST)).body.records).toEqual([]);
  });

  it('starts anew while a job runs, and the next job has its number', async () => {
    const names = Array.from({ length: 2000 }, (_each, index) => `n${index}`).join('\n');
    const id = await openJob(org, { object: 'Account', operation: 'insert' });
    await upload(org, id, `Name\n${names}`);
    await setState(org, `${INGEST}/${id}`, 'UploadComplete');
    await org.control('reset', {});
    const next = await runJob(org, { object: 'Account', operation: 'insert' }, 'Name\nonly\n');
    expect(next.path).toBe(`${INGEST}/${id}`);
    expect(await org.query('SELECT Name FROM Account')).toMatchObject([{ Name: 'only' }]);
  });
});
