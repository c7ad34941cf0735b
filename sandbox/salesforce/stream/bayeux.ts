/** Answers Bayeux messages. Source: Streaming API Developer Guide, "How the Client Connects"; the Bayeux protocol, https://docs.cometd.org/current7/reference/#_bayeux */

import { z } from 'zod';
import type { Sessions } from '../session.ts';
import * as wire from '../wire/bayeux.ts';
import type { BayeuxError, BayeuxReply } from '../wire/bayeux.ts';
import type { Channels } from './channel.ts';
import type { Clients, StreamClient } from './client.ts';
import type { EventLog } from './event-log.ts';
import type { Interference } from './interference.ts';
import type { Polls } from './poll.ts';
import { judgeSubscription } from './subscribe.ts';

export const COOKIE_NAME = 'BAYEUX_BROWSER';

const message = z.looseObject({
  channel: z.string().optional(),
  id: z.union([z.string(), z.number()]).optional(),
  clientId: z.string().nullish(),
  connectionType: z.string().optional(),
  supportedConnectionTypes: z.array(z.string()).optional(),
  subscription: z.union([z.string(), z.array(z.string())]).optional(),
  advice: z.looseObject({ timeout: z.number().optional() }).nullish(),
  ext: z.looseObject({ replay: z.unknown().optional() }).nullish(),
});
export type BayeuxMessage = z.infer<typeof message>;
/** One message or a batch of them. */
export const bayeuxBody = z.union([z.array(message).min(1), message.transform((one) => [one])]);

/** What the transport knows of a call. */
export interface BayeuxCall {
  readonly token: string | null;
  readonly cookie: string | null;
}

interface Replies {
  readonly replies: readonly object[];
  /** The cookie of a client that has shaken hands. */
  readonly cookie: string | null;
}

/** A connect that waits for events. */
export interface Suspended {
  /** Null when nobody is there any more to be answered. */
  readonly replies: Promise<readonly object[] | null>;
  /** Tells that the caller has gone before the answer. */
  readonly leave: () => void;
}

export type BayeuxAnswer = ({ readonly kind: 'now' } & Replies) | ({ readonly kind: 'later' } & Suspended);

export interface BayeuxParts {
  readonly sessions: Sessions;
  readonly clients: Clients;
  readonly channels: Channels;
  readonly log: EventLog;
  readonly polls: Polls;
  readonly interference: Interference;
}

type Meeting =
  | { readonly kind: 'met'; readonly client: StreamClient; readonly token: string }
  | { readonly kind: 'refused'; readonly error: BayeuxError };

export function answerMessages(parts: BayeuxParts, messages: readonly BayeuxMessage[], call: BayeuxCall): BayeuxAnswer {
  const [only] = messages;
  if (messages.length === 1 && only?.channel === wire.CONNECT) return suspendConnect(parts, only, call);
  const answers = messages.map((each) => answerOne(parts, each, call));
  const cookie = answers.map((answer) => answer.cookie).find((each) => each !== null) ?? null;
  return { kind: 'now', replies: answers.flatMap((answer) => answer.replies), cookie };
}

function answerOne(parts: BayeuxParts, each: BayeuxMessage, call: BayeuxCall): Replies {
  switch (each.channel ?? '') {
    case wire.HANDSHAKE:
      return handshake(parts, each, call);
    case wire.CONNECT:
      return done(connectInBatch(parts, each, call));
    case wire.SUBSCRIBE:
      return done(subscribe(parts, each, call));
    case wire.UNSUBSCRIBE:
    case wire.DISCONNECT:
      return done([leave(parts, each, call)]);
    // Not a union: clients name channels as they like, and may publish to none of them.
    default:
      return done([wire.formatRefusal(replyTo(each), each.channel === undefined ? wire.CHANNEL_MISSING : wire.PUBLISH_DENIED)]);
  }
}

function done(replies: readonly object[], cookie: string | null = null): Replies {
  return { replies, cookie };
}

function handshake({ sessions, clients, interference }: BayeuxParts, each: BayeuxMessage, call: BayeuxCall): Replies {
  const denied = (failureReason: string) =>
    done([wire.formatRefusal(replyTo(each), { error: wire.HANDSHAKE_DENIED, failureReason, reconnect: 'none' })]);
  const refusal = interference.hit(wire.HANDSHAKE);
  if (refusal !== null) return done([wire.formatRefusal(replyTo(each), refusal)]);
  if (call.token === null) return denied(wire.AUTHENTICATION_MISSING);
  const caller = sessions.callerOf(call.token);
  if (caller === null) return denied(wire.AUTHENTICATION_INVALID);
  const types = each.supportedConnectionTypes ?? ['long-polling'];
  if (!types.includes('long-polling')) return done([wire.formatRefusal(replyTo(each), wire.invalidConnectionType(types.join(', ')))]);
  const client = clients.open(caller.userId, caller.alias);
  if (client === null) return denied(wire.TOO_MANY_CONNECTIONS);
  return done(
    [
      {
        ext: { replay: true, 'payload.format': true },
        minimumVersion: '1.0',
        clientId: client.id,
        supportedConnectionTypes: ['long-polling'],
        ...replyTo(each),
        version: '1.0',
        successful: true,
      },
    ],
    client.cookie,
  );
}

