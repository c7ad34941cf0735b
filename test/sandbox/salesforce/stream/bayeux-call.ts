/** Bayeux messages by plain calls, with the cookie that a client keeps. */

import { bearer } from '../opened-org.ts';
import type { Answer, OpenedOrg } from '../opened-org.ts';

export const COMETD = '/cometd/66.0';

/** Messages of many shapes; each test states what it expects. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Message = any;

export function post(org: OpenedOrg, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return org.call('POST', COMETD, body, headers);
}

export interface BayeuxClient {
  readonly id: string;
  readonly cookie: string;
  /** Sends one message of this client and gives the replies, events before the reply to the message. */
  readonly send: (channel: string, more?: object) => Promise<Message[]>;
  readonly subscribe: (channel: string, replayId?: unknown) => Promise<Message>;
  /** The events that a connect brings; it waits for them no longer than `timeoutMs`. */
  readonly events: (timeoutMs?: number) => Promise<Message[]>;
}

export async function shakeHands(org: OpenedOrg, alias = 'integration'): Promise<BayeuxClient> {
  const request = { channel: '/meta/handshake', version: '1.0', supportedConnectionTypes: ['long-polling'], id: '1' };
  const answer = await post(org, [request], bearer(alias));
  const [reply] = answer.body;
  expect(reply).toMatchObject({ channel: '/meta/handshake', id: '1', successful: true });
  const cookie = String(answer.headers.get('set-cookie')).split(';', 1)[0] ?? '';
  const send: BayeuxClient['send'] = async (channel, more = {}) =>
    (await post(org, [{ channel, clientId: reply.clientId, ...more }], { ...bearer(alias), cookie })).body;
  return {
    id: reply.clientId,
    cookie,
    send,
    subscribe: async (channel, replayId) =>
      (
        await send('/meta/subscribe', {
          subscription: channel,
          ...(replayId === undefined ? {} : { ext: { replay: { [channel]: replayId } } }),
        })
      )[0],
    events: async (timeoutMs = 0) =>
      (await send('/meta/connect', { connectionType: 'long-polling', advice: { timeout: timeoutMs } })).filter(
        (each) => each.data !== undefined,
      ),
  };
}

/** A client that is given what happens on `channel` from now on. */
export async function listenTo(org: OpenedOrg, channel: string): Promise<BayeuxClient> {
  const client = await shakeHands(org);
  expect(await client.subscribe(channel)).toMatchObject({ successful: true });
  return client;
}

export function headersOf(events: readonly Message[]): Message[] {
  return events.map((each) => each.data.payload.ChangeEventHeader);
}
