/** What an app wants to be told. Source: HubSpot developer documentation, "Webhooks"; its API descriptions of webhooks v3 and of app webhooks 2026-03 and 2026-09. */

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ApiVersion } from '../api-version.ts';
import type { Portal } from '../portal.ts';
import { invalid, isRefusal, refusal } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import { settingsBody, subscriptionBody } from '../wire/webhook.ts';
import { EVENT_TYPES } from '../webhook/subscription.ts';
import type { Subscription, SubscriptionStore } from '../webhook/subscription.ts';
import { isLoopback, isWebAddress } from '../webhook/target.ts';
import { multiStatus } from './batch-row.ts';
import type { RowOutcome } from './batch-row.ts';
import { answered, pathPart, readBody, send } from './exchange.ts';
import type { Answer } from './exchange.ts';

const MOST_SUBSCRIPTIONS = 1000;
const settingsChange = z.object({ targetUrl: z.string(), throttling: z.object({ maxConcurrentRequests: z.int() }) });
const creation = z.object({
  eventType: z.string(),
  active: z.boolean().default(false),
  objectTypeId: z.string().nullish(),
  propertyName: z.string().nullish(),
});
const patch = z.object({ active: z.boolean().optional() });
const batch = z.object({ inputs: z.array(z.object({ id: z.coerce.number(), active: z.boolean() })).max(100) });

/** Nobody is told of the times of changes, since every change makes one. */
const NEVER_TOLD = new Set(['hs_lastmodifieddate', 'lastmodifieddate', 'num_unique_conversion_events']);

export interface WebhookOptions {
  readonly subscriptions: SubscriptionStore;
  /** Events may leave the machine. */
  readonly anywhere: boolean;
}

