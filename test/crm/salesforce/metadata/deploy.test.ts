import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { deployPackage, type DeployProgress } from '../../../../crm/salesforce/metadata/deploy.ts';
import { packSourceProject } from '../../../../crm/salesforce/metadata/source-package.ts';
import type { SalesforceAuth } from '../../../../crm/salesforce/sign-in.ts';
import { openSalesforceSandbox, type SalesforceSandbox } from '../../../../sandbox/salesforce/open-sandbox.ts';

const { zip } = packSourceProject('crm/salesforce');
const CLIENT: SalesforceAuth = { kind: 'client_credentials', clientId: 'app', clientSecret: 'secret' };
const FIXED: SalesforceAuth = { kind: 'token', accessToken: '00D000000000001!integration' };

let sandbox: SalesforceSandbox;
beforeAll(async () => {
  sandbox = await openSalesforceSandbox({ port: 0, dataFile: ':memory:', metadataRoot: null, sampleFile: null, seed: 1 });
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.close());

function deploy(auth: SalesforceAuth, instanceUrl = sandbox.url, onProgress: (progress: DeployProgress) => void = () => undefined) {
  const config = { connection: 'salesforce', instanceUrl, auth, apiVersion: '66.0', requestTimeoutMs: 10_000 };
  return deployPackage(config, null, zip, { checkOnly: false, onProgress });
}

async function fault(...rules: readonly object[]): Promise<void> {
  const response = await fetch(`${sandbox.url}/_sandbox/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ rules: rules.map((rule) => ({ method: 'POST', path: '/services/Soap/m', ...rule })) }),
  });
  expect(response.status).toBe(200);
}

async function callsOf(route: string): Promise<number> {
  const { byRoute } = (await (await fetch(`${sandbox.url}/_sandbox/calls`)).json()) as { byRoute: Record<string, number> };
  return byRoute[route] ?? 0;
}

describe('deployPackage', () => {
  it('tells how far it is until it is done', async () => {
    const heard: DeployProgress[] = [];
    const outcome = await deploy(FIXED, sandbox.url, (progress) => heard.push(progress));
    expect(outcome).toMatchObject({ isDeployed: true, status: 'Succeeded', problems: [], error: null });
    expect(heard.at(-1)).toEqual({ status: 'Succeeded', deployed: outcome.components.length, failed: 0, total: outcome.components.length });
  });

  it('renews a session that ends while it waits, once, and goes on', async () => {
    await fault({ nth: 2, fault: 'unauthorized' });
    expect((await deploy(CLIENT)).isDeployed).toBe(true);
    expect(await callsOf('POST /services/oauth2/token')).toBe(2);
  });

  it('gives up on an org that refuses each session it grants, instead of asking for ever', async () => {
    await fault({ fault: 'unauthorized', times: 100 });
    await expect(deploy(CLIENT)).rejects.toMatchObject({ code: 'CRM_AUTH_FAILED' });
    expect(await callsOf('POST /services/Soap/m/66.0')).toBeLessThanOrEqual(3);
  });

  it.each([
    ['the daily allowance is used up', { fault: 'limit' }, 'CRM_ALLOWANCE_EXHAUSTED'],
    ['the edge answers with a page', { fault: 'unavailable' }, 'CRM_UNAVAILABLE'],
    ['the answer breaks off', { fault: 'truncate' }, 'CRM_UNAVAILABLE'],
    ['the connection is cut', { fault: 'drop' }, 'CRM_UNAVAILABLE'],
  ])('fails by code when %s as it begins', async (_when, rule, code) => {
    await fault(rule);
    await expect(deploy(FIXED)).rejects.toMatchObject({ code });
  });

  it('asks again when answers get lost while it waits', async () => {
    await fault({ nth: 2, fault: 'truncate' }, { nth: 3, fault: 'drop' }, { nth: 4, fault: 'unavailable' });
    expect((await deploy(FIXED)).isDeployed).toBe(true);
  });

  it('can be repeated when the answer to the deployment itself was lost: nothing is changed twice', async () => {
    await fault({ fault: 'lost_answer' });
    await expect(deploy(FIXED)).rejects.toMatchObject({ code: 'CRM_UNAVAILABLE' });
    const again = await deploy(FIXED);
    expect(again.isDeployed).toBe(true);
    expect(again.components.filter(({ change }) => change !== 'unchanged')).toEqual([]);
  });
});

describe('an org that answers something else', () => {
  let server: Server;
  let url: string;
  let answer = { status: 200, body: '' };
  beforeAll(async () => {
    server = createServer((_request, response) =>
      response.writeHead(answer.status, { 'content-type': 'text/xml' }).end(answer.body),
    ).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => void server.close());

  const fault500 = (code: string, words: string) =>
    `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><soapenv:Fault><faultcode>${code}</faultcode><faultstring>${words}</faultstring></soapenv:Fault></soapenv:Body></soapenv:Envelope>`;

  it.each([
    [
      'a user who may not deploy',
      500,
      fault500('sf:INSUFFICIENT_ACCESS', 'INSUFFICIENT_ACCESS: no rights'),
      'CRM_PERMISSION_DENIED',
      /^INSUFFICIENT_ACCESS: no rights$/,
    ],
    [
      'a version that is too new',
      500,
      fault500('sf:UNSUPPORTED_API_VERSION', 'UNSUPPORTED_API_VERSION: Invalid'),
      'CRM_REQUEST_INVALID',
      /UNSUPPORTED_API_VERSION/,
    ],
    ['no envelope', 200, '<html/>', 'CRM_UNAVAILABLE', /not readable as SOAP/],
    ['nothing', 200, '', 'CRM_UNAVAILABLE', /not readable as SOAP/],
  ])('fails by code: %s', async (_what, status, body, code, message) => {
    answer = { status, body };
    await expect(deploy(FIXED, url)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });
});
