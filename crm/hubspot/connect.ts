import { CrmFailure } from '../failures.ts';
import type { CrmPort } from '../port.ts';
import { HUBSPOT_API_VERSIONS } from './api-version.ts';
import { capture } from './capture.ts';
import { describe } from './describe.ts';
import { find } from './find.ts';
import { history } from './history.ts';
import { read } from './read.ts';
import { restore } from './restore.ts';
import { Session, type HubspotCall, type HubspotConfig } from './session.ts';
import { write, WRITE_BATCH_SIZE } from './write.ts';

/**
 * Connects a HubSpot portal to the port.
 *
 * Nothing is sent yet, so that a worker starts while HubSpot is away. Throws CRM_REQUEST_INVALID for a configuration that no portal can have. `onCall` hears of every
 * HTTP exchange.
 */
export function connectHubspot(config: HubspotConfig, onCall?: (call: HubspotCall) => void): CrmPort {
  checkConfig(config);
  const session = new Session({ ...config, baseUrl: new URL(config.baseUrl).origin }, onCall ?? null);
  return {
    connection: config.connection,
    writeBatchSize: WRITE_BATCH_SIZE,
    describe: (object, when) => describe(session, object, when),
    capture: (request) => capture(session, request),
    read: (object, ids, fields) => read(session, object, ids, fields),
    find: (object, field, values, fields) => find(session, object, field, values, fields),
    history: (object, ids, fields, since) => history(session, object, ids, fields, since),
    write: (object, rows) => write(session, object, rows),
    restore: async (object, ids) => restore(object, ids),
    usage: () => session.usage,
    clockOffsetMs: () => session.clockOffsetMs,
  };
}

function checkConfig({ connection, baseUrl, accessToken, apiVersion, requestTimeoutMs, timeZone }: HubspotConfig): void {
  const refuse = (message: string): never => {
    throw new CrmFailure('CRM_REQUEST_INVALID', `Connection ${connection}: ${message}`);
  };
  const url = URL.parse(baseUrl);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) refuse('baseUrl is not a web address; expected https://api.hubapi.com');
  if (accessToken.trim() === '') refuse('the access token is empty; expected that of a private app or a service key');
  if (!HUBSPOT_API_VERSIONS.includes(apiVersion)) refuse(`apiVersion ${apiVersion}; expected one of ${HUBSPOT_API_VERSIONS.join(', ')}`);
  if (!Number.isSafeInteger(requestTimeoutMs) || requestTimeoutMs < 1) refuse(`requestTimeoutMs ${requestTimeoutMs}; expected at least 1`);
  if (timeZone !== undefined && !isTimeZone(timeZone)) refuse(`timeZone ${timeZone} is unknown; expected such as America/New_York`);
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
