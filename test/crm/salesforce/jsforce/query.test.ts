import { openRecordedOrg, type RecordedOrg } from './recorded-org.ts';

// Ten thousand rows are loaded first.
jest.setTimeout(60_000);

const ROWS = 10_050;

let org: RecordedOrg;
beforeAll(async () => void (org = await openRecordedOrg()));
afterAll(() => org.close());

describe('a query of more than 10,000 rows', () => {
  beforeAll(async () => {
    const input = Array.from({ length: ROWS }, (_row, index) => ({ Name: `Account ${index}` }));
    await org
      .naked()
      .bulk2.loadAndWaitForResults({ object: 'Account', operation: 'insert', input, pollInterval: 100, pollTimeout: 50_000 });
  });

  it('jsforce stops at 10,000 and says nothing', async () => {
    const found = await org.naked().query('SELECT Id FROM Account', { autoFetch: true });
    expect([found.records.length, found.totalSize]).toEqual([10_000, ROWS]);
  });

  it('we read them all', async () => {
    const page = await (await org.ours()).capture({ object: 'Account', fields: ['Name'], after: null, limit: 2 * ROWS });
    expect(page.rows).toHaveLength(ROWS);
  });
});

describe('what a call of jsforce says on the wire', () => {
  beforeEach(() => org.reset());

  it('of a window of changes: no milliseconds, and no slash before the question mark', async () => {
    const [start, end] = [new Date(Date.now() - 600_250), new Date(Date.now() - 250)];
    await org.naked().sobject('Account').updated(start, end);
    expect(org.calls[0]?.url).toMatch(
      /^\/services\/data\/v66\.0\/sobjects\/Account\/updated\?start=\d{4}-\d\d-\d\dT\d\d%3A\d\d%3A\d\d(%2B00%3A00|Z)&/,
    );
  });

  it('we ask for changes by SOQL, with the milliseconds', async () => {
    const crm = await org.ours();
    await crm.capture({ object: 'Account', fields: [], after: { stamp: '2026-11-23T10:00:00.250Z', id: '' }, limit: 10 });
    expect(org.calls.map(({ url }) => url)).toEqual([
      expect.stringContaining('/describe'),
      expect.stringContaining('2026-11-23T10%3A00%3A00.250Z'),
    ]);
  });

  it('of call options: commas, where the documents have semicolons', async () => {
    await org.naked({ callOptions: { client: 'x', defaultNamespace: 'y' } }).limits();
    expect(org.calls[0]?.headers['sforce-call-options']).toBe('client=x, defaultNamespace=y');
  });

  it('we send none', async () => {
    await (await org.ours()).access?.();
    expect(org.calls.filter(({ headers }) => 'sforce-call-options' in headers)).toEqual([]);
  });
});
