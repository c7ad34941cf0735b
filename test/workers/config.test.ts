import { REFUSED_PORTS } from '../../workers/refused-port.ts';
import { describeProblems, readConfiguration, type ConfigurationPart } from '../../workers/config.ts';

const ALL: readonly ConfigurationPart[] = [
  'store',
  'temporal',
  'api',
  'metrics',
  'sync',
  'connections',
  'program',
  'log',
  'embedded',
  'machine',
];
const COMPLETE = { DATABASE_URL: 'postgres://a:b@localhost:5432/c', TEMPORAL_ADDRESS: 'localhost:7233', API_TOKEN: 'a-token-of-16-chars' };

function read(environment: Readonly<Record<string, string>>, parts = ALL) {
  const reading = readConfiguration(parts, environment);
  if (reading.kind === 'invalid') throw new Error(describeProblems(reading.problems));
  return reading.configuration;
}

function problemsOf(environment: Readonly<Record<string, string>>, parts = ALL): readonly string[] {
  const reading = readConfiguration(parts, environment);
  return reading.kind === 'invalid' ? reading.problems : [];
}

describe('readConfiguration', () => {
  it('takes the defaults of the contract where nothing is set', () => {
    const { embedded, sync } = read({}, ['embedded', 'sync']);
    expect(embedded).toMatchObject({ apiPort: 3000, metricsPort: 9464, postgresPort: 5480, temporalPort: 7233, temporalUiPort: 8233 });
    expect(embedded).toMatchObject({
      dataFolder: '.data',
      salesforceSandboxPort: 4100,
      hubspotSandboxPort: 4200,
      pollSeconds: 5,
      apiToken: null,
    });
    expect(sync.pollSeconds).toBe(60);
  });

  it('reports all problems of all parts at once, by name', () => {
    const problems = problemsOf({
      PORT: 'x',
      SYNC_POLL_SECONDS: '0',
      LOG_LEVEL: 'loud',
      TEMPORAL_ADDRESS: 'http://a:7233',
      TEMPORAL_TLS_CLIENT_KEY_PATH: '/key.pem',
      SALESFORCE_INSTANCE_URL: 'ftp://a',
      SALESFORCE_CLIENT_ID: 'id',
    });
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
      'API_TOKEN',
      'DATABASE_URL',
      'LOG_LEVEL',
      'PORT',
      'SALESFORCE_CLIENT_ID',
      'SALESFORCE_INSTANCE_URL',
      'SALESFORCE_INSTANCE_URL',
      'SYNC_POLL_SECONDS',
      'SYNC_POLL_SECONDS',
      'TEMPORAL_ADDRESS',
      'TEMPORAL_TLS_CLIENT_CERT_PATH',
    ]);
  });

  it.each([
    ['one that fetch refuses', '4190', 1],
    ['the one before', '4189', 0],
    ['the one after', '4191', 0],
  ])('names a port that nobody could call: %s', (_which, SALESFORCE_SANDBOX_PORT, count) => {
    expect(problemsOf({ SALESFORCE_SANDBOX_PORT }, ['embedded'])).toHaveLength(count);
  });

  it('knows every port that fetch refuses', async () => {
    for (const port of REFUSED_PORTS) {
      const error: unknown = await fetch(`http://127.0.0.1:${port}/`).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ cause: { message: 'bad port' } });
    }
  });

  it('asks only for what the named parts need', () => {
    expect(problemsOf({}, ['sync', 'metrics', 'log', 'connections'])).toEqual([]);
    expect(problemsOf({}, ['store'])).toHaveLength(1);
  });

  it('never repeats a value, which may be a secret', () => {
    const secret = 'hunter2-hunter2';
    const problems = problemsOf({ ...COMPLETE, DATABASE_URL: secret, PORT: secret, SALESFORCE_ACCESS_TOKEN: secret, API_TOKEN: secret });
    expect(problems.length).toBeGreaterThan(3);
    expect(problems.join('\n')).not.toContain('hunter2');
  });

  it.each([
    ['0', []],
    ['65535', []],
    ['65536', ['PORT expected a whole number from 0 to 65535 (3000 where unset)']],
    ['-1', ['PORT expected a whole number from 0 to 65535 (3000 where unset)']],
    ['3000.5', ['PORT expected a whole number from 0 to 65535 (3000 where unset)']],
    ['', []],
  ])('judges the port "%s"', (port, problems) => {
    expect(problemsOf({ ...COMPLETE, PORT: port })).toEqual(problems);
  });

  it('is frozen to its leaves', () => {
    const { api, connections } = read({ ...COMPLETE, SALESFORCE_INSTANCE_URL: 'https://a.example/', SALESFORCE_ACCESS_TOKEN: 't' });
    expect(Object.isFrozen(api) && Object.isFrozen(connections) && Object.isFrozen(connections.salesforce?.auth)).toBe(true);
  });

  it.each([
    ['nothing', {}, null],
    ['a token', { SALESFORCE_INSTANCE_URL: 'https://a.example/', SALESFORCE_ACCESS_TOKEN: 't' }, { kind: 'token', accessToken: 't' }],
    [
      'a client, which is preferred',
      {
        SALESFORCE_INSTANCE_URL: 'https://a.example',
        SALESFORCE_ACCESS_TOKEN: 't',
        SALESFORCE_CLIENT_ID: 'i',
        SALESFORCE_CLIENT_SECRET: 's',
      },
      { kind: 'client_credentials', clientId: 'i', clientSecret: 's' },
    ],
  ])('makes the Salesforce connection of %s', (_what, environment, auth) => {
    const { salesforce } = read(environment, ['connections']).connections;
    expect(salesforce?.auth ?? null).toEqual(auth);
    expect(salesforce?.instanceUrl ?? null).toBe(auth === null ? null : 'https://a.example');
  });

  it.each([
    [{}, false],
    [{ TEMPORAL_API_KEY: 'k' }, true],
    [{ TEMPORAL_API_KEY: 'k', TEMPORAL_TLS: 'false' }, false],
    [{ TEMPORAL_TLS_CLIENT_CERT_PATH: '/c', TEMPORAL_TLS_CLIENT_KEY_PATH: '/k' }, true],
  ])('decides on TLS for Temporal by %j', (environment, tls) => {
    expect(read({ ...COMPLETE, ...environment }, ['temporal']).temporal.tls).toBe(tls);
  });
});
