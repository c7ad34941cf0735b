import { z } from 'zod';

/** Messages as CometD answers them. https://docs.cometd.org/current7/reference/#_bayeux */

export const HANDSHAKE = '/meta/handshake';
export const CONNECT = '/meta/connect';
export const SUBSCRIBE = '/meta/subscribe';
export const DISCONNECT = '/meta/disconnect';

const advice = z.looseObject({
  reconnect: z.enum(['retry', 'handshake', 'none']).optional().catch(undefined),
  /** Milliseconds to wait before the next connect. */
  interval: z.number().min(0).optional().catch(undefined),
  /** Milliseconds that a connect waits for events. */
  timeout: z.number().min(0).optional().catch(undefined),
});

const reply = z.looseObject({
  channel: z.string(),
  clientId: z.string().optional(),
  successful: z.boolean().optional(),
  error: z.string().optional(),
  subscription: z.string().optional().catch(undefined),
  advice: advice.optional().catch(undefined),
  /** Salesforce says here why a handshake was denied. */
  ext: z
    .looseObject({ sfdc: z.looseObject({ failureReason: z.string().optional() }).optional() })
    .optional()
    .catch(undefined),
  data: z.unknown().optional(),
});
export type BayeuxReply = z.output<typeof reply>;

const replies = z.array(reply);

/** The messages of an answer; null where it holds none, such as the page of a proxy. */
export function readReplies(body: string): readonly BayeuxReply[] | null {
  try {
    return replies.safeParse(JSON.parse(body)).data ?? null;
  } catch {
    return null;
  }
}

/** Why a message was refused, in the server's words; null where it was not. */
export function refusalOf({ successful, error, ext }: BayeuxReply): string | null {
  if (successful !== false) return null;
  const reason = ext?.sfdc?.failureReason;
  return [error ?? 'refused without a reason', ...(reason === undefined ? [] : [reason])].join(' · ');
}
