import { createEmailChannel } from '../../notify/email.ts';
import type { Channel } from '../../notify/port.ts';
import { createWebhookChannel } from '../../notify/webhook.ts';
import type { Configuration } from '../config.ts';

/** Standard Webhooks advises 15 to 30 s; a mail server may look into a message before it answers. */
const WEBHOOK_TIMEOUT_MS = 15_000;
const EMAIL_TIMEOUT_MS = 30_000;

/** The ways out for messages that the configuration names. Nothing is sent yet. */
export function openChannels({ webhook, email }: Configuration['notify']): ReadonlyMap<string, Channel> {
  const channels: Channel[] = [];
  if (webhook !== null) channels.push(createWebhookChannel({ ...webhook, timeoutMs: WEBHOOK_TIMEOUT_MS }));
  if (email !== null) channels.push(createEmailChannel({ ...email, timeoutMs: EMAIL_TIMEOUT_MS }));
  return new Map(channels.map((channel) => [channel.name, channel]));
}
