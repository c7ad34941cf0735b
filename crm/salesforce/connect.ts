import { CrmFailure } from '../failures.ts';
import type { CrmPort } from '../port.ts';
import { access } from './access.ts';
import { bulkOf } from './bulk/bulk.ts';
import { capture } from './capture.ts';
import { describe } from './describe.ts';
import { find } from './find.ts';
import { history } from './history.ts';
import { read } from './read.ts';
import { restore } from './restore.ts';
import { Session, type CrmLog, type SalesforceCall, type SalesforceConfig } from './session.ts';
import type { SessionShelf } from './session-shelf.ts';
import { listen } from './stream/listen.ts';
import { write, WRITE_BATCH_SIZE } from './write.ts';

/**
 * Connects a Salesforce org to the port.
 *
 * Nothing is sent yet: the first call signs in, so that a worker starts while the org is away. Throws CRM_REQUEST_INVALID for an address or
 * a version that no org can have, and for a refresh token without a `shelf` to keep its successors on. `onCall` hears of every HTTP exchange,
 * sign-in included. Processes with the same shelf share one session.
 */
export async function connectSalesforce(
  config: SalesforceConfig,
  log?: CrmLog,
  onCall?: (call: SalesforceCall) => void,
  shelf?: SessionShelf,
): Promise<CrmPort> {
  checkConfig(config);
  if (config.auth.kind === 'refresh_token' && shelf === undefined)
    throw new CrmFailure('CRM_REQUEST_INVALID', `Connection ${config.connection}: a refresh token needs a store for its successors`);
  const session = new Session(config, log ?? null, onCall ?? null, shelf ?? null);
  return {
    connection: config.connection,
    writeBatchSize: WRITE_BATCH_SIZE,
    describe: (object, when) => describe(session, object, when),
    capture: (request) => capture(session, request),
    read: (object, ids, fields) => read(session, object, ids, fields),
    find: (object, field, values, fields) => find(session, object, field, values, fields),
    history: (object, ids, fields, since) => history(session, object, ids, fields, since),
    write: (object, rows) => write(session, object, rows),
    bulk: bulkOf(session),
    restore: async (object, ids) => restore(object, ids),
    listen: (request) => listen(session, request),
    usage: () => session.usage,
    access: () => access(session),
    clockOffsetMs: () => session.clockOffsetMs,
  };
}

function checkConfig({ connection, instanceUrl, apiVersion, requestTimeoutMs }: SalesforceConfig): void {
  const refuse = (message: string): never => {
    throw new CrmFailure('CRM_REQUEST_INVALID', `Connection ${connection}: ${message}`);
  };
  const url = URL.parse(instanceUrl);
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    refuse('instanceUrl is not a web address; expected the My Domain address of the org');
  // Lightning pages live at another host than the API of the same org.
  if (url !== null && /\.lightning\.force\.com$/i.test(url.hostname))
    refuse('instanceUrl is a Lightning address; expected the My Domain address of the org');
  if (!/^\d{2,3}\.0$/.test(apiVersion) || Number(apiVersion) < 46) refuse(`apiVersion ${apiVersion}; expected 46.0 or later, such as 66.0`);
  if (!Number.isSafeInteger(requestTimeoutMs) || requestTimeoutMs < 1) refuse(`requestTimeoutMs ${requestTimeoutMs}; expected at least 1`);
}
