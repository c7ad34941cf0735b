/** Turns changes into events for those who subscribed to them; they wait in storage, as part of the write that made them. */

import type { Database } from '../store/database.ts';
import type { ChangeSource } from '../store/record-store.ts';
import type { RecordChange } from './change.ts';
import type { Subscription, SubscriptionStore } from './subscription.ts';

export interface EventQueue {
  readonly record: (change: RecordChange, by: ChangeSource) => void;
}

export interface EventContext {
  readonly portalId: number;
  readonly now: () => number;
  /** `contact` for 0-1. */
  readonly singularOf: (objectTypeId: string) => string;
}

export function createEventQueue(db: Database, subscriptions: SubscriptionStore, context: EventContext): EventQueue {
  return {
    record: (change, by) => {
      const interested = subscriptions.interested(change);
      if (interested.length === 0) return;
      // One change is one event, however many subscriptions it reaches; HubSpot promises no more of its ids.
      const eventId = 1_000_000 + db.nextSerial('event');
      const now = context.now();
      for (const subscription of interested)
        db.run(
          'INSERT INTO webhook_event (app_id, body, attempt, due_at) VALUES (?, ?, 0, ?)',
          subscription.appId,
          JSON.stringify({
            eventId,
            subscriptionId: subscription.id,
            portalId: context.portalId,
            appId: subscription.appId,
            occurredAt: now,
            subscriptionType: subscription.eventType,
            ...about(change, subscription, context),
            changeSource: by.source,
            ...(by.sourceId === '' ? {} : { sourceId: by.sourceId }),
          }),
          now,
        );
    },
  };
}

function about(change: RecordChange, { objectTypeId }: Subscription, context: EventContext): object {
  const generic = objectTypeId === null ? {} : { objectTypeId };
  switch (change.kind) {
    case 'creation':
      return { objectId: change.id, ...generic, changeFlag: 'CREATED' };
    case 'deletion':
    case 'privacyDeletion':
      return { objectId: change.id, ...generic, changeFlag: 'DELETED' };
    case 'restore':
      return { objectId: change.id, ...generic, changeFlag: 'RESTORED' };
    case 'propertyChange':
      return { objectId: change.id, ...generic, propertyName: change.name, propertyValue: change.value };
    case 'merge':
      return {
        objectId: change.newId,
        ...generic,
        primaryObjectId: change.primaryId,
        mergedObjectIds: change.mergedIds,
        newObjectId: change.newId,
        numberOfPropertiesMoved: change.movedProperties,
      };
    case 'associationChange': {
      const [from, to] = [context.singularOf(change.from.object), context.singularOf(change.to.object)];
      return {
        associationType: `${from}_to_${to}`.toUpperCase(),
        fromObjectId: change.from.id,
        toObjectId: change.to.id,
        associationRemoved: change.isRemoved,
        isPrimaryAssociation: change.isPrimary,
        ...(objectTypeId === null
          ? {}
          : {
              fromObjectTypeId: change.from.object,
              toObjectTypeId: change.to.object,
              associationTypeId: change.typeId,
              associationCategory: change.category,
            }),
      };
    }
  }
}
