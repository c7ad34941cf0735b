import { z } from 'zod';
import { optionalText } from './configured-value.ts';
import { hubspotOf, hubspotRegistrationObject, hubspotShape, HUBSPOT_SECRETS, problemsOfHubspot } from './hubspot-configuration.ts';
import { notifyPart, problemsOfNotify } from './notify-configuration.ts';
import { REFUSED_PORTS } from './refused-port.ts';
import { problemsOfSalesforce, registrationObject, salesforceOf, salesforceShape, SALESFORCE_SECRETS } from './salesforce-configuration.ts';
import { withSecretFiles } from './secret-file.ts';

/**
 * The one place that reads the environment. Each process asks for the parts it needs; a part is parsed to a frozen object, and all problems of all its parts
 * are answered at once, by name and allowed range. A value is never repeated in a problem: it may be a secret.
 */

type Environment = Readonly<Record<string, string | undefined>>;

/** A port to listen on. 0 takes any free one and is meant for tests. */
const port = (fallback: number) => wholeNumber(fallback, 0, 65_535);

/** A port that is called over HTTP. */
const httpPort = (fallback: number) =>
  port(fallback).refine((number) => !REFUSED_PORTS.has(number), { error: 'is refused by browsers and by fetch; choose another port' });

const wholeNumber = (fallback: number, least: number, most: number) =>
  z
    .string()
    .optional()
    .transform((text) => (text === undefined ? fallback : /^\d{1,9}$/.test(text.trim()) ? Number(text) : Number.NaN))
    .refine((value) => Number.isInteger(value) && value >= least && value <= most, {
      error: `expected a whole number from ${least} to ${most} (${fallback} where unset)`,
    });

const text = (meaning: string) => z.string({ error: `is not set; expected ${meaning}` }).trim();

const yesOrNo = z
  .string()
  .trim()
  .toLowerCase()
  .optional()
  .refine((value) => value === undefined || ['true', 'false', '1', '0'].includes(value), { error: 'expected true or false' })
  .transform((value) => (value === undefined ? undefined : value === 'true' || value === '1'));

const databaseUrl = z.string({ error: 'is not set; expected postgres://user:password@host:port/database' }).refine(isPostgresUrl, {
  error: 'expected postgres://user:password@host:port/database',
});

const temporalShape = {
  TEMPORAL_ADDRESS: text('host:port of the Temporal server').regex(/^[^\s:/]+:\d{1,5}$|^\[[0-9a-f:]+\]:\d{1,5}$/i, {
    error: 'expected host:port, without a scheme',
  }),
  TEMPORAL_NAMESPACE: z.string().trim().min(1, { error: 'expected the name of a namespace (default where unset)' }).default('default'),
  TEMPORAL_API_KEY: optionalText,
  TEMPORAL_TLS: yesOrNo,
  TEMPORAL_TLS_SERVER_NAME: optionalText,
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: optionalText,
  TEMPORAL_TLS_CLIENT_CERT_PATH: optionalText,
  TEMPORAL_TLS_CLIENT_KEY_PATH: optionalText,
};

/** Where the rows are kept. */
const storePart = z.object({ DATABASE_URL: databaseUrl }).transform((env) => ({ databaseUrl: env.DATABASE_URL }));

/** Temporal's own variables, as its other tools read them. */
const temporalPart = z.object(temporalShape).transform((env) => ({
  address: env.TEMPORAL_ADDRESS,
  namespace: env.TEMPORAL_NAMESPACE,
  apiKey: env.TEMPORAL_API_KEY ?? null,
  /** An API key or a certificate asks for TLS unless TEMPORAL_TLS says otherwise. */
  tls: env.TEMPORAL_TLS ?? (env.TEMPORAL_API_KEY !== undefined || env.TEMPORAL_TLS_CLIENT_CERT_PATH !== undefined),
  tlsServerName: env.TEMPORAL_TLS_SERVER_NAME ?? null,
  tlsServerCaPath: env.TEMPORAL_TLS_SERVER_CA_CERT_PATH ?? null,
  tlsClientCertificatePath: env.TEMPORAL_TLS_CLIENT_CERT_PATH ?? null,
  tlsClientKeyPath: env.TEMPORAL_TLS_CLIENT_KEY_PATH ?? null,
}));

const listeningHost = z.string().trim().min(1, { error: 'expected an address of this machine, such as 0.0.0.0' }).default('127.0.0.1');

/** What listens: the HTTP API and the metrics. `HOST` is the interface of both; the loopback where unset. */
const apiPart = z
  .object({
    HOST: listeningHost,
    PORT: httpPort(3000),
    API_TOKEN: text('the token of the operator').min(16, { error: 'is too short; expected at least 16 characters' }),
  })
  .transform((env) => ({ host: env.HOST, port: env.PORT, token: env.API_TOKEN }));

