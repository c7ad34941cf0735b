import type { CrmLog } from '../crm-log.ts';
import type { CrmPort } from '../port.ts';
import type { SessionShelf } from '../session-shelf.ts';
import { access } from './access.ts';
import { associationFieldOf } from './association-field.ts';
import { MOST_READS } from './association-read.ts';
import { capture } from './capture.ts';
import { checkedConfig } from './checked-config.ts';
import { describe } from './describe.ts';
import { find } from './find.ts';
import { history } from './history.ts';
import type { SharedPace } from './pace.ts';
import { read, readLookups } from './read.ts';
import { restore } from './restore.ts';
import { Session, type HubspotCall, type HubspotConfig } from './session.ts';
import { write, WRITE_BATCH_SIZE } from './write.ts';

/**
 * Connects a HubSpot portal to the port.
 *
 * Nothing is sent yet, so that a worker starts while HubSpot is away. Throws CRM_REQUEST_INVALID for a configuration that no portal can have, and for a refresh token
 * without a `shelf` to keep its successors on. `onCall` hears of every HTTP exchange, those for a token included. Processes with the same shelf share one access token;
 * those with the same `sharedPace` keep to the portal's limits together.
 */
export function connectHubspot(
  config: HubspotConfig,
  log?: CrmLog,
  onCall?: (call: HubspotCall) => void,
  shelf?: SessionShelf,
  sharedPace?: SharedPace,
): CrmPort {
  const session = new Session(checkedConfig(config, { shelf }), { log, onCall, shelf, sharedPace });
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
    lookups: {
      batchSize: MOST_READS,
      isUnstamped: (field) => associationFieldOf(field) !== null,
      read: (object, ids, fields) => readLookups(session, object, ids, fields),
    },
    restore: async (object, ids) => restore(object, ids),
    usage: () => session.usage,
    access: () => access(session),
    clockOffsetMs: () => session.clockOffsetMs,
  };
}
