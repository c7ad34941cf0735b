/** Bayeux messages as Salesforce writes them. Sources: Streaming API Developer Guide, "Streaming API Error Codes", "Handling Streaming API Errors"; the Bayeux protocol, https://docs.cometd.org/current7/reference/#_bayeux */

export const HANDSHAKE = '/meta/handshake';
export const CONNECT = '/meta/connect';
export const SUBSCRIBE = '/meta/subscribe';
export const UNSUBSCRIBE = '/meta/unsubscribe';
export const DISCONNECT = '/meta/disconnect';

/** How long a connect waits for events, as the server advises. */
export const CONNECT_TIMEOUT_MS = 110_000;

export type Reconnect = 'retry' | 'handshake' | 'none';

/** A refusal of one message. */
export interface BayeuxError {
  readonly error: string;
  /** Left out where the client is to go on as it did. */
  readonly reconnect?: Reconnect;
  /** Why, where `error` says only that; it stands under `ext.sfdc`. */
  readonly failureReason?: string;
}

export const AUTHENTICATION_INVALID = '401::Authentication invalid';
export const AUTHENTICATION_MISSING = '401::Request requires authentication';
export const HANDSHAKE_DENIED = '403::Handshake denied';
export const HANDSHAKE_MISSING: BayeuxError = { error: '403::Client has not completed handshake', reconnect: 'handshake' };
export const OTHER_USER: BayeuxError = { error: "400::Authenticated user id does not match the session's user id" };
export const TOO_MANY_CLIENTS: BayeuxError = { error: '403::Organization concurrent user limit exceeded' };
export const TOO_MANY_EVENTS: BayeuxError = { error: '403::Organization total events daily limit exceeded', reconnect: 'none' };
export const TOO_MANY_CONNECTIONS =
  '403::To protect all customers from excessive use and Denial of Service attacks, we limit the number of simultaneous connections per server. Your request has been denied because this limit has been exceeded. Please try your request again later.';
export const CHANNEL_MISSING: BayeuxError = { error: '400::Channel name not specified' };
export const CHANNEL_WITHOUT_SLASH: BayeuxError = { error: "400::Channel subscriptions must start with a leading '/'" };
export const PUBLISH_DENIED: BayeuxError = { error: '403:denied_by_security_policy:publish_denied' };

export function unknownClient(reconnect: Reconnect): BayeuxError {
  return { error: '403::Unknown client', reconnect };
}

export function cookieMissing(clientId: string, cookieName: string): BayeuxError {
  return { error: `400::Client ${clientId} has established a session, but no ${cookieName} cookie present` };
}

export function invalidConnectionType(type: string): BayeuxError {
  return { error: `400::Invalid connection type {${type}}` };
}

export function unknownChannel(name: string): BayeuxError {
  return { error: `400::The channel you requested to subscribe to does not exist {${name}}` };
}

export function notBuiltChannel(kind: string): BayeuxError {
  return { error: `501::${kind} are not built in this sandbox` };
}

export function invalidReplayId(replayId: string): BayeuxError {
  const remedy = 'Please provide a valid ID, -2 to replay all events, or -1 to replay only new events.';
  return { error: `400::The replayId {${replayId}} you provided was invalid. ${remedy}` };
}

/** The map of a subscription names other channels only. Its form is that of Java. */
export function replayIdMissing(channel: string, replay: Readonly<Record<string, unknown>>): BayeuxError {
  const map = Object.entries(replay).map(([name, id]) => `${name}=${JSON.stringify(id)}`);
  const remedy = 'Ensure that the channel name you provided in the replay map is valid and matches the channel name used for subscribing.';
  return {
    error: `400::The replayId for channel {${channel}} wasn't found using the provided replay ID map {{${map.join(', ')}}}. ${remedy}`,
  };
}

export interface BayeuxReply {
  readonly channel: string;
  readonly id?: string | number;
  readonly clientId?: string;
  readonly subscription?: string | readonly string[];
}

/** `reply` as a refusal. */
export function formatRefusal(reply: BayeuxReply, { error, reconnect, failureReason }: BayeuxError): object {
  const interval = reply.channel === HANDSHAKE ? {} : { interval: 0 };
  return {
    ...(failureReason === undefined ? {} : { ext: { sfdc: { failureReason } } }),
    ...(reconnect === undefined ? {} : { advice: { ...interval, reconnect } }),
    ...reply,
    error,
    successful: false,
  };
}