const metricsPart = z
  .object({ HOST: listeningHost, METRICS_PORT: httpPort(9464) })
  .transform((env) => ({ host: env.HOST, port: env.METRICS_PORT }));

const syncPart = z.object({ SYNC_POLL_SECONDS: wholeNumber(60, 1, 86_400) }).transform((env) => ({ pollSeconds: env.SYNC_POLL_SECONDS }));

/** Which of the programs in `programs/` decides registrations. */
const programPart = z
  .object({
    PROGRAM: z
      .string()
      .trim()
      .regex(/^[a-z][a-z0-9_]{0,63}$/, { error: 'expected the id of a program in programs/ (acme where unset)' })
      .default('acme'),
  })
  .transform((env) => ({ id: env.PROGRAM }));

const logPart = z
  .object({
    LOG_LEVEL: z
      .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'], { error: 'expected trace, debug, info, warn, error or silent' })
      .default('info'),
  })
  .transform((env) => ({ level: env.LOG_LEVEL }));

/** The CRMs that there are connections to. */
const CRMS = ['salesforce', 'hubspot'] as const;

/** The CRMs. Where `CONNECTIONS` is set, one that it does not name is left out, whatever else is set for it. */
const connectionsPart = z
  .object({
    CONNECTIONS: z
      .string()
      .transform((names) => names.split(',').map((name) => name.trim()))
      .pipe(z.array(z.enum(CRMS, { error: `expected ${CRMS.join(' or ')}, or both with a comma between them` })))
      .optional(),
    ...salesforceShape,
    ...hubspotShape,
  })
  .check(softUnderHard('SALESFORCE'), softUnderHard('HUBSPOT'))
  .transform(({ CONNECTIONS: names, ...env }) => ({
    /** Null where nothing is said. */
    wanted: names ?? null,
    salesforce: names?.includes('salesforce') === false ? null : salesforceOf(env),
    hubspot: names?.includes('hubspot') === false ? null : hubspotOf(env),
  }));

/** What the embedded run starts by itself, and where. An address that is given replaces the part that would be started. */
const embeddedPart = z
  .object({
    HOST: z.string().trim().min(1).default('127.0.0.1'),
    DATA_DIR: z.string().min(1, { error: 'expected a folder (.data where unset)' }).default('.data'),
    PORT: httpPort(3000),
    METRICS_PORT: httpPort(9464),
    API_TOKEN: z
      .string()
      .trim()
      .min(16, { error: 'is too short; expected at least 16 characters, or unset to have one made up' })
      .optional(),
    DATABASE_URL: databaseUrl.optional(),
    POSTGRES_PORT: port(5480),
    ...temporalShape,
    TEMPORAL_ADDRESS: temporalShape.TEMPORAL_ADDRESS.optional(),
    TEMPORAL_PORT: port(7233),
    TEMPORAL_UI_PORT: httpPort(8233),
    SALESFORCE_SANDBOX_PORT: httpPort(4100),
    SALESFORCE_REGISTRATION_OBJECT: registrationObject,
    HUBSPOT_SANDBOX_PORT: httpPort(4200),
    HUBSPOT_REGISTRATION_OBJECT: hubspotRegistrationObject,
    SYNC_POLL_SECONDS: wholeNumber(5, 1, 86_400),
  })
  .transform((env) => ({
    host: env.HOST,
    dataFolder: env.DATA_DIR,
    apiPort: env.PORT,
    metricsPort: env.METRICS_PORT,
    apiToken: env.API_TOKEN ?? null,
    databaseUrl: env.DATABASE_URL ?? null,
    postgresPort: env.POSTGRES_PORT,
    temporalAddress: env.TEMPORAL_ADDRESS ?? null,
    temporalNamespace: env.TEMPORAL_NAMESPACE,
    temporalPort: env.TEMPORAL_PORT,
    temporalUiPort: env.TEMPORAL_UI_PORT,
    salesforceSandboxPort: env.SALESFORCE_SANDBOX_PORT,
    registrationObject: env.SALESFORCE_REGISTRATION_OBJECT,
    hubspotSandboxPort: env.HUBSPOT_SANDBOX_PORT,
    hubspotRegistrationObject: env.HUBSPOT_REGISTRATION_OBJECT,
    pollSeconds: env.SYNC_POLL_SECONDS,
  }));

/** Where tools that are found or built are kept, and where programs are looked for. */
const machinePart = z
  .object({ XDG_CACHE_HOME: z.string().optional(), HOME: z.string().optional(), PATH: z.string().default('') })
  .transform((env) => ({ cacheHome: env.XDG_CACHE_HOME || null, home: env.HOME || null, path: env.PATH }));

