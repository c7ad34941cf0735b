import { randomUUID } from 'node:crypto';
import type { BulkOutcome, BulkPort, BulkTarget, RemoteRow, RemoteWrite } from '../../../crm/port.ts';
import { until } from '../../support/until.ts';
import { openSalesforceFixture } from './sandbox-fixture.ts';
import { connectTo, failureOf, openStubOrg, sendJson, withDescribe, type StubOrg } from './stub-org.ts';

jest.setTimeout(60_000);

const OBJECT = 'Deal_Registration__c';
const KEY = 'Registration_Id__c';
const BY_ID: BulkTarget = { kind: 'id' };
const BY_KEY: BulkTarget = { kind: 'external_id', field: KEY };

let fixture: Awaited<ReturnType<typeof openSalesforceFixture>>;
let bulk: BulkPort;

beforeAll(async () => {
  fixture = await openSalesforceFixture();
  if (fixture.crm.bulk === undefined) throw new Error('Salesforce has jobs');
  ({ bulk } = fixture.crm);
});
afterAll(() => fixture.close());
beforeEach(() => fixture.control('reset', {}));

const made = (fields: RemoteWrite['fields'], parents?: RemoteWrite['parents']): RemoteWrite & { readonly key: string } => {
  const key = randomUUID();
  return { key, target: { kind: 'external_id', field: KEY, value: key }, fields, ...(parents === undefined ? {} : { parents }) };
};

async function* each<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
}

async function all<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

async function carry(writes: readonly RemoteWrite[], target: BulkTarget): Promise<ReadonlyMap<string, BulkOutcome['outcome']>> {
  const job = await bulk.openWrite(OBJECT, target);
  await bulk.upload(OBJECT, job, () => each(writes));
  await bulk.close(job);
  await until('the job ended', async () => (await bulk.writeStatus(job)).state === 'complete');
  return new Map((await all(bulk.outcomes(job, target))).map(({ key, outcome }) => [key, outcome]));
}

const found = (keys: readonly string[], fields: readonly string[]): Promise<readonly RemoteRow[]> =>
  fixture.crm.find(OBJECT, KEY, keys, fields);

