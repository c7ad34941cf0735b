import { DEFAULT_CALL_SHARES } from '../../activities/sync/call-share.ts';
import { DEFAULT_BULK_FROM } from '../../activities/sync/lane.ts';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openDatabase, type Database } from '../../store/database.ts';
import { readConnections } from '../../store/connection.ts';
import type { ConfiguredCrms } from '../compose/connections.ts';
import { configurationOrExit, connectionNames } from '../config.ts';
import { HUBSPOT_SANDBOX_TOKEN, SALESFORCE_SANDBOX_TOKEN } from '../embedded/embedded-plan.ts';
import { runningDatabaseUrl } from '../embedded/postgres.ts';
import { readRunRecord, type RunRecord } from '../embedded/run-record.ts';
import { answerOf, callOverHttp, type ApiCall } from './api-call.ts';
import { CommandFailure } from './command-failure.ts';

/** As the workers of the embedded system are given it. */
const SANDBOX_API_VERSION = '66.0';
const HUBSPOT_SANDBOX_API_VERSION = '2026-03';

const START =
  'start the system with `npm start`, set DATA_DIR to the folder of one that runs, or set DATABASE_URL to the store of a production one.';

/**
 * Calls the HTTP API of the installation that the environment names, and closes what that needed.
 *
 * With DATABASE_URL the API is put together in this process over that store, so that it answers while the real one is away. Otherwise it is the one of the
 * embedded system that runs on DATA_DIR. `commands`: what is asked is sent to workflows, and so Temporal is needed.
 */
export async function withApi<Result>(
  work: (call: ApiCall) => Promise<Result>,
  needs: 'answers' | 'commands' = 'answers',
): Promise<Result> {
  const { embedded } = configurationOrExit(['embedded']);
  if (embedded.databaseUrl === null) {
    const { urls } = runningSystem();
    return work(callOverHttp(urls['api'] ?? '', embedded.apiToken ?? keptToken()));
  }
  const { connections, program } = configurationOrExit(['connections', 'program']);
  // A call that only asks does not reach Temporal, so its address may be missing; the client would connect at the first that did.
  const isAway = embedded.temporalAddress === null && needs === 'answers';
  const { temporal } = isAway ? { temporal: LOCAL_TEMPORAL } : configurationOrExit(['temporal']);
  // Loaded only here: they take a second that the other way does without.
  const [{ openApi }, { openTemporalClient }] = await Promise.all([import('../compose/open-api.ts'), import('../compose/temporal.ts')]);
  const client = openTemporalClient(temporal);
  try {
    return await withStore(async (db) => {
      const apiToken = randomBytes(24).toString('base64url');
      const api = await openApi({
        db,
        temporal: client.client,
        connections: connectionNames(connections),
        apiToken,
        programId: program.id,
        logger: false,
      });
      const authorization = `Bearer ${apiToken}`;
      const call: ApiCall = async (method, path, payload) => {
        const { statusCode, body } = await api.app.inject({
          method,
          url: path,
          headers: { authorization },
          ...(payload === undefined ? {} : { payload }),
        });
        return answerOf(statusCode, body);
      };
      try {
        return await work(call);
      } finally {
        await api.close();
      }
    });
  } finally {
    await client.close();
  }
}

const LOCAL_TEMPORAL = {
  address: '127.0.0.1:7233',
  namespace: 'default',
  apiKey: null,
  tls: false,
  tlsServerName: null,
  tlsServerCaPath: null,
  tlsClientCertificatePath: null,
  tlsClientKeyPath: null,
} as const;

/** Opens the store of the installation for `work`, for what the HTTP API does not offer. */
export async function withStore<Result>(work: (db: Database) => Promise<Result>): Promise<Result> {
  const db = openDatabase(storeUrl(), 2);
  try {
    await requireStore(db);
    return await work(db);
  } finally {
    await db.destroy();
  }
}

/** The CRMs of the installation: the configured ones, else the sandboxes of the embedded system that runs. At least one. */
export function crmsOf(): ConfiguredCrms {
  const { embedded, connections } = configurationOrExit(['embedded', 'connections']);
  if (connectionNames(connections).length > 0) return connections;
  const remedy =
    'set SALESFORCE_INSTANCE_URL or HUBSPOT_ACCESS_TOKEN and what belongs to it, or start the embedded system with its sandboxes (`npm start`).';
  if (embedded.databaseUrl !== null)
    throw new CommandFailure('No connection is configured: neither SALESFORCE_INSTANCE_URL nor HUBSPOT_ACCESS_TOKEN is set.', remedy);
  const { salesforceSandbox, hubspotSandbox } = runningSystem().urls;
  if (salesforceSandbox === undefined && hubspotSandbox === undefined)
    throw new CommandFailure('The running system has CRMs of its own, and this command does not know them.', remedy);
  return {
    salesforce:
      salesforceSandbox === undefined
        ? null
        : {
            connection: 'salesforce',
            instanceUrl: salesforceSandbox,
            auth: { kind: 'token', accessToken: SALESFORCE_SANDBOX_TOKEN },
            apiVersion: SANDBOX_API_VERSION,
            registrationObject: embedded.registrationObject,
            shares: DEFAULT_CALL_SHARES,
            isListenedTo: false,
            bulkFrom: DEFAULT_BULK_FROM,
          },
    hubspot:
      hubspotSandbox === undefined
        ? null
        : {
            connection: 'hubspot',
            baseUrl: hubspotSandbox,
            auth: { kind: 'token', accessToken: HUBSPOT_SANDBOX_TOKEN },
            apiVersion: HUBSPOT_SANDBOX_API_VERSION,
            registrationObject: embedded.hubspotRegistrationObject,
            shares: DEFAULT_CALL_SHARES,
            signing: null,
          },
  };
}

function storeUrl(): string {
  const { embedded } = configurationOrExit(['embedded']);
  if (embedded.databaseUrl !== null) return embedded.databaseUrl;
  const port = runningSystem().ports['POSTGRES_PORT'];
  const url = port === undefined ? null : runningDatabaseUrl(resolve(embedded.dataFolder), port);
  if (url === null) {
    throw new CommandFailure(
      'The running system keeps its rows in a database of its own, and this command does not know it.',
      'set DATABASE_URL as for the system.',
    );
  }
  return url;
}

function runningSystem(): RunRecord {
  const { embedded } = configurationOrExit(['embedded']);
  const record = readRunRecord(resolve(embedded.dataFolder));
  if (record === null) throw new CommandFailure(`No system runs on ${embedded.dataFolder}, and DATABASE_URL is not set.`, START);
  return record;
}

function keptToken(): string {
  const { embedded } = configurationOrExit(['embedded']);
  const file = join(resolve(embedded.dataFolder), 'api-token');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  throw new CommandFailure('The token of the running system is not known.', 'set API_TOKEN to the one it was started with.');
}

/** Undefined table, of https://www.postgresql.org/docs/current/errcodes-appendix.html */
const UNDEFINED_TABLE = '42P01';

async function requireStore(db: Database): Promise<void> {
  try {
    await readConnections(db);
  } catch (error) {
    const { code, message } = error as { readonly code?: string; readonly message?: string };
    if (code === UNDEFINED_TABLE) {
      throw new CommandFailure('The database has no tables yet.', 'start an API or a worker on it once: they bring it up to date.');
    }
    const why = message === undefined || message === '' ? (code ?? String(error)) : message;
    throw new CommandFailure(
      `The database does not answer: ${why}`,
      `see that it runs and that DATABASE_URL, where it is set, names it; or ${START}`,
    );
  }
}
