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

  it('stay as they were when rows change between them, and can be read twice', async () => {
    const first = await firstPage('queryAll');
    await org.call('PATCH', `/sobjects/Account/${last}`, { Name: 'A0000 moved to the front' });
    const read = async () => names(await org.call('GET', first.body.nextRecordsUrl));
    expect([(await read()).length, (await read()).at(-1)]).toEqual([250, 'A0449']);
    await org.call('PATCH', `/sobjects/Account/${last}`, { Name: 'A0449' });
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
