import type { FastifyInstance } from 'fastify';
import { Gauge, Histogram } from 'prom-client';
import type { ApiDependencies } from './dependencies.ts';
import { countByStatus, countOutbox } from '../store/backlog.ts';
import { countMessages, readLongestWaits } from '../store/message-delivery.ts';

/** Seconds: an answer from the store takes milliseconds, a command waits up to ten seconds for its workflow. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Measures every request by its route, and, when somebody looks, how many registrations there are and how many messages wait. */
export function measure(app: FastifyInstance, { db, metrics }: ApiDependencies): void {
  const duration = new Histogram({
    name: 'dealkeeper_http_request_duration_seconds',
    help: 'Time from the request to the end of the answer',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS,
    registers: [metrics],
  });
  app.addHook('onResponse', async (request, reply) => {
    // The pattern, never the address: an id in a label would make a series of its own.
    duration.observe(
      { method: request.method, route: request.routeOptions.url ?? 'unknown', status: reply.statusCode },
      reply.elapsedTime / 1000,
    );
  });

  // While the store is away the other metrics are still worth reading.
  const registrations = new Gauge({
    name: 'dealkeeper_registrations',
    help: 'Registrations by status',
    labelNames: ['status'],
    registers: [metrics],
    collect: async () => {
      registrations.reset();
      for (const { status, count } of await countByStatus(db).catch(() => [])) registrations.set({ status }, count);
    },
  });
  const outbox = new Gauge({
    name: 'dealkeeper_outbox_messages',
    help: 'Messages that wait to be delivered to a workflow',
    registers: [metrics],
    collect: async () => {
      const depth = await countOutbox(db).catch(() => null);
      if (depth === null) outbox.reset();
      else outbox.set(depth);
    },
  });

  const messages = new Gauge({
    name: 'dealkeeper_messages',
    help: 'Messages to partners and users, by channel and status',
    labelNames: ['channel', 'status'],
    registers: [metrics],
    collect: async () => {
      messages.reset();
      for (const { channel, status, count } of await countMessages(db).catch(() => [])) messages.set({ channel, status }, count);
    },
  });
  const longest = new Gauge({
    name: 'dealkeeper_messages_oldest_queued_seconds',
    help: 'How long the message of a channel waits that waits longest',
    labelNames: ['channel'],
    registers: [metrics],
    collect: async () => {
      longest.reset();
      for (const { channel, seconds } of await readLongestWaits(db).catch(() => [])) longest.set({ channel }, seconds);
    },
  });
}