describe('a write job', () => {
  it.each([
    ['line breaks, quotes and commas', 'First line,\n"second", it said: ""\nlast'],
    ['characters beyond the first plane', 'Zweigstelle Köln 🏗️ 東京'],
    ['what a spreadsheet would compute', '=HYPERLINK("http://a.example")'],
    ['other columns’ marks', '+1;2|3\t^4`5'],
  ])('carries %s as they are', async (_what, text) => {
    const row = made({ Customer_Name__c: 'Northwind', Description__c: text });
    expect((await carry([row], BY_KEY)).get(row.key)).toMatchObject({ kind: 'written', created: true });
    expect((await found([row.key], ['Description__c']))[0]?.fields).toEqual({ Description__c: text });
  });

  it('writes the given fields alone: null empties one, and the others stay', async () => {
    const [one, other] = [
      made({ Customer_Name__c: 'One', Description__c: 'kept', Estimated_Value__c: 10.5 }),
      made({ Customer_Name__c: 'Two', Description__c: 'kept' }),
    ];
    await carry([one, other], BY_KEY);
    const rows = await found([one.key, other.key], ['Customer_Name__c']);
    const idOf = (name: string): string => rows.find(({ fields }) => fields['Customer_Name__c'] === name)?.id ?? '';
    const outcomes = await carry(
      [
        { target: { kind: 'id', id: idOf('One') }, fields: { Estimated_Value__c: null } },
        { target: { kind: 'id', id: idOf('Two') }, fields: { Customer_Name__c: 'Second' } },
      ],
      BY_ID,
    );
    expect(outcomes.get(idOf('One'))).toEqual({ kind: 'written', id: idOf('One'), created: false });
    const after = await found([one.key, other.key], ['Customer_Name__c', 'Description__c', 'Estimated_Value__c']);
    expect(after.map(({ fields }) => fields)).toEqual(
      expect.arrayContaining([
        { Customer_Name__c: 'One', Description__c: 'kept', Estimated_Value__c: null },
        { Customer_Name__c: 'Second', Description__c: 'kept', Estimated_Value__c: null },
      ]),
    );
  });

  it('finds parents by their external id, and writes a row once however often it is sent', async () => {
    const partner = randomUUID();
    await fixture.crm.write('Account', [
      { target: { kind: 'external_id', field: 'Partner_Id__c', value: partner }, fields: { Name: 'Aster' } },
    ]);
    const row = made({ Customer_Name__c: 'Northwind' }, { Partner__c: { object: 'Account', field: 'Partner_Id__c', value: partner } });
    await carry([row], BY_KEY);
    expect((await carry([row], BY_KEY)).get(row.key)).toMatchObject({ kind: 'written', created: false });
    const rows = await found([row.key], ['Partner__c']);
    expect(rows).toHaveLength(1);
    expect(rows[0]?.fields['Partner__c']).toMatch(/^001/);
  });

  it('tells each refused row by its own code, in the CRM’s words, and writes the others', async () => {
    const good = made({ Customer_Name__c: 'Northwind' });
    const wrongStatus = made({ Status__c: 'nonsense' });
    const orphan = made({}, { Partner__c: { object: 'Account', field: 'Partner_Id__c', value: 'nobody' } });
    const wrongNumber = made({ Estimated_Value__c: 'many' });
    const outcomes = await carry([wrongStatus, good, orphan, wrongNumber], BY_KEY);
    expect(outcomes.get(good.key)).toMatchObject({ kind: 'written' });
    expect(outcomes.get(wrongStatus.key)).toMatchObject({ kind: 'refused', code: 'CRM_VALUE_INVALID', fields: ['Status__c'] });
    expect(outcomes.get(wrongStatus.key)).toMatchObject({
      message: expect.stringContaining('bad value for restricted picklist field: nonsense'),
    });
    expect(outcomes.get(orphan.key)).toMatchObject({ kind: 'refused', code: 'CRM_REFERENCE_MISSING', retryable: false });
    expect(outcomes.get(wrongNumber.key)).toMatchObject({ kind: 'refused', retryable: false });
  });

  it('does not make a record again that was deleted, when it is written by its id', async () => {
    const row = made({ Customer_Name__c: 'Northwind' });
    await carry([row], BY_KEY);
    const id = (await found([row.key], []))[0]?.id ?? '';
    await fixture.remove(OBJECT, id);
    const outcomes = await carry([{ target: { kind: 'id', id }, fields: { Description__c: 'late' } }], BY_ID);
    expect(outcomes.get(id)).toMatchObject({ kind: 'refused', code: 'CRM_RECORD_GONE' });
  });

  it('knows which rows only a single call can carry', async () => {
    const fits = await bulk.whatFits(OBJECT);
    expect(fits(made({ Description__c: 'plain' }))).toBe(true);
    expect(fits(made({ Description__c: '#N/A' }))).toBe(false);
    expect(fits(made({ Description__c: ' #n/a ' }))).toBe(false);
    expect(fits(made({ Description__c: 'two\r\nlines' }))).toBe(false);
    expect(fits(made({}, { Nowhere__c: { object: 'Account', field: 'Partner_Id__c', value: 'x' } }))).toBe(false);
    const job = await bulk.openWrite(OBJECT, BY_KEY);
    expect((await failureOf(bulk.upload(OBJECT, job, () => each([made({ Description__c: '#N/A' })])))).code).toBe('CRM_REQUEST_INVALID');
  });

  it('is given up, once and again, and is gone when nobody knows it', async () => {
    const job = await bulk.openWrite(OBJECT, BY_KEY);
    expect((await bulk.writeStatus(job)).state).toBe('open');
    await bulk.abort(job);
    await bulk.abort(job);
    expect((await bulk.writeStatus(job)).state).toBe('aborted');
    expect((await bulk.writeStatus('7500000000000zzAAA')).state).toBe('gone');
    await bulk.abort('7500000000000zzAAA');
  });

  it('says why it failed', async () => {
    const job = await bulk.openWrite(OBJECT, BY_KEY);
    await bulk.upload(OBJECT, job, () => each([made({ Nowhere__c: 'x' })]));
    await bulk.close(job);
    await until('the job ended', async () => (await bulk.writeStatus(job)).state === 'failed');
    expect((await bulk.writeStatus(job)).message).toContain('Field name not found : Nowhere__c');
  });
});

