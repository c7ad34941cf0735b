import { join, resolve } from 'node:path';
import { inheritedEnvironment, type Configuration } from '../config.ts';
import { findFreePort, type WantedPort } from './port.ts';

/** The tokens with which the workers sign in to the sandboxes, as their user `integration`. */
export const SALESFORCE_SANDBOX_TOKEN = '00D000000000001!integration';
export const HUBSPOT_SANDBOX_TOKEN = 'pat-sandbox-integration';

/** The ports of one run, each with what is on it; null where that part is given from outside. */
export interface EmbeddedPorts {
  readonly api: number;
  readonly metrics: number;
  readonly postgres: number | null;
  readonly temporal: number | null;
  readonly temporalUi: number | null;
  readonly salesforceSandbox: number | null;
  readonly hubspotSandbox: number | null;
}

export type EmbeddedConfiguration = Pick<Configuration, 'embedded' | 'connections' | 'machine' | 'log'>;

/** Gives every part that this run starts its port; a configured 0 becomes a free one. */
export async function choosePorts({ embedded, connections }: EmbeddedConfiguration): Promise<EmbeddedPorts> {
  const choose = async (port: number) => (port === 0 ? findFreePort() : port);
  const ownPostgres = embedded.databaseUrl === null;
  const ownTemporal = embedded.temporalAddress === null;
  // What is wanted and not configured is a sandbox; where nothing is said and nothing configured, that is both.
  const { wanted, salesforce, hubspot } = connections;
  const names = wanted ?? (salesforce === null && hubspot === null ? ['salesforce', 'hubspot'] : []);
  const isPlayed = (crm: 'salesforce' | 'hubspot') => names.includes(crm) && connections[crm] === null;
  return {
    api: await choose(embedded.apiPort),
    metrics: await choose(embedded.metricsPort),
    postgres: ownPostgres ? await choose(embedded.postgresPort) : null,
    temporal: ownTemporal ? await choose(embedded.temporalPort) : null,
    temporalUi: ownTemporal ? await choose(embedded.temporalUiPort) : null,
    salesforceSandbox: isPlayed('salesforce') ? await choose(embedded.salesforceSandboxPort) : null,
    hubspotSandbox: isPlayed('hubspot') ? await choose(embedded.hubspotSandboxPort) : null,
  };
}

/** The ports with the variables that set them, for the check that they are free. */
export function wantedPorts(ports: EmbeddedPorts): readonly WantedPort[] {
  const all = [
    { variable: 'PORT', purpose: 'the API', port: ports.api },
    { variable: 'METRICS_PORT', purpose: "the worker's metrics", port: ports.metrics },
    { variable: 'POSTGRES_PORT', purpose: 'PostgreSQL', port: ports.postgres },
    { variable: 'TEMPORAL_PORT', purpose: 'the Temporal server', port: ports.temporal },
    { variable: 'TEMPORAL_UI_PORT', purpose: 'the Temporal UI', port: ports.temporalUi },
    { variable: 'SALESFORCE_SANDBOX_PORT', purpose: 'the Salesforce sandbox', port: ports.salesforceSandbox },
    { variable: 'HUBSPOT_SANDBOX_PORT', purpose: 'the HubSpot sandbox', port: ports.hubspotSandbox },
  ];
  return all.flatMap(({ port, ...rest }) => (port === null ? [] : [{ ...rest, port }]));
}

/** The data folder as an absolute path. */
export function dataFolderOf(configuration: EmbeddedConfiguration): string {
  return resolve(configuration.embedded.dataFolder);
}

/** The environment of the API and the worker: the same variables that configure them in production. */
export function childEnvironment(
  configuration: EmbeddedConfiguration,
  ports: EmbeddedPorts,
  given: { readonly databaseUrl: string; readonly apiToken: string },
): Readonly<Record<string, string>> {
  const { embedded } = configuration;
  const inherited = Object.entries(inheritedEnvironment());
  // Keys and certificates of another Temporal server are not for the one that this run started.
  const base = Object.fromEntries(
    embedded.temporalAddress === null ? inherited.filter(([name]) => !name.startsWith('TEMPORAL_')) : inherited,
  );
  const salesforce: Record<string, string> =
    ports.salesforceSandbox === null
      ? {}
      : { SALESFORCE_INSTANCE_URL: `http://127.0.0.1:${ports.salesforceSandbox}`, SALESFORCE_ACCESS_TOKEN: SALESFORCE_SANDBOX_TOKEN };
  const hubspot: Record<string, string> =
    ports.hubspotSandbox === null
      ? {}
      : { HUBSPOT_BASE_URL: `http://127.0.0.1:${ports.hubspotSandbox}`, HUBSPOT_ACCESS_TOKEN: HUBSPOT_SANDBOX_TOKEN };
  return {
    ...base,
    ...salesforce,
    ...hubspot,
    DATABASE_URL: given.databaseUrl,
    TEMPORAL_ADDRESS: embedded.temporalAddress ?? `127.0.0.1:${ports.temporal}`,
    TEMPORAL_NAMESPACE: embedded.temporalNamespace,
    HOST: embedded.host,
    PORT: String(ports.api),
    METRICS_PORT: String(ports.metrics),
    API_TOKEN: given.apiToken,
    SYNC_POLL_SECONDS: String(embedded.pollSeconds),
    DATA_DIR: dataFolderOf(configuration),
    // What was compiled is kept for the next start, which loads in half the time: https://nodejs.org/docs/latest-v24.x/api/module.html#module-compile-cache
    NODE_COMPILE_CACHE: join(dataFolderOf(configuration), 'compile-cache'),
  };
}
