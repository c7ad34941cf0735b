import type { ChannelName } from '../program/notification/channel.ts';
import type { MessageFailureCode } from '../program/notification/message-failure.ts';
import type { Instant } from '../program/vocabulary.ts';

/** A message as a channel sends it. Each attempt is given the same. */
export interface OutgoingMessage {
  /** By which whoever receives it knows a repetition. */
  readonly id: string;
  /** What belongs together for a reader: the claim, or the case. */
  readonly thread: string;
  readonly occurredAt: Instant;
  /** Of the recipient, where the channel writes to one (`needsAddress`). */
  readonly address: string | null;
  readonly subject: string;
  readonly text: string;
  /** For programs: the type and the data of the event; null where a recipient of this kind gets none. */
  readonly body: { readonly type: string; readonly timestamp: string; readonly data: object } | null;
}

/**
 * What became of one attempt. `retry` with the scope `channel`: the other side takes nothing at all now, so that the next message would fare no better; `afterMs` is what it
 * asked for itself. `refused`: this message will never be taken. `gone`: the other side wants no message any more.
 */
export type DeliveryOutcome =
  | { readonly kind: 'delivered'; readonly reference: string | null }
  | { readonly kind: 'retry'; readonly code: MessageFailureCode; readonly scope: 'message' | 'channel'; readonly afterMs: number | null }
  | { readonly kind: 'refused'; readonly code: MessageFailureCode }
  | { readonly kind: 'gone'; readonly code: MessageFailureCode };

/** Whether a channel could deliver, without delivering anything. `detail` names no secret. */
export type ChannelCheck =
  | { readonly kind: 'works'; readonly detail: string }
  | { readonly kind: 'fails'; readonly code: MessageFailureCode; readonly detail: string; readonly remedy: string };

/** One way out. It keeps no messages and never throws for what the other side does: an outcome says that. */
export interface Channel {
  readonly name: ChannelName;
  readonly needsAddress: boolean;
  deliver(message: OutgoingMessage): Promise<DeliveryOutcome>;
  check(): Promise<ChannelCheck>;
  close(): Promise<void>;
}

export function retryMessage(code: MessageFailureCode): DeliveryOutcome {
  return { kind: 'retry', code, scope: 'message', afterMs: null };
}

export function retryChannel(code: MessageFailureCode, afterMs: number | null = null): DeliveryOutcome {
  return { kind: 'retry', code, scope: 'channel', afterMs };
}