const PARTS = {
  store: storePart,
  temporal: temporalPart,
  api: apiPart,
  metrics: metricsPart,
  sync: syncPart,
  program: programPart,
  connections: connectionsPart,
  notify: notifyPart,
  log: logPart,
  embedded: embeddedPart,
  machine: machinePart,
} as const;

/** What must be set together. Checked apart from the single variables, so that one kind of problem does not hide the other. */
const BELONGING: { readonly [Part in keyof typeof PARTS]?: (given: Environment) => readonly string[] } = {
  temporal: (given) =>
    (given.TEMPORAL_TLS_CLIENT_CERT_PATH === undefined) === (given.TEMPORAL_TLS_CLIENT_KEY_PATH === undefined)
      ? []
      : ['TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH belong together: set both or neither'],
  connections: (given) => [...problemsOfSalesforce(given), ...problemsOfHubspot(given)],
  notify: problemsOfNotify,
};

/** The names of the CRMs that are configured. */
export function connectionNames({ salesforce, hubspot }: Pick<Configuration['connections'], 'salesforce' | 'hubspot'>): readonly string[] {
  return [salesforce, hubspot].flatMap((each) => (each === null ? [] : [each.connection]));
}

export type ConfigurationPart = keyof typeof PARTS;
export type Configuration = { readonly [Part in ConfigurationPart]: Readonly<z.output<(typeof PARTS)[Part]>> };

export type ConfigurationReading<Part extends ConfigurationPart> =
  | { readonly kind: 'configuration'; readonly configuration: Pick<Configuration, Part> }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] };

/**
 * Reads the named parts from `environment` (the process's own where it is left out).
 *
 * An empty variable counts as unset. Problems are sentences that begin with the variable's name, one each, in alphabetical order, and hold no values.
 */
export function readConfiguration<Part extends ConfigurationPart>(
  parts: readonly Part[],
  environment: Environment = process.env,
): ConfigurationReading<Part> {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== ''));
  const { given, problems: unread } = withSecretFiles(
    set,
    parts.includes('connections' as Part) ? [...SALESFORCE_SECRETS, ...HUBSPOT_SECRETS] : [],
  );
  const problems = new Set<string>(unread);
  const configuration: Partial<Record<ConfigurationPart, unknown>> = {};
  for (const part of parts) {
    const parsed = PARTS[part].safeParse(given);
    if (parsed.success) configuration[part] = deepFreeze(parsed.data);
    else for (const issue of parsed.error.issues) problems.add(`${issue.path.join('.')} ${issue.message}`);
    for (const problem of BELONGING[part]?.(given) ?? []) problems.add(problem);
  }
  if (problems.size > 0) return { kind: 'invalid', problems: [...problems].toSorted() };
  return { kind: 'configuration', configuration: Object.freeze(configuration) as Pick<Configuration, Part> };
}

/** Reads the named parts, or prints every problem on standard error and ends the process with exit code 1: for the composition roots. */
export function configurationOrExit<Part extends ConfigurationPart>(parts: readonly Part[]): Pick<Configuration, Part> {
  const reading = readConfiguration(parts);
  if (reading.kind === 'configuration') return reading.configuration;
  process.stderr.write(`${describeProblems(reading.problems)}\n`);
  process.exit(1);
}

/** The problems as people read them, a line each. */
export function describeProblems(problems: readonly string[]): string {
  const head =
    problems.length === 1
      ? 'The configuration has a problem; nothing was started.'
      : `The configuration has ${problems.length} problems; nothing was started.`;
  return [head, ...problems.map((problem) => `  ${problem}`)].join('\n');
}

/** The names of all variables that any process reads, for the documents. */
export function configuredVariables(): readonly string[] {
  return [...new Set(Object.values(PARTS).flatMap((part) => Object.keys(part.in.shape)))].sort();
}

/** What a child process inherits of this one's environment; the parent sets over it what it decided by itself. */
export function inheritedEnvironment(environment: Environment = process.env): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** The soft share is reached before the hard one, or with it. */
function softUnderHard<Crm extends 'SALESFORCE' | 'HUBSPOT'>(crm: Crm) {
  const [soft, hard] = [`${crm}_SOFT_SHARE`, `${crm}_HARD_SHARE`] as const;
  return z.refine<Readonly<Record<`${Crm}_SOFT_SHARE` | `${Crm}_HARD_SHARE`, number>>>((env) => env[soft] <= env[hard], {
    path: [soft],
    error: `expected at most ${hard}`,
  });
}

function isPostgresUrl(value: string): boolean {
  return URL.canParse(value) && /^postgres(ql)?:$/.test(new URL(value).protocol);
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