export function registerWebhookRoutes(
  app: FastifyInstance,
  portal: Portal,
  root: string,
  version: ApiVersion,
  options: WebhookOptions,
): void {
  const { subscriptions } = options;
  const prefix = `${root}/:appId`;
  type Work = (appId: number, request: FastifyRequest) => Answer | ApiError;
  const at = (method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE', path: string, work: Work) =>
    app.route({
      method,
      url: prefix + path,
      handler: async (request, reply) => {
        const appId = pathPart(request, 'appId');
        return send(request, reply, /^\d{1,10}$/.test(appId) ? work(Number(appId), request) : invalid(`Invalid app id: ${appId}`));
      },
    });
  const now = () => portal.clock.now();
  const one = (appId: number, id: string | number): Subscription | ApiError =>
    subscriptions.all(appId).find((each) => String(each.id) === String(id)) ??
    refusal(404, 'OBJECT_NOT_FOUND', `No subscription of the app ${appId} has the id ${id}`);

  at('GET', '/settings', (appId) => {
    const settings = subscriptions.settings(appId);
    return settings === null
      ? refusal(404, 'OBJECT_NOT_FOUND', `The app ${appId} has no webhook settings`)
      : answered(200, settingsBody(settings));
  });
  at('PUT', '/settings', (appId, request) => {
    const body = readBody(request, settingsChange);
    if (isRefusal(body)) return body;
    const refused = unfitTarget(body.targetUrl, options.anywhere);
    if (refused !== null) return refused;
    const mostConcurrent = body.throttling.maxConcurrentRequests;
    if (mostConcurrent < 5) return invalid(`maxConcurrentRequests must be 5 or more, was ${mostConcurrent}`);
    return answered(200, settingsBody(subscriptions.putSettings(appId, { targetUrl: body.targetUrl, mostConcurrent }, now())));
  });
  at('DELETE', '/settings', (appId) => {
    subscriptions.removeSettings(appId);
    return answered(204);
  });
  at('GET', '/subscriptions', (appId) => answered(200, { results: subscriptions.all(appId).map(subscriptionBody) }));
  at('POST', '/subscriptions', (appId, request) => {
    const body = readBody(request, creation);
    if (isRefusal(body)) return body;
    const given = { appId, eventType: body.eventType, objectTypeId: body.objectTypeId ?? null, propertyName: body.propertyName ?? null };
    const known = subscriptions.all(appId);
    const refused = unfitSubscription(portal, given);
    if (refused !== null) return refused;
    if (known.some((each) => isSame(each, given)))
      return refusal(409, 'OBJECT_ALREADY_EXISTS', `The app ${appId} has a subscription to ${given.eventType} already`);
    if (known.length >= MOST_SUBSCRIPTIONS) return invalid(`An app can have at most ${MOST_SUBSCRIPTIONS} subscriptions`);
    return answered(201, subscriptionBody(subscriptions.add({ ...given, isActive: body.active }, now())));
  });
  at('POST', '/subscriptions/batch/update', (appId, request) => {
    const body = readBody(request, batch);
    if (isRefusal(body)) return body;
    const rows = body.inputs.map(({ id, active }): RowOutcome<Subscription> => {
      const found = one(appId, id);
      if (isRefusal(found)) return { error: { ...found, context: { ids: [String(id)] } }, trace: null };
      return { value: subscriptions.setActive(found, active, now()), trace: null };
    });
    return multiStatus(portal, rows, 200, version, subscriptionBody);
  });
  at('GET', '/subscriptions/:subscriptionId', (appId, request) => {
    const found = one(appId, pathPart(request, 'subscriptionId'));
    return isRefusal(found) ? found : answered(200, subscriptionBody(found));
  });
  at('PATCH', '/subscriptions/:subscriptionId', (appId, request) => {
    const found = one(appId, pathPart(request, 'subscriptionId'));
    const body = readBody(request, patch);
    if (isRefusal(found)) return found;
    if (isRefusal(body)) return body;
    return answered(200, subscriptionBody(subscriptions.setActive(found, body.active ?? found.isActive, now())));
  });
  at('DELETE', '/subscriptions/:subscriptionId', (appId, request) => {
    const found = one(appId, pathPart(request, 'subscriptionId'));
    if (!isRefusal(found)) subscriptions.remove(found);
    return answered(204);
  });
}

function unfitTarget(targetUrl: string, anywhere: boolean): ApiError | null {
  if (!isWebAddress(targetUrl)) return invalid(`targetUrl: ${targetUrl} is not a web address`);
  if (anywhere || isLoopback(targetUrl)) return null;
  return invalid(
    `targetUrl: this sandbox sends events to its own machine alone (localhost, 127.0.0.0/8, [::1]); start it with --webhooks-anywhere to send them to ${targetUrl}`,
  );
}

type Given = Pick<Subscription, 'eventType' | 'objectTypeId' | 'propertyName'>;

function isSame(a: Given, b: Given): boolean {
  return a.eventType === b.eventType && a.objectTypeId === b.objectTypeId && a.propertyName === b.propertyName;
}

function unfitSubscription(portal: Portal, { eventType, objectTypeId, propertyName }: Given): ApiError | null {
  if (!EVENT_TYPES.includes(eventType)) return invalid(`eventType: ${eventType} is not one of [${EVENT_TYPES.join(', ')}]`);
  const isGeneric = eventType.startsWith('object.');
  if (isGeneric && (objectTypeId === null || portal.catalogue.find(objectTypeId)?.type.id !== objectTypeId))
    return invalid(`objectTypeId: ${objectTypeId ?? 'missing'}; ${eventType} needs the id of an object type of the portal, such as 0-1`);
  if (!isGeneric && objectTypeId !== null) return invalid(`objectTypeId: ${eventType} takes none`);
  const needsProperty = eventType.endsWith('.propertyChange');
  if (needsProperty && propertyName === null) return invalid(`propertyName: ${eventType} needs the name of a property`);
  if (!needsProperty && propertyName !== null) return invalid(`propertyName: ${eventType} takes none`);
  return propertyName !== null && NEVER_TOLD.has(propertyName) ? invalid(`propertyName: ${propertyName} cannot be subscribed to`) : null;
}