/** A connect by itself, but for a client's first, waits for events, up to the time that the client asks for or the server advises. */
function suspendConnect(parts: BayeuxParts, each: BayeuxMessage, call: BayeuxCall): BayeuxAnswer {
  const met = meetToConnect(parts, each, call);
  if (met.kind === 'refused') return { kind: 'now', ...done([wire.formatRefusal(replyTo(each), met.error)]) };
  const { client, token } = met;
  const { polls, interference } = parts;
  const replies = interference.isHeld() ? null : polls.answerNow(client, each.id);
  if (replies !== null) return { kind: 'now', ...done(replies) };
  // CometD's servers answer the first connect at once, so that a client knows that it is connected; clients wait for that before they subscribe.
  if (!client.wasAdvised && !interference.isHeld()) return { kind: 'now', ...done(polls.answerEmpty(client, each.id)) };
  const timeoutMs = Math.min(Math.max(each.advice?.timeout ?? wire.CONNECT_TIMEOUT_MS, 0), wire.CONNECT_TIMEOUT_MS);
  const waits = polls.wait(client, each.id, token, timeoutMs);
  const entry = client.waiting;
  return {
    kind: 'later',
    replies: waits,
    leave: () => {
      if (client.waiting === entry) entry?.answer(null);
    },
  };
}

/** Among other messages a connect never waits, since their replies would wait with it. A held one gets no reply. */
function connectInBatch(parts: BayeuxParts, each: BayeuxMessage, call: BayeuxCall): readonly object[] {
  const met = meetToConnect(parts, each, call);
  if (met.kind === 'refused') return [wire.formatRefusal(replyTo(each), met.error)];
  if (parts.interference.isHeld()) return [];
  return parts.polls.answerNow(met.client, each.id) ?? parts.polls.answerEmpty(met.client, each.id);
}

function meetToConnect(parts: BayeuxParts, each: BayeuxMessage, call: BayeuxCall): Meeting {
  const met = meet(parts, each, call);
  const { connectionType = 'long-polling' } = each;
  if (met.kind === 'refused') return met;
  if (connectionType !== 'long-polling') return { kind: 'refused', error: wire.invalidConnectionType(connectionType) };
  // A client has one connect at a time: a second one takes the place of the first.
  parts.polls.release(met.client, null);
  return met;
}

function subscribe(parts: BayeuxParts, each: BayeuxMessage, call: BayeuxCall): readonly object[] {
  const met = meet(parts, each, call);
  const names: readonly (string | undefined)[] = Array.isArray(each.subscription) ? each.subscription : [each.subscription];
  return names.map((name) => {
    const named = { ...replyTo(each), ...(name === undefined ? {} : { subscription: name }) };
    if (met.kind === 'refused') return wire.formatRefusal(named, met.error);
    const { client } = met;
    const reply = { clientId: client.id, ...named };
    const replay = z.record(z.string(), z.unknown()).safeParse(each.ext?.replay);
    const verdict = judgeSubscription(parts.channels, parts.log, name, replay.data);
    if (verdict.kind === 'refused') return wire.formatRefusal(reply, verdict.error);
    const isNew = client.subscriptions.size === 0;
    const subscribers = parts.clients.all().filter((other) => other.subscriptions.size > 0).length;
    if (isNew && subscribers >= parts.clients.mostSubscribers()) return wire.formatRefusal(reply, wire.TOO_MANY_CLIENTS);
    client.subscriptions.set(verdict.name, verdict.subscription);
    // A connect that waits already is answered with what a replay brings.
    parts.polls.wake();
    return { ...reply, successful: true };
  });
}

/** Unsubscribes or disconnects. */
function leave(parts: BayeuxParts, each: BayeuxMessage, call: BayeuxCall): object {
  const met = meet(parts, each, call);
  const named = each.subscription === undefined ? {} : { subscription: each.subscription };
  if (met.kind === 'refused') return wire.formatRefusal({ ...replyTo(each), ...named }, met.error);
  const { client } = met;
  if (each.channel === wire.UNSUBSCRIBE) for (const name of [each.subscription ?? []].flat()) client.subscriptions.delete(name);
  else {
    parts.polls.release(client, null);
    parts.clients.close(client);
  }
  return { clientId: client.id, ...replyTo(each), ...named, successful: true };
}

/** The client that sends this message, in the order in which Salesforce asks: the session, the handshake, the cookie, the user. */
function meet(parts: BayeuxParts, each: BayeuxMessage, { token, cookie }: BayeuxCall): Meeting {
  const refused = (error: BayeuxError): Meeting => ({ kind: 'refused', error });
  const { clients, interference, sessions } = parts;
  const refusal = interference.hit(each.channel ?? '');
  if (refusal !== null) return refused(refusal);
  const caller = token === null ? null : sessions.callerOf(token);
  if (token === null) return refused({ error: wire.AUTHENTICATION_MISSING, reconnect: 'none' });
  if (caller === null) return refused({ error: wire.AUTHENTICATION_INVALID, reconnect: 'none' });
  if ((each.clientId ?? '') === '') return refused(wire.HANDSHAKE_MISSING);
  const client = clients.meet(each.clientId ?? '');
  if (client === null) return refused(wire.unknownClient(clients.adviceToUnknown()));
  if (interference.needsCookie() && cookie !== client.cookie) return refused(wire.cookieMissing(client.id, COOKIE_NAME));
  if (client.userId !== caller.userId) return refused(wire.OTHER_USER);
  return { kind: 'met', client, token };
}

/** What a reply repeats of its message. */
function replyTo({ channel, id }: BayeuxMessage): BayeuxReply {
  return { channel: channel ?? '', ...(id === undefined ? {} : { id }) };
}
