/** Control calls for streaming: what an administrator sets up, and what an org does to its clients at times. */

import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { CONTROL_PREFIX, refuseControl } from '../../kit/control.ts';
import type { Org } from '../org.ts';
import { findObject } from '../schema/catalogue.ts';
import type { SObjectDefinition } from '../schema/definition.ts';
import { parseId } from '../store/record-id.ts';
import { overflowOf } from '../stream/change.ts';
import type { Change } from '../stream/change.ts';
import { hasChangeEvents } from '../stream/event-field.ts';
import type { Stream } from '../stream/stream.ts';
import type { Refusal } from '../stream/interference.ts';

const alias = z.string().default('integration');
const eventRequest = z.union([
  z.strictObject({
    changeType: z.enum(['GAP_CREATE', 'GAP_UPDATE', 'GAP_DELETE', 'GAP_UNDELETE']),
    sobject: z.string(),
    ids: z.array(z.string().refine((id) => parseId(id) !== null, 'is not a record id')).min(1),
    as: alias,
  }),
  z.strictObject({ changeType: z.literal('GAP_OVERFLOW'), sobject: z.string(), as: alias }),
  z.strictObject({ expire: z.union([z.literal('all'), z.int().min(0)]) }),
]);

const reconnect = z.enum(['retry', 'handshake', 'none']);
const streamRequest = z.strictObject({
  drop: z.union([z.literal('all'), z.strictObject({ user: z.string() })]).optional(),
  advice: z.enum(['handshake', 'none']).default('handshake'),
  hold: z.boolean().optional(),
  refuse: z
    .array(
      z.strictObject({
        channel: z.enum(['/meta/handshake', '/meta/connect', '/meta/subscribe', '/meta/unsubscribe', '/meta/disconnect']),
        error: z.string().min(1),
        reconnect: reconnect.optional(),
        failureReason: z.string().optional(),
        times: z.int().min(1).default(1),
      }),
    )
    .optional(),
  requireCookies: z.boolean().optional(),
  mostClients: z.int().min(0).optional(),
  dailyEvents: z.union([z.null(), z.int().min(0)]).optional(),
  used: z.int().min(0).default(0),
});
const captureRequest = z.strictObject({ entities: z.union([z.literal('all'), z.array(z.string())]) });

export function registerStreamControl(app: FastifyInstance, org: Org, stream: Stream): void {
  app.get(`${CONTROL_PREFIX}/events`, async () => stream.log.summary());
  app.post(`${CONTROL_PREFIX}/events`, async (request, reply) => {
    const parsed = eventRequest.safeParse(request.body);
    if (!parsed.success) return refuseControl(reply, parsed.error);
    const { data } = parsed;
    if ('expire' in data) return { expired: stream.log.expire(data.expire === 'all' ? null : data.expire) };
    const definition = findObject(org.schema, data.sobject);
    const caller = org.sessions.findUser(data.as);
    if (definition === null || !hasChangeEvents(definition)) return unknown(reply, `sobject ${data.sobject}`);
    if (caller === null) return unknown(reply, `user ${data.as}`);
    // Nobody's call has brought it about, so it has no origin.
    const author = { userId: caller.userId, nowMs: org.clock.now(), origin: '' };
    const change = data.changeType === 'GAP_OVERFLOW' ? overflowOf(definition, author) : gap(definition, data.changeType, data.ids, author);
    org.store.transaction(() => {
      stream.capture.append([change]);
      return true;
    });
    stream.polls.wake();
    return { replayId: stream.log.tip() };
  });

  app.get(`${CONTROL_PREFIX}/streaming`, async () => ({
    clients: stream.clients.all().map((client) => ({
      id: client.id,
      user: client.alias,
      isWaiting: client.waiting !== null,
      subscriptions: Object.fromEntries([...client.subscriptions].map(([name, { position }]) => [name, position])),
    })),
  }));
  app.post(`${CONTROL_PREFIX}/streaming`, async (request, reply) => {
    const parsed = streamRequest.safeParse(request.body);
    if (!parsed.success) return refuseControl(reply, parsed.error);
    return { dropped: interfere(stream, parsed.data) };
  });

  app.get(`${CONTROL_PREFIX}/change-data-capture`, async () => ({ entities: stream.channels.selected() }));
  app.post(`${CONTROL_PREFIX}/change-data-capture`, async (request, reply) => {
    const parsed = captureRequest.safeParse(request.body);
    if (!parsed.success) return refuseControl(reply, parsed.error);
    const { entities } = parsed.data;
    const unable = entities === 'all' ? undefined : entities.find((name) => !canBeSelected(org, name));
    if (unable !== undefined) return unknown(reply, `sobject ${unable}`);
    stream.channels.select(entities === 'all' ? null : entities);
    return { entities: stream.channels.selected() };
  });
}

/** Does what `asked` names and leaves the rest as it is; gives how many clients were dropped. */
function interfere(stream: Stream, asked: z.infer<typeof streamRequest>): number {
  if (asked.requireCookies !== undefined) stream.interference.requireCookies(asked.requireCookies);
  if (asked.mostClients !== undefined) stream.clients.limitSubscribers(asked.mostClients);
  if (asked.dailyEvents !== undefined) stream.limitDeliveries(asked.dailyEvents, asked.used);
  if (asked.refuse !== undefined) stream.interference.refuse(asked.refuse.map(withoutUndefined));
  if (asked.hold !== undefined) {
    stream.interference.hold(asked.hold);
    stream.polls.wake();
  }
  if (asked.drop === undefined) return 0;
  return stream.drop(asked.drop === 'all' ? null : asked.drop.user, asked.advice);
}

function withoutUndefined({
  reconnect: advice,
  failureReason,
  ...rest
}: NonNullable<z.infer<typeof streamRequest>['refuse']>[number]): Refusal {
  return {
    ...rest,
    ...(advice === undefined ? {} : { reconnect: advice }),
    ...(failureReason === undefined ? {} : { failureReason }),
  };
}

function gap(definition: SObjectDefinition, changeType: Change['changeType'], ids: readonly string[], author: Change['author']): Change {
  return { definition, recordIds: ids.map((id) => parseId(id) ?? id), changeType, changedFields: [], body: {}, author };
}

function canBeSelected(org: Org, name: string): boolean {
  const definition = findObject(org.schema, name);
  return definition !== null && hasChangeEvents(definition);
}

function unknown(reply: FastifyReply, what: string): FastifyReply {
  return reply.code(400).send({ error: `unknown ${what}, or it has no change events` });
}
