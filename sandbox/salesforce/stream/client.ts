/** The clients that have shaken hands. They are known in memory only: a restart forgets them, as a server of Salesforce does. Source: Streaming API Developer Guide, "Clients and Timeouts". */

import { createHash } from 'node:crypto';
import type { Reconnect } from '../wire/bayeux.ts';
import type { EventChannel } from './channel.ts';

/** "A client session times out if the client doesn’t reconnect to the server within 40 seconds." */
const IDLE_MS = 40_000;
/** Of the limit for subscribers; clients that shook hands and subscribe to nothing are let be within it. */
const CLIENTS_PER_SUBSCRIBER = 2;
/** Limits, "StreamingApiConcurrentClients" of an Enterprise org. */
export const DEFAULT_MOST_SUBSCRIBERS = 2_000;

export interface Subscription {
  readonly channel: EventChannel;
  /** The replay id up to which the client was given events. */
  readonly position: number;
}

/** A connect that waits for events. */
export interface Waiting {
  readonly id: string | number | undefined;
  readonly token: string;
  /** Answers it; with null, the connection is let go without an answer. */
  readonly answer: (replies: readonly object[] | null) => void;
}

export interface StreamClient {
  readonly id: string;
  readonly userId: string;
  readonly alias: string;
  readonly cookie: string;
  readonly subscriptions: Map<string, Subscription>;
  seenAtMs: number;
  /** False until the first connect was answered, which brings the server's advice. */
  wasAdvised: boolean;
  waiting: Waiting | null;
}

export interface Clients {
  /** Null when there are too many. */
  readonly open: (userId: string, alias: string) => StreamClient | null;
  /** The client of that id, which is seen by this; null for one that is unknown or was idle for too long. */
  readonly meet: (id: string) => StreamClient | null;
  readonly close: (client: StreamClient) => void;
  readonly all: () => readonly StreamClient[];
  /** What clients that are unknown are advised to do. */
  readonly adviceToUnknown: () => Reconnect;
  readonly adviseUnknown: (reconnect: Reconnect) => void;
  readonly mostSubscribers: () => number;
  readonly limitSubscribers: (most: number) => void;
}

/** `nextSerial` counts on across restarts, so that no id is given twice. */
export function createClients(nextSerial: () => number, now: () => number): Clients {
  const byId = new Map<string, StreamClient>();
  let advice: Reconnect = 'handshake';
  let most = DEFAULT_MOST_SUBSCRIBERS;
  const isIdle = (client: StreamClient) => client.waiting === null && now() - client.seenAtMs > IDLE_MS;
  const close = (client: StreamClient) => {
    byId.delete(client.id);
    client.waiting?.answer(null);
  };
  const dropIdle = () => {
    for (const client of byId.values()) if (isIdle(client)) close(client);
  };
  return {
    open: (userId, alias) => {
      dropIdle();
      if (byId.size >= most * CLIENTS_PER_SUBSCRIBER) return null;
      const serial = nextSerial();
      const client: StreamClient = {
        id: digits(`client ${serial}`, 27),
        userId,
        alias,
        cookie: digits(`browser ${serial}`, 22),
        subscriptions: new Map(),
        seenAtMs: now(),
        wasAdvised: false,
        waiting: null,
      };
      byId.set(client.id, client);
      return client;
    },
    meet: (id) => {
      const client = byId.get(id) ?? null;
      if (client === null) return null;
      if (isIdle(client)) {
        close(client);
        return null;
      }
      client.seenAtMs = now();
      return client;
    },
    close,
    all: () => {
      dropIdle();
      return [...byId.values()];
    },
    adviceToUnknown: () => advice,
    adviseUnknown: (reconnect) => {
      advice = reconnect;
    },
    mostSubscribers: () => most,
    limitSubscribers: (limit) => {
      most = limit;
    },
  };
}

/** `length` characters of base 36 that look like chance and are none. */
function digits(text: string, length: number): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return BigInt(`0x${hex}`).toString(36).slice(-length);
}
