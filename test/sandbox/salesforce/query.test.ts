import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DATA, openOrg } from './opened-org.ts';
import type { OpenedOrg } from './opened-org.ts';

const BATCH_200 = { 'sforce-query-options': 'batchSize=200' };
const DAY_MS = 24 * 60 * 60 * 1000;

describe('query pages', () => {
  let org: OpenedOrg;
  let last: string;
  beforeAll(async () => {
    org = await openOrg();
    for (let batch = 0; batch < 3; batch += 1) {
      const records = Array.from({ length: 150 }, (_each, index) => ({
        attributes: { type: 'Account' },
        Name: `A${String(batch * 150 + index).padStart(4, '0')}`,
      }));
      const { body } = await org.call('POST', '/composite/sobjects', { records });
      last = body.at(-1).id;
    }
  });
  afterAll(() => org.close());

  const names = (answer: { body: { records: { Name: string }[] } }) => answer.body.records.map((record) => record.Name);
  const firstPage = (resource = 'query') =>
    org.call('GET', `/${resource}?q=${encodeURIComponent('SELECT Id, Name FROM Account ORDER BY Name')}`, undefined, BATCH_200);

  it('come in the size asked for, linked by locators, without a link on the last', async () => {
    const first = await firstPage();
    expect(first.body).toMatchObject({
      totalSize: 450,
      done: false,
      nextRecordsUrl: expect.stringMatching(/^\/services\/data\/v66.0\/query\/01g\w{15}-200$/),
    });
    const second = await org.call('GET', first.body.nextRecordsUrl, undefined, BATCH_200);
    expect([second.body.done, second.body.totalSize]).toEqual([false, 450]);
    const third = await org.call('GET', second.body.nextRecordsUrl, undefined, BATCH_200);
    expect([third.body.done, 'nextRecordsUrl' in third.body]).toEqual([true, false]);
    const all = [...names(first), ...names(second), ...names(third)];
    expect([all.length, all[0], all[200], all[449]]).toEqual([450, 'A0000', 'A0200', 'A0449']);
  });

  it('keep their rows and the order of these when values change between them, show the values of now, and can be read twice', async () => {
    const first = await firstPage('queryAll');
    await org.call('PATCH', `/sobjects/Account/${last}`, { Name: 'A0000 moved to the front' });
    const read = async () => names(await org.call('GET', first.body.nextRecordsUrl));
    expect([(await read()).length, (await read()).at(-1)]).toEqual([250, 'A0000 moved to the front']);
    await org.call('PATCH', `/sobjects/Account/${last}`, { Name: 'A0449' });
  });

  it('leave out what was deleted since, unless deleted rows are asked for', async () => {
    const [first, all] = [await firstPage(), await firstPage('queryAll')];
    await org.call('DELETE', `/sobjects/Account/${last}`);
    const [left, whole] = await Promise.all([first, all].map(({ body }) => org.call('GET', body.nextRecordsUrl)));
    expect([left?.body.records.length, left?.body.done, left?.body.totalSize]).toEqual([249, true, 450]);
    expect([whole?.body.records.length, whole?.body.done]).toEqual([250, true]);
    await org.control('undelete', { sobject: 'Account', ids: [last] });
  });

  it('nest: more children than a page has have pages of their own', async () => {
    const parent = (await org.call('POST', '/sobjects/Account', { Name: 'Zz parent' })).body.id;
    const records = Array.from({ length: 200 }, (_each, index) => ({
      attributes: { type: 'Contact' },
      AccountId: parent,
      LastName: `C${String(index).padStart(3, '0')}`,
    }));
    await org.call('POST', '/composite/sobjects', { records });
    await org.call('POST', '/composite/sobjects', {
      records: records.slice(0, 50).map((each) => ({ ...each, LastName: `D${each.LastName}` })),
    });
    const soql = `SELECT Name, (SELECT LastName, Account.Name FROM Contacts ORDER BY LastName DESC) FROM Account WHERE Id = '${parent}'`;
    const { body } = await org.call('GET', `/query?q=${encodeURIComponent(soql)}`, undefined, BATCH_200);
    const { Contacts } = body.records[0];
    expect([body.done, Contacts.totalSize, Contacts.done, Contacts.records.length]).toEqual([true, 250, false, 200]);
    const rest = await org.call('GET', Contacts.nextRecordsUrl, undefined, BATCH_200);
    expect([rest.body.totalSize, rest.body.done, rest.body.records.length]).toEqual([250, true, 50]);
    expect([Contacts.records[0].LastName, rest.body.records[0].LastName, rest.body.records[49].LastName]).toEqual([
      'DC049',
      'C049',
      'C000',
    ]);
    expect(rest.body.records[49]).toMatchObject({ attributes: { type: 'Contact' }, Account: { Name: 'Zz parent' } });
    await org.call('DELETE', `/sobjects/Account/${parent}`);
  });

  it('come whole where they fit one page', async () => {
    const { body } = await org.call('GET', '/query/?q=SELECT+Name+FROM+Account');
    expect([body.done, body.records.length, 'nextRecordsUrl' in body]).toEqual([true, 450, false]);
  });

  it.each([
    ['a locator nobody gave out', '01g000000000000AAA-200'],
    ['what is no locator', 'hello'],
  ])('refuse %s', async (_what, locator) => {
    const answer = await org.call('GET', `/query/${locator}`);
    expect([answer.status, answer.body[0].errorCode]).toEqual([400, 'INVALID_QUERY_LOCATOR']);
  });

  it.each([
    ['just before two days', 2 * DAY_MS - 1, 200],
    ['at two days', 2 * DAY_MS, 400],
  ])('can be turned until their locator expires: %s', async (_when, advanceMs, status) => {
    const first = await firstPage();
    await org.control('clock', { advanceMs });
    expect((await org.call('GET', first.body.nextRecordsUrl)).status).toBe(status);
  });
});

