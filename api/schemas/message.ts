import { z } from 'zod';
import { CHANNELS, type ChannelName } from '../../program/notification/channel.ts';
import { EVENTS, type EventType } from '../../program/notification/event-table.ts';
import { paging } from './page.ts';
import { body, instant } from './text.ts';

const channelName = z.enum(Object.keys(CHANNELS) as [ChannelName, ...ChannelName[]]);

/** One message: what was told, to whom, and what became of it. Addresses are not kept, and not shown. */
export const messageAnswer = z.object({
  id: z.string(),
  subject: z.string().describe('what it is about: registration/<id> or case/<id>'),
  event: z.enum(Object.keys(EVENTS) as [EventType, ...EventType[]]),
  recipient: z.object({ kind: z.enum(['partner', 'user']), id: z.string().describe('the id of a partner, or the alias of a user') }),
  channel: channelName,
  status: z.enum(['queued', 'sent', 'failed', 'skipped']),
  createdAt: instant,
  sentAt: instant.nullable(),
  attempts: z.int(),
  lastError: z.string().nullable().describe('the code of what it failed with last, or why it was skipped'),
});
export type MessageAnswer = z.output<typeof messageAnswer>;

export const messageQuery = body({ ...paging });

export const channelAnswer = z.object({
  name: channelName,
  state: z.enum(['open', 'held', 'disabled']),
  code: z.string().nullable().describe('what it failed with last'),
  waiting: z.int(),
  oldestWaitingSince: instant.nullable(),
  sent: z.int(),
  failed: z.int(),
  skipped: z.int(),
});
export type ChannelAnswer = z.output<typeof channelAnswer>;

export const messageStatusAnswer = z.object({ channels: z.array(channelAnswer) });
