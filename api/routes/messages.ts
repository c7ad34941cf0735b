import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { CHANNELS, isChannelName, type ChannelName } from '../../program/notification/channel.ts';
import { caseWorkflowId, registrationWorkflowId } from '../../program/messages.ts';
import { recipientId } from '../../program/notification/recipient.ts';
import { recordAudit } from '../../store/audit.ts';
import { findCase } from '../../store/conflict-case.ts';
import type { Transaction } from '../../store/database.ts';
import { readChannelStanding, resumeChannel } from '../../store/message-channel.ts';
import { countMessages, readMessageBacklog } from '../../store/message-delivery.ts';
import { findMessage, listMessages, retryMessage, skipMessage, type StoredMessage } from '../../store/message.ts';
import { findRegistration } from '../../store/registration.ts';
import { pageFrom, readCursor } from '../cursor.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { presentMessage } from '../presenters/message.ts';
import { invalid, problem } from '../problem.ts';
import { notFound, recordIdOf } from '../record-id.ts';
import { addRoute, ok, type Answer } from '../route.ts';
import {
  channelAnswer,
  messageAnswer,
  messageQuery,
  messageStatusAnswer,
  type ChannelAnswer,
  type MessageAnswer,
} from '../schemas/message.ts';
import { pageOf } from '../schemas/page.ts';

const messagePosition = z.strictObject({ afterSequence: z.int().min(0) });

export function addMessageRoutes(app: FastifyInstance, deps: ApiDependencies): void {
  addRoute(app, {
    method: 'GET',
    url: '/registrations/:id/messages',
    tag: 'messages',
    summary: 'Everything that was told of a registration and of its cases to its partner, and of its questions to users, in order',
    query: messageQuery,
    answer: pageOf(messageAnswer),
    handle: async ({ params, query }) => {
      const id = recordIdOf(params['id']);
      const known = id === null ? null : await findRegistration(deps.db, id);
      return id === null || known === null
        ? notFound('registration', params['id'])
        : listPage(deps, { lane: registrationWorkflowId(id) }, query);
    },
  });

  addRoute(app, {
    method: 'GET',
    url: '/cases/:id/messages',
    tag: 'messages',
    summary: 'Everything that was told of a case, to all its sides and to its arbiters, in order',
    query: messageQuery,
    answer: pageOf(messageAnswer),
    handle: async ({ params, query }) => {
      const id = recordIdOf(params['id']);
      const known = id === null ? null : await findCase(deps.db, id);
      return id === null || known === null ? notFound('case', params['id']) : listPage(deps, { subject: caseWorkflowId(id) }, query);
    },
  });

  addRoute(app, {
    method: 'GET',
    url: '/messages/status',
    tag: 'messages',
    summary: 'How every channel stands: what waits, since when, and what was sent, skipped or failed',
    answer: messageStatusAnswer,
    handle: async () => ok({ channels: [...(await presentChannels(deps))] }),
  });

  addRoute(app, {
    method: 'POST',
    url: '/messages/:id/retry',
    tag: 'messages',
    summary: 'Tries a message again that failed or was skipped',
    answer: messageAnswer,
    handle: ({ params }) => settleMessage(deps, params['id'], 'message retried', (trx, message) => retryMessage(trx, message)),
  });

  addRoute(app, {
    method: 'POST',
    url: '/messages/:id/skip',
    tag: 'messages',
    summary: 'Sets a message aside that waits or failed',
    answer: messageAnswer,
    handle: ({ params }) => settleMessage(deps, params['id'], 'message skipped', (trx, message) => skipMessage(trx, message.id)),
  });

  addRoute(app, {
    method: 'POST',
    url: '/messages/channels/:channel/resume',
    tag: 'messages',
    summary: 'Goes on with a channel that is held or disabled',
    answer: channelAnswer,
    handle: async ({ params }) => {
      const name = params['channel'] ?? '';
      if (!isChannelName(name)) return notFound('channel', name);
      const { state, code } = await readChannelStanding(deps.db, name);
      await deps.db.transaction().execute(async (trx) => {
        await resumeChannel(trx, name);
        await recordAudit(trx, {
          subject: `channel/${name}`,
          kind: 'resumed',
          actor: 'api',
          details: { from: state, code },
          at: deps.now(),
        });
      });
      const [channel] = (await presentChannels(deps)).filter((one) => one.name === name);
      return ok(channel as ChannelAnswer);
    },
  });
}

async function listPage(
  deps: ApiDependencies,
  about: Parameters<typeof listMessages>[1],
  query: z.output<typeof messageQuery>,
): Promise<Answer<{ items: MessageAnswer[]; nextCursor: string | null }>> {
  const cursor = readCursor(query.cursor, messagePosition);
  if (cursor.kind === 'broken') return invalid(cursor.fields);
  const rows = await listMessages(deps.db, about, { afterSequence: cursor.position?.afterSequence, limit: query.limit + 1 });
  const page = pageFrom(rows, query.limit, ({ sequence }) => ({ afterSequence: sequence }));
  return ok({ items: page.rows.map(presentMessage), nextCursor: page.nextCursor });
}

async function presentChannels(deps: ApiDependencies): Promise<readonly ChannelAnswer[]> {
  const counts = await countMessages(deps.db);
  const countOf = (channel: string, status: string): number =>
    counts.find((one) => one.channel === channel && one.status === status)?.count ?? 0;
  return Promise.all(
    (Object.keys(CHANNELS) as ChannelName[]).map(async (name) => {
      const { state, code } = await readChannelStanding(deps.db, name);
      const { waiting, oldestWaitingSince, code: waitsFor } = await readMessageBacklog(deps.db, name);
      return {
        name,
        state,
        code: code ?? waitsFor,
        waiting,
        oldestWaitingSince,
        sent: countOf(name, 'sent'),
        failed: countOf(name, 'failed'),
        skipped: countOf(name, 'skipped'),
      };
    }),
  );
}

async function settleMessage(
  deps: ApiDependencies,
  given: string | undefined,
  kind: string,
  settle: (trx: Transaction, message: StoredMessage) => Promise<boolean>,
): Promise<Answer<MessageAnswer>> {
  const id = recordIdOf(given);
  const message = id === null ? null : await findMessage(deps.db, id);
  if (id === null || message === null) return notFound('message', given);
  const isSettled = await deps.db.transaction().execute(async (trx) => {
    if (!(await settle(trx, message))) return false;
    const { subject, event, recipient, channel } = message;
    const details = { messageId: id, event, recipientKind: recipient.kind, recipientId: recipientId(recipient), channel };
    await recordAudit(trx, { subject, kind, actor: 'api', details, at: deps.now() });
    return true;
  });
  if (!isSettled) return problem('state-does-not-allow', `The message is ${message.status}.`);
  const after = await findMessage(deps.db, id);
  return ok(presentMessage(after ?? message));
}
