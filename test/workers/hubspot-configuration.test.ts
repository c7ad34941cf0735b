import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectionNames, readConfiguration } from '../../workers/config.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

type Environment = Readonly<Record<string, string>>;
const TOKEN = { HUBSPOT_ACCESS_TOKEN: 'pat-secret' };
const ORG = { SALESFORCE_INSTANCE_URL: 'https://a.example', SALESFORCE_ACCESS_TOKEN: 't' };

function read(environment: Environment) {
  const reading = readConfiguration(['connections'], environment);
  return reading.kind === 'configuration'
    ? { ...reading.configuration.connections, problems: [] }
    : { wanted: null, salesforce: null, hubspot: null, problems: reading.problems };
}

describe('the connection to HubSpot', () => {
  it('is there where a token is, with the usual address, version and shares', () => {
    expect(read(TOKEN).hubspot).toEqual({
      connection: 'hubspot',
      baseUrl: 'https://api.hubapi.com',
      auth: { kind: 'token', accessToken: 'pat-secret' },
      apiVersion: '2026-03',
      registrationObject: 'deal_registration',
      shares: { soft: 80, hard: 95 },
      signing: null,
    });
    expect(read({}).hubspot).toBeNull();
  });

  it('may have its token in a file, another address and another version', () => {
    const folder = makeTemporaryFolder('hubspot-configuration');
    const file = join(folder.path, 'token');
    writeFileSync(file, 'pat-in-a-file\n');
    const environment = { HUBSPOT_ACCESS_TOKEN_FILE: file, HUBSPOT_BASE_URL: 'http://127.0.0.1:4200/', HUBSPOT_API_VERSION: '2026-09' };
    expect(read(environment).hubspot).toMatchObject({
      auth: { kind: 'token', accessToken: 'pat-in-a-file' },
      baseUrl: 'http://127.0.0.1:4200',
      apiVersion: '2026-09',
    });
    folder.remove();
  });

  it('may get its tokens by a refresh token of an app', () => {
    const app = { HUBSPOT_CLIENT_ID: 'i', HUBSPOT_CLIENT_SECRET: 's', HUBSPOT_REFRESH_TOKEN: 'r' };
    expect(read(app)).toMatchObject({
      problems: [],
      hubspot: { auth: { kind: 'refresh_token', clientId: 'i', clientSecret: 's', refreshToken: 'r' } },
    });
  });

  it.each<[string, Environment, readonly RegExp[]]>([
    [
      'a refresh token without its app',
      { HUBSPOT_REFRESH_TOKEN: 'r', HUBSPOT_CLIENT_ID: 'i' },
      [/^HUBSPOT_CLIENT_SECRET is not set, but HUBSPOT_REFRESH_TOKEN is/],
    ],
    [
      'two ways to sign in',
      { ...TOKEN, HUBSPOT_REFRESH_TOKEN: 'r', HUBSPOT_CLIENT_ID: 'i', HUBSPOT_CLIENT_SECRET: 's' },
      [/^HUBSPOT_REFRESH_TOKEN and HUBSPOT_ACCESS_TOKEN are two ways/],
    ],
    [
      'an address without a token',
      { HUBSPOT_BASE_URL: 'https://api.hubapi.com' },
      [/^HUBSPOT_BASE_URL is set without credentials: set HUBSPOT/],
    ],
    [
      'a public address without a token',
      { HUBSPOT_PUBLIC_URL: 'https://d.example', HUBSPOT_CLIENT_SECRET: 's' },
      [/^HUBSPOT_PUBLIC_URL is set without credentials/],
    ],
    [
      'a public address without the secret',
      { ...TOKEN, HUBSPOT_PUBLIC_URL: 'https://d.example' },
      [/^HUBSPOT_CLIENT_SECRET is not set, but HUBSPOT_PUBLIC_URL is/],
    ],
    [
      'a public address that HubSpot does not call',
      { ...TOKEN, HUBSPOT_PUBLIC_URL: 'http://deals.example.com', HUBSPOT_CLIENT_SECRET: 's' },
      [/^HUBSPOT_PUBLIC_URL expected an address with https, .*: put a proxy with a certificate before the API, or leave it unset/],
    ],
    [
      'an address whose name begins as that of this machine',
      { ...TOKEN, HUBSPOT_PUBLIC_URL: 'http://localhost.example.com', HUBSPOT_CLIENT_SECRET: 's' },
      [/^HUBSPOT_PUBLIC_URL expected an address with https/],
    ],
    [
      'an account that nothing is heard of',
      { ...TOKEN, HUBSPOT_PORTAL_ID: '424242' },
      [/^HUBSPOT_PORTAL_ID is set, but HUBSPOT_PUBLIC_URL is not/],
    ],
    [
      'an app of many portals that hears all of them',
      { HUBSPOT_REFRESH_TOKEN: 'r', HUBSPOT_CLIENT_ID: 'i', HUBSPOT_CLIENT_SECRET: 's', HUBSPOT_PUBLIC_URL: 'https://d.example' },
      [/^HUBSPOT_PORTAL_ID is not set/],
    ],
    ['an address that is none', { ...TOKEN, HUBSPOT_BASE_URL: 'api.hubapi.com' }, [/^HUBSPOT_BASE_URL expected an address such as https:/]],
    ['a version that HubSpot has not', { ...TOKEN, HUBSPOT_API_VERSION: 'v4' }, [/^HUBSPOT_API_VERSION expected v3, 2026-03, 2026-09$/]],
    ['a share beyond its range', { ...TOKEN, HUBSPOT_HARD_SHARE: '101' }, [/^HUBSPOT_HARD_SHARE expected 1 to 100 percent$/]],
    [
      'a soft share above the hard one',
      { ...TOKEN, HUBSPOT_SOFT_SHARE: '96' },
      [/^HUBSPOT_SOFT_SHARE expected at most HUBSPOT_HARD_SHARE$/],
    ],
    [
      'all problems at once, and no value',
      { ...TOKEN, HUBSPOT_SOFT_SHARE: '0', HUBSPOT_API_VERSION: 'secret-word' },
      [/^HUBSPOT_API_VERSION/, /^HUBSPOT_SOFT_SHARE/],
    ],
  ])('refuses %s', (_what, environment, expected) => {
    const { problems } = read(environment);
    expect(problems).toHaveLength(expected.length);
    for (const [index, pattern] of expected.entries()) expect(problems[index]).toMatch(pattern);
    expect(problems.join()).not.toContain('secret');
  });
});

