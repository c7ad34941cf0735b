import type { Channel, DeliveryOutcome } from '../../notify/port.ts';
import { renderMessage } from '../../program/notification/render-message.ts';
import { retryPauseMs } from '../../program/notification/retry-pause.ts';
import { webhookBody } from '../../program/notification/webhook-body.ts';
import { recipientId } from '../../program/notification/recipient.ts';
import { recordAudit } from '../../store/audit.ts';
import type { Transaction } from '../../store/database.ts';
import { giveBackMessages, markSent, markUndelivered, postponeMessage } from '../../store/message-delivery.ts';
import type { StoredMessage } from '../../store/message.ts';
import { readPartners } from '../../store/partner.ts';
import { findUserAddress } from '../../store/user-address.ts';
import type { ActivityDependencies } from '../decision/dependencies.ts';

/** A message whose attempt met a closed channel waits this long: others go first when it opens, and it is not late by much. */
const CHANNEL_PAUSE_MS = 30_000;

/** What one attempt means for those that follow: nothing, or that the channel takes none now, or none any more. */
export type Aftermath =
  | { readonly kind: 'sent' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'postponed'; readonly code: string }
  | { readonly kind: 'held'; readonly code: string; readonly afterMs: number | null }
  | { readonly kind: 'gone'; readonly code: string };

/**
 * Sends one message that is leased, and records what became of it. Between the two a crash, or a database that is away, makes it due again when the lease is over: it is
 * then sent a second time, with the same id.
 */
export async function deliverMessage(deps: ActivityDependencies, channel: Channel, message: StoredMessage): Promise<Aftermath> {
  const outcome = await attempt(deps, channel, message);
  switch (outcome.kind) {
    case 'delivered':
      await inAudit(deps, message, 'message sent', null, (trx) => markSent(trx, message.id, outcome.reference));
      return { kind: 'sent' };
    case 'refused': {
      // Whoever cannot be written to any more was not refused by anybody.
      const status = outcome.code === 'NO_ADDRESS' ? 'skipped' : 'failed';
      await inAudit(deps, message, `message ${status}`, outcome.code, (trx) => markUndelivered(trx, message, status, outcome.code));
      return { kind: 'failed' };
    }
    case 'gone':
      await giveBackMessages(deps.db, [message]);
      return outcome;
    case 'retry': {
      const isChannel = outcome.scope === 'channel';
      const pauseMs = isChannel ? CHANNEL_PAUSE_MS : (outcome.afterMs ?? retryPauseMs(message.attempts, Math.random()));
      const isGivenUp = await postpone(deps, message, pauseMs, outcome.code);
      if (isChannel) return { kind: 'held', code: outcome.code, afterMs: outcome.afterMs };
      return isGivenUp ? { kind: 'failed' } : { kind: 'postponed', code: outcome.code };
    }
  }
}

async function attempt(deps: ActivityDependencies, channel: Channel, message: StoredMessage): Promise<DeliveryOutcome> {
  const address = channel.needsAddress ? await addressOf(deps, message) : null;
  if (channel.needsAddress && address === null) return { kind: 'refused', code: 'NO_ADDRESS' };
  const { id, lane, occurredAt, payload } = message;
  try {
    const rendered = renderMessage(payload);
    const body = webhookBody(payload, rendered);
    return await channel.deliver({ id, thread: lane, occurredAt, address, subject: rendered.subject, text: rendered.text, body });
  } catch (error) {
    // A channel answers for what the other side does; this is a defect of ours, or a payload of another version.
    deps.log.error({ messageId: id, channel: channel.name, err: error }, 'a message could not be put into words');
    return { kind: 'refused', code: 'MESSAGE_UNREADABLE' };
  }
}

async function addressOf(deps: ActivityDependencies, { recipient }: StoredMessage): Promise<string | null> {
  switch (recipient.kind) {
    case 'partner':
      return (await readPartners(deps.db, [recipient.partnerId]))[0]?.email ?? null;
    case 'user':
      return findUserAddress(deps.db, recipient.alias);
  }
}

/** True when its time was over. */
async function postpone(deps: ActivityDependencies, message: StoredMessage, pauseMs: number, code: string): Promise<boolean> {
  return inAudit(deps, message, 'message failed', code, async (trx) => (await postponeMessage(trx, message, pauseMs, code)) === 'given_up');
}

/** Records what `change` did in the audit, where it did anything. */
async function inAudit(
  deps: ActivityDependencies,
  message: StoredMessage,
  kind: string,
  code: string | null,
  change: (trx: Transaction) => Promise<boolean>,
): Promise<boolean> {
  return deps.db.transaction().execute(async (trx) => {
    const isChanged = await change(trx);
    if (isChanged) await auditMessage(trx, deps, message, kind, code);
    return isChanged;
  });
}

/** Ids and codes alone: never an address. */
export async function auditMessage(
  trx: Transaction,
  deps: Pick<ActivityDependencies, 'now'>,
  { id, subject, event, recipient, channel }: StoredMessage,
  kind: string,
  code: string | null,
): Promise<void> {
  const details = { messageId: id, event, recipientKind: recipient.kind, recipientId: recipientId(recipient), channel, code };
  await recordAudit(trx, { subject, kind, actor: 'program', details, at: deps.now() });
}
