/** Streaming as a whole: the channels, the log of events, the clients and what they wait for. */

import type { OrgAccess } from '../access/org-access.ts';
import type { Components } from '../metadata/component.ts';
import type { Sessions } from '../session.ts';
import type { Schema } from '../schema/catalogue.ts';
import type { RecordStore } from '../store/record-store.ts';
import type { Usage } from '../usage.ts';
import { createUsage } from '../usage.ts';
import { unknownClient } from '../wire/bayeux.ts';
import type { Reconnect } from '../wire/bayeux.ts';
import type { BayeuxParts } from './bayeux.ts';
import { createCapture } from './capture.ts';
import type { Capture } from './capture.ts';
import { createChannels } from './channel.ts';
import { createClients, DEFAULT_MOST_SUBSCRIBERS } from './client.ts';
import { takeMessages } from './delivery.ts';
import { createEventLog } from './event-log.ts';
import { createInterference } from './interference.ts';
import { createPolls } from './poll.ts';

export interface Stream extends BayeuxParts {
  readonly capture: Capture;
  /** Makes the clients of that user, or all, unknown; what they wait for is answered so. Gives how many. */
  readonly drop: (alias: string | null, reconnect: Reconnect) => number;
  /** At most so many events of a day are given, over all clients; null takes the limit away. */
  readonly limitDeliveries: (limit: number | null, used: number) => void;
  /** For an org that starts anew: no client is known and nothing is interfered with. */
  readonly forget: () => void;
  readonly close: () => void;
}

/** Installs the capture of changes on `store`, and gives what routes work with. */
export function createStream(
  store: RecordStore,
  schema: Schema,
  components: () => Components,
  { sessions, access }: { readonly sessions: Sessions; readonly access: OrgAccess },
  now: () => number,
): Stream {
  const log = createEventLog(store, now);
  const channels = createChannels(store, schema, components);
  const clients = createClients(() => store.nextSerial('streamClient'), now);
  const interference = createInterference();
  let deliveries: Usage | null = null;
  const polls = createPolls({
    clients,
    interference,
    takeMessages: (client) => takeMessages(store, log, client, access.of(client.userId).schema),
    isValid: (token) => sessions.callerOf(token) !== null,
    deliveries: () => deliveries,
  });
  const capture = createCapture(store, log, channels.isSelected);
  store.listen({ beforeCommit: capture.record, afterCommit: polls.wake });
  const drop: Stream['drop'] = (alias, reconnect) => {
    clients.adviseUnknown(reconnect);
    const dropped = clients.all().filter((client) => alias === null || client.alias === alias);
    for (const client of dropped) {
      polls.release(client, unknownClient(reconnect));
      clients.close(client);
    }
    return dropped.length;
  };
  return {
    sessions,
    clients,
    channels,
    log,
    polls,
    interference,
    capture,
    drop,
    limitDeliveries: (limit, used) => {
      deliveries = limit === null ? null : createUsage(now);
      deliveries?.set(limit ?? 0, used);
    },
    forget: () => {
      interference.clear();
      channels.select(null);
      clients.limitSubscribers(DEFAULT_MOST_SUBSCRIBERS);
      deliveries = null;
      drop(null, 'handshake');
    },
    close: polls.close,
  };
}