it.each<[string, Environment]>([
  ['on this machine', { HUBSPOT_PUBLIC_URL: 'http://localhost:3000' }],
  ['on this machine, by number', { HUBSPOT_PUBLIC_URL: 'http://127.0.0.1:3000/' }],
  ['on this machine, by the other number', { HUBSPOT_PUBLIC_URL: 'http://[::1]:3000' }],
  ['that a sandbox calls', { HUBSPOT_PUBLIC_URL: 'http://api:3000', HUBSPOT_BASE_URL: 'http://sandbox:4200' }],
  ['with https', { HUBSPOT_PUBLIC_URL: 'https://deals.example.com' }],
])('takes a public address %s', (_what, environment) => {
  const { problems, hubspot } = read({ ...TOKEN, HUBSPOT_CLIENT_SECRET: 's', ...environment });
  expect(problems).toEqual([]);
  expect(hubspot?.signing?.publicUrl).toBe(environment['HUBSPOT_PUBLIC_URL']);
});

describe('the connections', () => {
  it.each<[string | null, readonly string[]]>([
    [null, ['salesforce', 'hubspot']],
    ['salesforce, hubspot', ['salesforce', 'hubspot']],
    ['salesforce', ['salesforce']],
    ['hubspot', ['hubspot']],
  ])('named %s are those that are configured and not left out', (names, expected) => {
    const connections = read({ ...TOKEN, ...ORG, ...(names === null ? {} : { CONNECTIONS: names }) });
    expect(connectionNames(connections)).toEqual(expected);
    expect(connections.problems).toEqual([]);
  });

  it('refuses the name of a CRM that there is no adapter for', () => {
    expect(read({ CONNECTIONS: 'salesforce,dynamics' }).problems).toEqual([
      'CONNECTIONS.1 expected salesforce or hubspot, or both with a comma between them',
    ]);
  });
});
