import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openSalesforceSandbox, type SalesforceSandbox } from '../../../sandbox/salesforce/open-sandbox.ts';
import { inheritedEnvironment } from '../../../workers/config.ts';
import { selfSignedCertificate } from '../../support/certificate.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';
import { runCommand } from '../../workers/cli/run-command.ts';
import { METADATA_ROOT } from './opened-org.ts';

// Clients are processes of their own, since Node reads whom to trust when it starts.
jest.setTimeout(60_000);

const TOKEN = '00D000000000001!integration';

describe('an org that answers https', () => {
  const tls = selfSignedCertificate();
  const folder = makeTemporaryFolder('https');
  const certFile = join(folder.path, 'cert.pem');
  let sandbox: SalesforceSandbox;

  beforeAll(async () => {
    writeFileSync(certFile, tls.cert);
    sandbox = await openSalesforceSandbox({ port: 0, dataFile: ':memory:', metadataRoot: METADATA_ROOT, sampleFile: null, seed: 1, tls });
  });
  afterAll(async () => {
    await sandbox.close();
    folder.remove();
  });

  const ask = (path: string, method = 'GET', form?: string): Promise<Record<string, unknown>> =>
    new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${TOKEN}`,
        ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      };
      const asked = request(`${sandbox.url}${path}`, { method, headers, ca: tls.cert }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve(JSON.parse(text) as Record<string, unknown>));
      });
      asked.on('error', reject).end(form);
    });
  /** What a script prints as JSON that trusts the certificate. */
  const run = async (script: string): Promise<unknown> => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...inheritedEnvironment(), NODE_EXTRA_CA_CERTS: certFile, ORG: sandbox.url },
    });
    return JSON.parse(stdout);
  };

  it('names itself so in every address that it gives, and takes nothing else', async () => {
    expect(sandbox.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    const form = 'grant_type=client_credentials&client_id=app&client_secret=secret';
    const signedIn = await ask('/services/oauth2/token', 'POST', form);
    expect(signedIn).toMatchObject({ instance_url: sandbox.url, id: expect.stringMatching(/^https:\/\//) });
    expect(await ask('/services/data/v66.0')).toMatchObject({ identity: expect.stringContaining(sandbox.url) });
    const identity = new URL(String(signedIn['id'])).pathname;
    expect(await ask(identity)).toMatchObject({ urls: { rest: expect.stringContaining(`${sandbox.url}/services/data/`) } });
    await expect(fetch(`${sandbox.url.replace('https:', 'http:')}/services/data`)).rejects.toThrow('fetch failed');
    // Whoever does not trust the certificate is told so by their own client.
    await expect(fetch(`${sandbox.url}/services/data`)).rejects.toThrow('fetch failed');
  });

  it('is signed in to, queried and written to in bulk by jsforce', async () => {
    const answer = await run(`
      import jsforce from 'jsforce';
      const url = process.env.ORG;
      const connection = new jsforce.Connection({ loginUrl: url, version: '66.0', oauth2: { loginUrl: url, clientId: 'app', clientSecret: 'secret' } });
      await connection.authorize({ grant_type: 'client_credentials' });
      const { username } = await connection.identity();
      await connection.sobject('Account').create(Array.from({ length: 450 }, (_each, n) => ({ Name: 'A' + n })), { allowRecursive: true });
      const { records } = await connection.query('SELECT Id FROM Account', { headers: { 'Sforce-Query-Options': 'batchSize=200' }, autoFetch: true });
      connection.bulk2.pollInterval = 10;
      const { successfulResults } = await connection.bulk2.loadAndWaitForResults({ object: 'Account', operation: 'insert', input: [{ Name: 'B' }] });
      process.stdout.write(JSON.stringify({ username, read: records.length, loaded: successfulResults.length }));
      process.exit(0);
    `);
    expect(answer).toEqual({ username: 'integration@acme.example', read: 450, loaded: 1 });
  });

  it('is checked by our own connection, which refuses a certificate that nobody trusts', async () => {
    const environment = { DATA_DIR: folder.path, SALESFORCE_INSTANCE_URL: sandbox.url, SALESFORCE_ACCESS_TOKEN: TOKEN };
    const trusted = await runCommand(['connections', 'check'], { ...environment, NODE_EXTRA_CA_CERTS: certFile });
    expect([trusted.exitCode, trusted.stdout]).toEqual([0, expect.stringContaining('signed in as integration@acme.example')]);
    const stranger = await runCommand(['connections', 'check'], environment);
    expect([stranger.exitCode, stranger.stderr]).toEqual([1, expect.stringContaining('CRM_UNAVAILABLE')]);
  });
});
