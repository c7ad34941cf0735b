import { generateKeyPairSync } from 'node:crypto';
import type { CrmPort } from '../../../crm/port.ts';
import { connectSalesforce } from '../../../crm/salesforce/connect.ts';
import type { CrmLog } from '../../../crm/salesforce/session.ts';
import type { SessionShelf } from '../../../crm/salesforce/session-shelf.ts';
import type { SalesforceAuth } from '../../../crm/salesforce/sign-in.ts';
import { openSalesforceSandbox } from '../../../sandbox/salesforce/open-sandbox.ts';

export const CLIENT_ID = 'dealkeeper';
export const CLIENT_SECRET = 'the-consumer-secret';
const REP = 'rep@acme.example';

/** The key whose certificate the app has. */
const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PRIVATE_KEY = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

export const CLIENT: SalesforceAuth = { kind: 'client_credentials', clientId: CLIENT_ID, clientSecret: CLIENT_SECRET };
export const SIGNED: SalesforceAuth & { readonly kind: 'jwt' } = {
  kind: 'jwt',
  clientId: CLIENT_ID,
  username: REP,
  audience: 'https://login.salesforce.com',
  privateKeyPem: PRIVATE_KEY,
};

/** A sandbox org with one registered app, which rotates its refresh tokens. */
export interface RegisteredOrg {
  readonly url: string;
  control(path: string, body: object): Promise<void>;
  /** What a rep gives when she authorizes the app. */
  authorize(): Promise<SalesforceAuth & { readonly kind: 'refresh_token' }>;
  connect(auth: SalesforceAuth, shelf?: SessionShelf, log?: CrmLog): Promise<CrmPort>;
  /** How often the token endpoint was asked since the last reset. */
  tokenCalls(): Promise<number>;
  reset(): Promise<void>;
  close(): Promise<void>;
}

export async function openRegisteredOrg(): Promise<RegisteredOrg> {
  const sandbox = await openSalesforceSandbox({
    port: 0,
    dataFile: ':memory:',
    metadataRoot: 'crm/salesforce/force-app',
    sampleFile: null,
    seed: 1,
    apps: [
      {
        clientId: CLIENT_ID,
        clientSecret: CLIENT_SECRET,
        certificate: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
        runAs: 'integration',
        scopes: ['api', 'id', 'refresh_token'],
        refreshTokenRotation: true,
      },
    ],
  });
  const post = async (path: string, body: string | URLSearchParams, headers: Record<string, string>): Promise<Record<string, string>> => {
    const response = await fetch(sandbox.url + path, { method: 'POST', headers, body });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Record<string, string>;
  };
  let before = 0;
  const asked = async (): Promise<number> => {
    const { byRoute } = (await (await fetch(`${sandbox.url}/_sandbox/calls`)).json()) as { byRoute: Readonly<Record<string, number>> };
    return byRoute['POST /services/oauth2/token'] ?? 0;
  };
  return {
    url: sandbox.url,
    control: async (path, body) => {
      await post(`/_sandbox/${path}`, JSON.stringify(body), { 'content-type': 'application/json' });
    },
    authorize: async () => {
      const form = { grant_type: 'password', client_id: CLIENT_ID, client_secret: CLIENT_SECRET, username: REP, password: 'x' };
      const answer = await post('/services/oauth2/token', new URLSearchParams(form), {});
      before = await asked();
      return { kind: 'refresh_token', clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, refreshToken: answer['refresh_token'] ?? '' };
    },
    connect: (auth, shelf, log) =>
      connectSalesforce(
        { connection: 'salesforce', instanceUrl: sandbox.url, auth, apiVersion: '66.0', requestTimeoutMs: 10_000 },
        log,
        undefined,
        shelf,
      ),
    tokenCalls: async () => (await asked()) - before,
    reset: async () => {
      before = 0;
      await sandbox.reset();
    },
    close: () => sandbox.close(),
  };
}
