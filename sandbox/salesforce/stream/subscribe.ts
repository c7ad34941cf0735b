/** Judges a subscription: whether there is such a channel, and from which event on the client is given its events. Source: Streaming API Developer Guide, "Message Durability", "Streaming API Error Codes". */

import {
  CHANNEL_MISSING,
  CHANNEL_WITHOUT_SLASH,
  invalidReplayId,
  notBuiltChannel,
  replayIdMissing,
  unknownChannel,
} from '../wire/bayeux.ts';
import type { BayeuxError } from '../wire/bayeux.ts';
import type { Channels } from './channel.ts';
import type { Subscription } from './client.ts';
import type { EventLog } from './event-log.ts';

const NEW_EVENTS = -1;
const ALL_EVENTS = -2;

/** Kinds of channels that the vendor has and the sandbox has not. */
const UNBUILT: readonly (readonly [prefix: string, kind: string])[] = [
  ['/topic/', 'PushTopic channels'],
  ['/u/', 'Generic streaming channels'],
  ['/event/', 'Platform event channels'],
];

export type SubscriptionVerdict =
  | { readonly kind: 'subscribed'; readonly name: string; readonly subscription: Subscription }
  | { readonly kind: 'refused'; readonly error: BayeuxError };

/** `replay` is the map of the message's replay extension; undefined where it has none, and then only new events are given. */
export function judgeSubscription(
  channels: Channels,
  log: EventLog,
  name: string | undefined,
  replay: Readonly<Record<string, unknown>> | undefined,
): SubscriptionVerdict {
  if (name === undefined || name === '') return refused(CHANNEL_MISSING);
  if (!name.startsWith('/')) return refused(CHANNEL_WITHOUT_SLASH);
  const unbuilt = UNBUILT.find(([prefix]) => name.startsWith(prefix));
  if (unbuilt !== undefined) return refused(notBuiltChannel(unbuilt[1]));
  const channel = channels.find(name);
  if (channel === null) return refused(unknownChannel(name));
  if (replay !== undefined && !Object.hasOwn(replay, name)) return refused(replayIdMissing(name, replay));
  const replayId = replay === undefined ? NEW_EVENTS : replay[name];
  const position = positionOf(log, replayId);
  return position === null
    ? refused(invalidReplayId(JSON.stringify(replayId)))
    : { kind: 'subscribed', name, subscription: { channel, position } };
}

/** The place in the log that `replayId` stands for; null for one that stands for none, such as that of an event which is no longer kept. */
function positionOf(log: EventLog, replayId: unknown): number | null {
  if (replayId === NEW_EVENTS) return log.tip();
  if (replayId === ALL_EVENTS) return 0;
  return typeof replayId === 'number' && Number.isSafeInteger(replayId) && log.has(replayId) ? replayId : null;
}

function refused(error: BayeuxError): SubscriptionVerdict {
  return { kind: 'refused', error };
}