describe('query locators', () => {
  const folder = mkdtempSync(join(tmpdir(), 'locator-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('lead on after a restart', async () => {
    const dataFile = join(folder, 'org.sqlite');
    const first = await openOrg({ dataFile });
    for (const batch of ['a', 'b']) {
      const records = Array.from({ length: 150 }, (_each, index) => ({ attributes: { type: 'Account' }, Name: `${batch}${index}` }));
      await first.call('POST', '/composite/sobjects', { records });
    }
    const { body } = await first.call('GET', '/query?q=SELECT+Id+FROM+Account', undefined, BATCH_200);
    await first.close();
    const second = await openOrg({ dataFile });
    const rest = await second.call('GET', body.nextRecordsUrl);
    const ids = [...body.records, ...rest.body.records].map((record: { Id: string }) => record.Id);
    expect([rest.body.done, new Set(ids).size]).toEqual([true, 300]);
    await second.close();
  });
});

describe('query', () => {
  let org: OpenedOrg;
  beforeAll(async () => void (org = await openOrg()));
  afterAll(() => org.close());

  it('refuses in an array, with the text of the compiler', async () => {
    const answer = await org.call('GET', '/query?q=SELECT+Id+FROM+Nope');
    expect([answer.status, answer.body]).toEqual([
      400,
      [{ errorCode: 'INVALID_TYPE', message: expect.stringContaining("sObject type 'Nope' is not supported") }],
    ]);
    expect((await org.call('GET', '/query')).body[0].errorCode).toBe('MALFORMED_QUERY');
  });

  it.each([
    ['of 16,384 characters', 16_384, 400],
    ['of one more', 16_385, 414],
  ])('answers an address %s with its own status', async (_what, length, status) => {
    const path = `${DATA}/query?q=`;
    expect((await org.call('GET', path + 'x'.repeat(length - path.length))).status).toBe(status);
  });

  it('finds the set-up rows that clients read at sign-in', async () => {
    expect(
      await org.query('SELECT Id, Name, InstanceName, IsSandbox, NamespacePrefix, TrialExpirationDate, OrganizationType FROM Organization'),
    ).toMatchObject([{ Id: '00D000000000001EAA', IsSandbox: true, NamespacePrefix: null }]);
    const users = await org.query('SELECT Alias, Manager.Alias FROM User WHERE IsActive = true ORDER BY Alias');
    expect(users.map((user) => [user['Alias'], (user['Manager'] as { Alias: string } | null)?.Alias ?? null])).toEqual([
      ['director', 'vp'],
      ['integration', null],
      ['manager', 'director'],
      ['rep', 'manager'],
      ['rep2', 'manager'],
      ['vp', null],
    ]);
    expect(await org.query('SELECT MasterLabel FROM OpportunityStage WHERE IsClosed = false ORDER BY SortOrder LIMIT 3')).toMatchObject([
      { MasterLabel: 'Prospecting' },
      { MasterLabel: 'Qualification' },
      { MasterLabel: 'Needs Analysis' },
    ]);
  });
});
