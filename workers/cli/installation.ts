import { DEFAULT_CALL_SHARES } from '../../activities/sync/call-share.ts';
import { DEFAULT_BULK_FROM } from '../../activities/sync/lane.ts';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openDatabase, type Database } from '../../store/database.ts';
import { readConnections } from '../../store/connection.ts';
import { configurationOrExit } from '../config.ts';
import { SANDBOX_TOKEN } from '../embedded/embedded-plan.ts';
import { runningDatabaseUrl } from '../embedded/postgres.ts';
import { readRunRecord, type RunRecord } from '../embedded/run-record.ts';
import type { SalesforceConnection } from '../salesforce-configuration.ts';
import { answerOf, callOverHttp, type ApiCall } from './api-call.ts';
import { CommandFailure } from './command-failure.ts';

/** As the workers of the embedded system are given it. */
const SANDBOX_API_VERSION = '66.0';

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
      const names = Object.values(connections).flatMap((connection) => (connection === null ? [] : [connection.connection]));
      const api = await openApi({ db, temporal: client.client, connections: names, apiToken, programId: program.id, logger: false });
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

/** The Salesforce org of the installation: the configured one, else the sandbox of the embedded system that runs. */
export function salesforceOf(): SalesforceConnection {
  const { embedded, connections } = configurationOrExit(['embedded', 'connections']);
  if (connections.salesforce !== null) return connections.salesforce;
  const remedy = 'set SALESFORCE_INSTANCE_URL and its credentials, or start the embedded system with its sandbox (`npm start`).';
  if (embedded.databaseUrl !== null) throw new CommandFailure('No connection is configured: SALESFORCE_INSTANCE_URL is not set.', remedy);
  const sandbox = runningSystem().urls['salesforceSandbox'];
  if (sandbox === undefined)
    throw new CommandFailure('The running system has an org of its own, and this command does not know it.', remedy);
  return {
    connection: 'salesforce',
    instanceUrl: sandbox,
    auth: { kind: 'token', accessToken: SANDBOX_TOKEN },
    apiVersion: SANDBOX_API_VERSION,
    registrationObject: embedded.registrationObject,
    shares: DEFAULT_CALL_SHARES,
    isListenedTo: false,
    bulkFrom: DEFAULT_BULK_FROM,
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