describe('a read job', () => {
  const request = {
    object: OBJECT,
    fields: ['Customer_Name__c', 'Estimated_Value__c', 'Description__c'],
    from: null,
    before: '2099-01-01T00:00:00.000Z',
    isOrdered: true,
  };

  async function readAll(job: string, mostRows: number): Promise<{ readonly rows: readonly RemoteRow[]; readonly pages: number }> {
    const rows: RemoteRow[] = [];
    let pages = 0;
    let locator: string | null = null;
    do {
      const page: Awaited<ReturnType<BulkPort['readRows']>> = await bulk.readRows(request, job, locator, mostRows);
      rows.push(...(await all(page.rows)));
      locator = page.next;
      pages += 1;
    } while (locator !== null);
    return { rows, pages };
  }

  it('gives the rows of several pages as single calls give them, deleted ones too', async () => {
    const texts = ['two\nlines, "quoted"', ' 🏗️', '', 'plain', 'last'];
    const writes = texts.map((text, index) =>
      made({ Customer_Name__c: `Customer ${index}`, Description__c: text, Estimated_Value__c: index === 3 ? null : 25_000.5 + index }),
    );
    const written = await fixture.crm.write(OBJECT, writes);
    const [first] = written;
    await fixture.remove(OBJECT, first?.kind === 'written' ? first.id : '');
    const job = await bulk.startRead(request);
    await until('the job ended', async () => (await bulk.readStatus(job)).state === 'complete');
    const { rows, pages } = await readAll(job, 2);
    const single = await fixture.crm.capture({ object: OBJECT, fields: request.fields, after: null, limit: 100 });
    expect(pages).toBe(3);
    expect(rows).toEqual(single.rows);
    expect(rows.some(({ deleted }) => deleted)).toBe(true);
    expect(await bulk.count({ object: OBJECT, from: null })).toBe(5);
  });

  it('ends before the given stamp, and begins at one', async () => {
    await fixture.crm.write(OBJECT, [made({ Customer_Name__c: 'Before' })]);
    await fixture.advanceClock(60_000);
    await fixture.crm.write(OBJECT, [made({ Customer_Name__c: 'Between' })]);
    const { rows: both } = await fixture.crm.capture({ object: OBJECT, fields: [], after: null, limit: 10 });
    const between = both[1]?.stamp ?? '';
    const read = async (range: object): Promise<readonly unknown[]> => {
      const job = await bulk.startRead({ ...request, ...range });
      await until('the job ended', async () => (await bulk.readStatus(job)).state === 'complete');
      return (await readAll(job, 100)).rows.map(({ fields }) => fields['Customer_Name__c']);
    };
    expect(await read({ before: between })).toEqual(['Before']);
    expect(await read({ from: between })).toEqual(['Between']);
  });
});

describe('the data of a job', () => {
  let org: StubOrg;
  beforeAll(async () => {
    org = await openStubOrg();
  });
  afterAll(() => org.close());

  const csv = (text: string, headers: Record<string, string> = {}): StubOrg['answer'] =>
    withDescribe((_request, response) => void response.writeHead(200, { 'content-type': 'text/csv', ...headers }).end(text));
  const readOf = async (): Promise<readonly RemoteRow[]> => {
    const port = await connectTo(org, { requestTimeoutMs: 500 });
    const page = await port.bulk?.readRows({ object: 'Account', fields: ['Name'] }, '750000000000001AAA', null, 10);
    return page === undefined ? [] : all(page.rows);
  };
  const ROW = '"Id","SystemModstamp","Name"\n"001000000000001AAA","2026-11-23T10:00:00.000Z","Aster"\n';

  it('is read whole, or not at all', async () => {
    org.answer = csv(ROW, { 'sforce-numberofrecords': '1', 'sforce-locator': 'null' });
    expect(await readOf()).toMatchObject([{ id: '001000000000001AAA', fields: { Name: 'Aster' } }]);
    org.answer = csv(ROW, { 'sforce-numberofrecords': '2' });
    expect((await failureOf(readOf())).code).toBe('CRM_UNAVAILABLE');
    org.answer = csv(`${ROW}"001000000000002AAA","2026-11-23T10:00:00.000Z","Ast`);
    expect((await failureOf(readOf())).code).toBe('CRM_UNAVAILABLE');
    org.answer = csv('<html>busy</html>');
    expect((await failureOf(readOf())).code).toBe('CRM_UNAVAILABLE');
  });

  it('is given up when it breaks off or stands still', async () => {
    org.answer = withDescribe((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/csv', 'content-length': '10000' }).write(ROW);
      setImmediate(() => response.destroy());
    });
    expect((await failureOf(readOf())).code).toBe('CRM_UNAVAILABLE');
    org.answer = withDescribe((_request, response) => void response.writeHead(200, { 'content-type': 'text/csv' }).write(ROW));
    expect((await failureOf(readOf())).code).toBe('CRM_UNAVAILABLE');
  });

  it('is sent again with a renewed session, and not for ever', async () => {
    let refusals = 0;
    org.answer = withDescribe((_request, response) => {
      refusals += 1;
      sendJson(response, 401, [{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' }]);
    });
    const port = await connectTo(org);
    const failure = await failureOf(port.bulk?.upload('Account', '750000000000001AAA', () => each<RemoteWrite>([])) ?? Promise.resolve());
    expect(failure.code).toBe('CRM_AUTH_FAILED');
    expect(refusals).toBe(1);
  });
});
