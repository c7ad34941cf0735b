/** Settings and subscriptions of webhooks as HubSpot answers them. Source: its API descriptions of webhooks v3 and 2026-09. */

import type { Settings, Subscription } from '../webhook/subscription.ts';
import { instantText } from './instant.ts';

export function settingsBody({ targetUrl, mostConcurrent, createdAt, updatedAt }: Settings): object {
  return {
    targetUrl,
    throttling: { maxConcurrentRequests: mostConcurrent },
    createdAt: instantText(createdAt),
    updatedAt: instantText(updatedAt),
  };
}

export function subscriptionBody(subscription: Subscription): object {
  const { id, eventType, objectTypeId, propertyName, isActive, createdAt, updatedAt } = subscription;
  return {
    id: String(id),
    eventType,
    ...(objectTypeId === null ? {} : { objectTypeId }),
    ...(propertyName === null ? {} : { propertyName }),
    active: isActive,
    createdAt: instantText(createdAt),
    updatedAt: instantText(updatedAt),
  };
}
