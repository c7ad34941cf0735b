import type { CrmPort } from '../port.ts';
import { capture } from './capture.ts';
import { checkedConfig } from './checked-config.ts';
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
  const session = new Session(checkedConfig(config), onCall ?? null);
  return {
    connection: config.connection,
    writeBatchSize: WRITE_BATCH_SIZE,
    capturesLate: true,
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
