/** Connects that wait for events: long polling. Source: Streaming API Developer Guide, "How the Client Connects". */

import { AUTHENTICATION_INVALID, CONNECT, CONNECT_TIMEOUT_MS, formatRefusal, TOO_MANY_EVENTS } from '../wire/bayeux.ts';
import type { BayeuxError } from '../wire/bayeux.ts';
import type { Usage } from '../usage.ts';
import type { Clients, StreamClient, Waiting } from './client.ts';
import type { EventMessage } from './delivery.ts';
import type { Interference } from './interference.ts';

/** "Streaming API regularly validates the OAuth token or session ID while the client is connected." */
const VALIDATE_EVERY_MS = 1_000;

export interface PollParts {
  readonly clients: Clients;
  readonly interference: Interference;
  readonly takeMessages: (client: StreamClient) => readonly EventMessage[];
  readonly isValid: (token: string) => boolean;
  /** Events that were given, against the allowance of a day; null where there is none. */
  readonly deliveries: () => Usage | null;
}

export interface Polls {
  /** The answer to a connect that can be given at once; null when the client has to wait. */
  readonly answerNow: (client: StreamClient, id: Waiting['id']) => readonly object[] | null;
  /** Waits up to `timeoutMs`; the promise gives null when nobody is there any more to be answered. */
  readonly wait: (client: StreamClient, id: Waiting['id'], token: string, timeoutMs: number) => Promise<readonly object[] | null>;
  /** The answer to a connect for which nothing has come. */
  readonly answerEmpty: (client: StreamClient, id: Waiting['id']) => readonly object[];
  /** Answers the connect of `client` that waits, if one does: with a refusal, or with null as one whose time is over. */
  readonly release: (client: StreamClient, error: BayeuxError | null) => void;
  /** Gives everybody who waits what has come. */
  readonly wake: () => void;
  readonly close: () => void;
}

export function createPolls(parts: PollParts): Polls {
  const { clients, interference } = parts;
  let validation: NodeJS.Timeout | null = null;
  let wakes = false;
  const waiting = () => clients.all().filter((client) => client.waiting !== null);

  const answerNow: Polls['answerNow'] = (client, id) => {
    const usage = parts.deliveries();
    if (usage !== null && usage.used() >= usage.limit()) {
      // "An error is returned and the subscription is disconnected."
      client.subscriptions.clear();
      return [formatRefusal({ channel: CONNECT, clientId: client.id, ...idOf(id) }, TOO_MANY_EVENTS)];
    }
    const messages = parts.takeMessages(client);
    for (const _each of messages) usage?.take();
    return messages.length === 0 ? null : [...messages, connected(client, id)];
  };
  const release: Polls['release'] = (client, error) => {
    if (client.waiting === null) return;
    const { id, answer } = client.waiting;
    answer([error === null ? connected(client, id) : formatRefusal({ clientId: client.id, channel: CONNECT, ...idOf(id) }, error)]);
  };
  const flush = () => {
    wakes = false;
    if (interference.isHeld()) return;
    for (const client of waiting()) {
      const replies = answerNow(client, client.waiting?.id);
      if (replies !== null) client.waiting?.answer(replies);
    }
  };
  const validate = () => {
    const all = waiting();
    for (const client of all) {
      if (interference.isHeld() || parts.isValid(client.waiting?.token ?? '')) continue;
      release(client, { error: AUTHENTICATION_INVALID, reconnect: 'none' });
    }
    if (all.length === 0 && validation !== null) {
      clearInterval(validation);
      validation = null;
    }
  };

  return {
    answerNow,
    wait: (client, id, token, timeoutMs) => {
      const { promise, resolve } = Promise.withResolvers<readonly object[] | null>();
      const end = () => {
        if (interference.isHeld()) timer = setTimeout(end, VALIDATE_EVERY_MS);
        else entry.answer([connected(client, id)]);
      };
      let timer = setTimeout(end, timeoutMs);
      const entry: Waiting = {
        id,
        token,
        answer: (replies) => {
          clearTimeout(timer);
          if (client.waiting === entry) client.waiting = null;
          resolve(replies);
        },
      };
      client.waiting = entry;
      validation ??= setInterval(validate, VALIDATE_EVERY_MS).unref();
      return promise;
    },
    answerEmpty: (client, id) => [connected(client, id)],
    release,
    wake: () => {
      if (wakes) return;
      wakes = true;
      // Transactions of one turn are told together.
      setImmediate(flush);
    },
    close: () => {
      for (const client of clients.all()) clients.close(client);
      if (validation !== null) clearInterval(validation);
    },
  };
}

/** The reply to a connect, the first one with the server's advice. */
function connected(client: StreamClient, id: Waiting['id']): object {
  const advice = client.wasAdvised ? {} : { advice: { interval: 0, timeout: CONNECT_TIMEOUT_MS, reconnect: 'retry' } };
  client.wasAdvised = true;
  return { clientId: client.id, ...advice, channel: CONNECT, ...idOf(id), successful: true };
}

function idOf(id: Waiting['id']): { readonly id?: string | number } {
  return id === undefined ? {} : { id };
}
