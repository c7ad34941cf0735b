import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { until } from '../../../support/until.ts';
import { openRecordedOrg, TOKEN, type RecordedOrg } from './recorded-org.ts';

/** Why jsforce's Bulk client is not used: what it does by itself. */

jest.setTimeout(60_000);

let org: RecordedOrg;
beforeAll(async () => void (org = await openRecordedOrg()));
beforeEach(() => org.reset());
afterAll(() => org.close());

const accounts = (count: number) =>
  org
    .naked()
    .sobject('Account')
    .create(Array.from({ length: count }, (_row, index) => ({ Name: `A${index}` })));

/** Runs a query by jsforce's Bulk client in a process of its own: how that ended, and what it printed. */
function queryInChild(soql: string): Promise<{ readonly exitCode: number | null; readonly output: string }> {
  const script = `
    const { Connection } = require('jsforce');
    const connection = new Connection({ instanceUrl: ${JSON.stringify(org.url)}, accessToken: ${JSON.stringify(TOKEN)}, version: '66.0' });
    connection.bulk2.query(${JSON.stringify(soql)}, { pollInterval: 50, pollTimeout: 20000 })
      .then((stream) => stream.toArray())
      .then((rows) => console.log('rows: ' + rows.length), (error) => console.log('failed: ' + error.message));
  `;
  const child = spawn(process.execPath, ['-e', script], { cwd: join(process.cwd()), stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const listen = (chunk: Buffer): void => void (output += chunk.toString('utf8'));
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  return new Promise((resolve) => child.once('close', (exitCode) => resolve({ exitCode, output })));
}

describe("jsforce's Bulk client", () => {
  it('reads a result of one page', async () => {
    await accounts(3);
    expect(await queryInChild('SELECT Id FROM Account')).toMatchObject({ exitCode: 0, output: expect.stringContaining('rows: 3') });
  });

  it('ends the process on a result of two pages', async () => {
    await accounts(3);
    org.rewrite = (url) => (url.includes('/results') ? `${url}${url.includes('?') ? '&' : '?'}maxRecords=2` : url);
    const { exitCode, output } = await queryInChild('SELECT Id FROM Account');
    expect(exitCode).not.toBe(0);
    expect(output).toContain('ERR_STREAM_WRITE_AFTER_END');
  });

  it('deletes a job that runs, because it stops waiting for it', async () => {
    await accounts(1);
    await org.control('bulk', { hold: true });
    await expect(org.naked().bulk2.query('SELECT Id FROM Account', { pollInterval: 20, pollTimeout: 100 })).rejects.toThrow(/timed out/);
    await until('the deletion', async () => org.calls.some(({ method, url }) => method === 'DELETE' && url.includes('/jobs/query/')));
    await org.control('bulk', { hold: false });
  });

  it('gives every value as text, and an empty one as an empty text', async () => {
    await org.naked().sobject('Account').create({ Name: 'A', NumberOfEmployees: 7 });
    const stream = await org
      .naked()
      .bulk2.query('SELECT NumberOfEmployees, Website FROM Account', { pollInterval: 20, pollTimeout: 20_000 });
    expect(await stream.toArray()).toEqual([{ NumberOfEmployees: '7', Website: '' }]);
  });

  it('does not read what is left of the calls of the day', async () => {
    const naked = org.naked();
    await (await naked.bulk2.query('SELECT Id FROM Account', { pollInterval: 20, pollTimeout: 20_000 })).toArray();
    expect(naked.limitInfo).toEqual({});
    await naked.limits();
    expect(naked.limitInfo).toMatchObject({ apiUsage: {} });
  });
});

describe('our connection', () => {
  it('keeps types and null, and reads what is left of the day on each answer', async () => {
    await org.naked().sobject('Account').create({ Name: 'A', NumberOfEmployees: 7 });
    const crm = await org.ours();
    expect(await crm.find('Account', 'Name', ['A'], ['NumberOfEmployees', 'Website'])).toMatchObject([
      { fields: { NumberOfEmployees: 7, Website: null } },
    ]);
    const used = crm.usage()?.used ?? 0;
    await crm.find('Account', 'Name', ['A'], ['Name']);
    expect(crm.usage()?.used).toBe(used + 1);
  });
});
