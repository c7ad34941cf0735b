import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfiguration } from '../../workers/config.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const keyOf = (bits: number) =>
  generateKeyPairSync('rsa', { modulusLength: bits }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const KEY = keyOf(2048);
const AT = { SALESFORCE_INSTANCE_URL: 'https://a.example' };
const ID = { ...AT, SALESFORCE_CLIENT_ID: 'i' };

type Environment = Readonly<Record<string, string>>;
const readSalesforce = (environment: Environment) => {
  const reading = readConfiguration(['connections'], environment);
  return reading.kind === 'configuration'
    ? { auth: reading.configuration.connections.salesforce?.auth ?? null, problems: [] }
    : { auth: null, problems: reading.problems };
};

describe('the sign-in to Salesforce', () => {
  it.each<[string, Environment, object]>([
    ['client credentials', { ...ID, SALESFORCE_CLIENT_SECRET: 's' }, { kind: 'client_credentials', clientId: 'i', clientSecret: 's' }],
    [
      'a key',
      { ...ID, SALESFORCE_USERNAME: 'a@b.example', SALESFORCE_PRIVATE_KEY: KEY },
      { kind: 'jwt', clientId: 'i', username: 'a@b.example', audience: 'https://login.salesforce.com', privateKeyPem: KEY },
    ],
    [
      'a key in one line, for a sandbox org, before a client secret',
      {
        ...ID,
        SALESFORCE_CLIENT_SECRET: 's',
        SALESFORCE_USERNAME: 'a@b.example',
        SALESFORCE_PRIVATE_KEY: KEY.replaceAll('\n', '\\n'),
        SALESFORCE_AUDIENCE: 'https://test.salesforce.com/',
      },
      { kind: 'jwt', clientId: 'i', username: 'a@b.example', audience: 'https://test.salesforce.com', privateKeyPem: KEY },
    ],
    [
      'a refresh token',
      { ...ID, SALESFORCE_REFRESH_TOKEN: 'r' },
      { kind: 'refresh_token', clientId: 'i', clientSecret: null, refreshToken: 'r' },
    ],
    [
      'a refresh token with the secret of its app',
      { ...ID, SALESFORCE_REFRESH_TOKEN: 'r', SALESFORCE_CLIENT_SECRET: 's' },
      { kind: 'refresh_token', clientId: 'i', clientSecret: 's', refreshToken: 'r' },
    ],
    ['a token', { ...AT, SALESFORCE_ACCESS_TOKEN: 't' }, { kind: 'token', accessToken: 't' }],
  ])('is by %s', (_how, environment, auth) => {
    expect(readSalesforce(environment)).toEqual({ auth, problems: [] });
  });

  it.each<[string, Environment, readonly RegExp[]]>([
    [
      'a soft share above the hard one',
      { ...AT, SALESFORCE_ACCESS_TOKEN: 't', SALESFORCE_SOFT_SHARE: '96' },
      [/^SALESFORCE_SOFT_SHARE.*expected at most SALESFORCE_HARD_SHARE/],
    ],
    [
      'a share of no percent',
      { ...AT, SALESFORCE_ACCESS_TOKEN: 't', SALESFORCE_SOFT_SHARE: '0' },
      [/^SALESFORCE_SOFT_SHARE.*expected 1 to 100 percent/],
    ],
    [
      'jobs for less than a single call carries',
      { ...AT, SALESFORCE_ACCESS_TOKEN: 't', SALESFORCE_BULK_FROM: '199' },
      [/^SALESFORCE_BULK_FROM.*expected 200–1000000 records/],
    ],
    [
      'an address alone',
      AT,
      [/^SALESFORCE_INSTANCE_URL is set without credentials: set SALESFORCE_CLIENT_ID and SALESFORCE_CLIENT_SECRET, or/],
    ],
    ['an app without a secret', ID, [/^SALESFORCE_CLIENT_ID is set without a secret: set/, /^SALESFORCE_INSTANCE_URL is set without/]],
    [
      'a secret without an app',
      { ...AT, SALESFORCE_CLIENT_SECRET: 's' },
      [/^SALESFORCE_CLIENT_ID is not set, but SALESFORCE_CLIENT_SECRET/, /^SALESFORCE_INSTANCE_URL is set without/],
    ],
    ['a key without a user', { ...ID, SALESFORCE_PRIVATE_KEY: KEY }, [/^SALESFORCE_PRIVATE_KEY and SALESFORCE_USERNAME belong together/]],
    [
      'a user without a key',
      { ...ID, SALESFORCE_CLIENT_SECRET: 's', SALESFORCE_USERNAME: 'a@b' },
      [/^SALESFORCE_PRIVATE_KEY and SALESFORCE_USERNAME/],
    ],
    [
      'two ways',
      { ...ID, SALESFORCE_PRIVATE_KEY: KEY, SALESFORCE_USERNAME: 'a@b', SALESFORCE_REFRESH_TOKEN: 'r' },
      [/^SALESFORCE_PRIVATE_KEY and SALESFORCE_REFRESH_TOKEN are two ways to sign in: set one/],
    ],
    [
      'credentials without an address',
      { SALESFORCE_CLIENT_ID: 'i', SALESFORCE_REFRESH_TOKEN: 'r' },
      [/^SALESFORCE_INSTANCE_URL is not set, but there are/],
    ],
    [
      'what is no key',
      { ...ID, SALESFORCE_USERNAME: 'a@b', SALESFORCE_PRIVATE_KEY: 'hunter2' },
      [/^SALESFORCE_PRIVATE_KEY expected an RSA key of 2048 bits or more/],
    ],
    [
      'a key that is too short',
      { ...ID, SALESFORCE_USERNAME: 'a@b', SALESFORCE_PRIVATE_KEY: keyOf(1024) },
      [/^SALESFORCE_PRIVATE_KEY expected an RSA key/],
    ],
    [
      'an alias for a username',
      { ...ID, SALESFORCE_USERNAME: 'hunter2', SALESFORCE_PRIVATE_KEY: KEY },
      [/^SALESFORCE_USERNAME expected a username of the org/],
    ],
    [
      'an object that holds no registrations',
      { ...AT, SALESFORCE_ACCESS_TOKEN: 't', SALESFORCE_REGISTRATION_OBJECT: 'Account' },
      [/^SALESFORCE_REGISTRATION_OBJECT expected Deal_Registration__c, Lead, Opportunity/],
    ],
    [
      'an audience without a scheme',
      { ...ID, SALESFORCE_CLIENT_SECRET: 's', SALESFORCE_AUDIENCE: 'hunter2' },
      [/^SALESFORCE_AUDIENCE expected https:/],
    ],
  ])('is refused for %s', (_what, environment, expected) => {
    const { problems } = readSalesforce(environment);
    expect(problems).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
    expect(problems.join()).not.toMatch(/hunter2|BEGIN/);
  });
});

describe('change events of Salesforce', () => {
  const isListenedTo = (value: Environment) => {
    const reading = readConfiguration(['connections'], { ...AT, SALESFORCE_ACCESS_TOKEN: 't', ...value });
    return reading.kind === 'configuration' ? reading.configuration.connections.salesforce?.isListenedTo : reading.problems;
  };

  it.each<[string, Environment, boolean]>([
    ['where nothing is said', {}, true],
    ['by true', { SALESFORCE_CHANGE_EVENTS: 'true' }, true],
    ['by False', { SALESFORCE_CHANGE_EVENTS: 'False' }, false],
    ['by 0', { SALESFORCE_CHANGE_EVENTS: '0' }, false],
  ])('are heard or not %s', (_how, environment, expected) => {
    expect(isListenedTo(environment)).toBe(expected);
  });

  it('are refused by anything else', () => {
    expect(isListenedTo({ SALESFORCE_CHANGE_EVENTS: 'sometimes' })).toEqual([
      'SALESFORCE_CHANGE_EVENTS expected true or false (true where unset)',
    ]);
  });
});

describe('secrets in files', () => {
  const folder = makeTemporaryFolder('secret');
  afterAll(() => folder.remove());
  const fileWith = (name: string, text: string): string => {
    const path = join(folder.path, name);
    writeFileSync(path, text);
    return path;
  };

  it('are read, without the line break at their end', () => {
    const environment = {
      ...ID,
      SALESFORCE_CLIENT_SECRET_FILE: fileWith('secret', 's3cret\n'),
      SALESFORCE_REFRESH_TOKEN_FILE: fileWith('token', 'r\r\n'),
    };
    expect(readSalesforce(environment).auth).toEqual({ kind: 'refresh_token', clientId: 'i', clientSecret: 's3cret', refreshToken: 'r' });
    const key = { ...ID, SALESFORCE_USERNAME: 'a@b', SALESFORCE_PRIVATE_KEY_FILE: fileWith('key', KEY) };
    expect(readSalesforce(key).auth).toMatchObject({ kind: 'jwt', privateKeyPem: KEY });
    const token = { ...AT, SALESFORCE_ACCESS_TOKEN_FILE: fileWith('access', 't') };
    expect(readSalesforce(token).auth).toEqual({ kind: 'token', accessToken: 't' });
  });

  it.each<[string, () => Environment, RegExp]>([
    [
      'a file that is not there',
      () => ({ SALESFORCE_CLIENT_SECRET_FILE: '/hunter2' }),
      /^SALESFORCE_CLIENT_SECRET_FILE names a file that cannot be read \(ENOENT\); expected the path/,
    ],
    [
      'a folder',
      () => ({ SALESFORCE_CLIENT_SECRET_FILE: folder.path }),
      /^SALESFORCE_CLIENT_SECRET_FILE names a file that cannot be read \(EISDIR\)/,
    ],
    [
      'an empty file',
      () => ({ SALESFORCE_CLIENT_SECRET_FILE: fileWith('empty', '\n') }),
      /^SALESFORCE_CLIENT_SECRET_FILE names an empty file; expected/,
    ],
    [
      'a file beside the secret itself',
      () => ({ SALESFORCE_CLIENT_SECRET: 'hunter2', SALESFORCE_CLIENT_SECRET_FILE: fileWith('both', 'x') }),
      /^SALESFORCE_CLIENT_SECRET_FILE is set, and so is SALESFORCE_CLIENT_SECRET; set one of the two/,
    ],
  ])('are refused: %s', (_what, given, problem) => {
    const { problems } = readSalesforce({ ...ID, ...given() });
    expect(problems).toEqual([expect.stringMatching(problem)]);
    expect(problems.join()).not.toMatch(/hunter2/);
  });

  it('are looked for only by processes that connect', () => {
    const reading = readConfiguration(['log'], { SALESFORCE_CLIENT_SECRET_FILE: '/nowhere' });
    expect(reading.kind).toBe('configuration');
  });
});
