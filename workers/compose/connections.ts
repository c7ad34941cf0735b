import type { Logger } from 'pino';
import type { Connection } from '../../activities/decision/dependencies.ts';
import { connectHubspot } from '../../crm/hubspot/connect.ts';
import type { SharedPace } from '../../crm/hubspot/pace.ts';
import { connectSalesforce } from '../../crm/salesforce/connect.ts';
import type { SessionShelf } from '../../crm/salesforce/session-shelf.ts';
import { checkConversion } from '../../mappings/conversion-mapping.ts';
import { hubspotProfile } from '../../mappings/hubspot/registration-object.ts';
import { salesforceProfile } from '../../mappings/salesforce/registration-object.ts';
import { reserveCall } from '../../store/call-pace.ts';
import { withCrmSession } from '../../store/crm-session.ts';
import type { Database } from '../../store/database.ts';
import type { Configuration } from '../config.ts';

/** One call may take this long; a page of 500 rows answers within seconds. */
const REQUEST_TIMEOUT_MS = 30_000;

export type ConfiguredCrms = Pick<Configuration['connections'], 'salesforce' | 'hubspot'>;

/** The CRMs that the configuration names; their sessions are shared by all that open them with the same store. Nothing is sent yet. */
export async function openConnections(
  configuration: ConfiguredCrms,
  log: Logger,
  db: Database | null,
): Promise<ReadonlyMap<string, Connection>> {
  const connections = new Map<string, Connection>();
  const { salesforce, hubspot } = configuration;
  if (salesforce !== null) {
    const { shares, bulkFrom, isListenedTo, registrationObject, ...org } = salesforce;
    const { mapping, conversion } = salesforceProfile(registrationObject);
    const config = { ...org, requestTimeoutMs: REQUEST_TIMEOUT_MS };
    const port = await connectSalesforce(config, log, undefined, db === null ? undefined : shelfIn(db));
    const converts = conversion === null ? {} : { conversion };
    connections.set(salesforce.connection, { port, mapping, shares, bulkFrom, isListenedTo, ...converts });
  }
  if (hubspot !== null) {
    const { shares, registrationObject, signing: _inbound, ...portal } = hubspot;
    const [shelf, pace] = db === null ? [] : ([shelfIn(db), paceIn(db)] as const);
    const port = connectHubspot({ ...portal, requestTimeoutMs: REQUEST_TIMEOUT_MS }, log, undefined, shelf, pace);
    connections.set(hubspot.connection, { port, ...hubspotProfile(registrationObject), shares });
  }
  return connections;
}

/** The sessions that processes share, in the store. */
export function shelfIn(db: Database): SessionShelf {
  return { alone: (place, work) => withCrmSession(db, place, work) };
}

/** The limits that processes keep to together, in the store. */
function paceIn(db: Database): SharedPace {
  return { reserve: (bucket) => reserveCall(db, bucket) };
}

/**
 * What conversion lacks in the CRMs, a sentence each. A worker starts without it: registrations are linked to opportunities all the same, and what is to be written on
 * opportunities waits. Throws when a CRM cannot be reached.
 */
export async function findConversionProblems(connections: ReadonlyMap<string, Connection>): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const [name, { port, conversion }] of connections) {
    if (conversion === undefined) continue;
    const { object } = conversion.mapping;
    for (const { field, problem, remedy } of checkConversion(conversion, await port.describe(object))) {
      problems.push(`${name} ${object}.${field}: ${problem}. ${remedy}`);
    }
  }
  return problems;
}
