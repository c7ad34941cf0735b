import { recipientId } from '../../program/notification/recipient.ts';
import type { StoredMessage } from '../../store/message.ts';
import type { MessageAnswer } from '../schemas/message.ts';

export function presentMessage(message: StoredMessage): MessageAnswer {
  const { id, subject, event, recipient, channel, status, createdAt, sentAt, attempts, lastError } = message;
  return {
    id,
    subject,
    event,
    recipient: { kind: recipient.kind, id: recipientId(recipient) },
    channel,
    status,
    createdAt,
    sentAt,
    attempts,
    lastError,
  };
}
