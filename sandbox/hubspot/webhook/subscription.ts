/** What an app wants to be told, and where. Source: HubSpot developer documentation, "Webhooks", "Create generic webhook subscriptions". */

import type { Database, StoredRow } from '../store/database.ts';
import { objectOf } from './change.ts';
import type { RecordChange } from './change.ts';

const KINDS = ['associationChange', 'creation', 'deletion', 'merge', 'propertyChange', 'restore'];
/** The objects that have event types of their own, by the word that these begin with; null for what this portal has not. */
const OBJECT_WORDS: Readonly<Record<string, string | null>> = {
  company: '0-2',
  contact: '0-1',
  deal: '0-3',
  line_item: null,
  product: null,
  ticket: null,
};
const GENERIC = 'object';

export const EVENT_TYPES: readonly string[] = [
  ...[...Object.keys(OBJECT_WORDS), GENERIC].flatMap((word) => KINDS.map((kind) => `${word}.${kind}`)),
  'contact.privacyDeletion',
  ...['creation', 'deletion', 'newMessage', 'privacyDeletion', 'propertyChange'].map((kind) => `conversation.${kind}`),
  'event.completed',
].filter((type) => type !== 'product.associationChange');

export interface Settings {
  readonly targetUrl: string;
  readonly mostConcurrent: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface Subscription {
  readonly id: number;
  readonly appId: number;
  readonly eventType: string;
  /** The object of a generic event type; null for the others. */
  readonly objectTypeId: string | null;
  readonly propertyName: string | null;
  readonly isActive: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface SubscriptionStore {
  readonly settings: (appId: number) => Settings | null;
  readonly putSettings: (appId: number, settings: Omit<Settings, 'createdAt' | 'updatedAt'>, nowMs: number) => Settings;
  readonly removeSettings: (appId: number) => void;
  readonly all: (appId: number) => readonly Subscription[];
  readonly add: (given: Omit<Subscription, 'id' | 'createdAt' | 'updatedAt'>, nowMs: number) => Subscription;
  readonly setActive: (subscription: Subscription, isActive: boolean, nowMs: number) => Subscription;
  readonly remove: (subscription: Subscription) => void;
  /** Those that want to be told of `change`. */
  readonly interested: (change: RecordChange) => readonly Subscription[];
  /** Drops what is held in memory. */
  readonly reload: () => void;
}

export function createSubscriptionStore(db: Database): SubscriptionStore {
  // Every write of a record asks, and mostly nobody listens.
  let active: readonly Subscription[] | null = null;
  const readActive = () => {
    active ??= db
      .select('SELECT * FROM webhook_subscription WHERE active = 1 AND app_id IN (SELECT app_id FROM webhook_settings) ORDER BY id')
      .map(subscriptionOf);
    return active;
  };
  const changing = <Value>(work: () => Value): Value => {
    active = null;
    return work();
  };
  const settings = (appId: number): Settings | null => {
    const row = db.select('SELECT * FROM webhook_settings WHERE app_id = ?', appId)[0];
    if (row === undefined) return null;
    return {
      targetUrl: String(row['target_url']),
      mostConcurrent: Number(row['most_concurrent']),
      createdAt: Number(row['created_at']),
      updatedAt: Number(row['updated_at']),
    };
  };
  return {
    settings,
    reload: () => changing(() => undefined),
    interested: (change) => readActive().filter((subscription) => isAbout(subscription, change)),
    putSettings: (appId, { targetUrl, mostConcurrent }, nowMs) =>
      changing(() => {
        db.run(
          `INSERT INTO webhook_settings (app_id, target_url, most_concurrent, created_at, updated_at) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT (app_id) DO UPDATE SET target_url = excluded.target_url, most_concurrent = excluded.most_concurrent, updated_at = excluded.updated_at`,
          appId,
          targetUrl,
          mostConcurrent,
          nowMs,
          nowMs,
        );
        return settings(appId) as Settings;
      }),
    removeSettings: (appId) => changing(() => void db.run('DELETE FROM webhook_settings WHERE app_id = ?', appId)),
    all: (appId) => db.select('SELECT * FROM webhook_subscription WHERE app_id = ? ORDER BY id', appId).map(subscriptionOf),
    add: (given, nowMs) =>
      changing(() => {
        const subscription = { ...given, id: 100_000 + db.nextSerial('subscription'), createdAt: nowMs, updatedAt: nowMs };
        db.run(
          'INSERT INTO webhook_subscription (id, app_id, event_type, object, property, active, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
          subscription.id,
          given.appId,
          given.eventType,
          given.objectTypeId,
          given.propertyName,
          Number(given.isActive),
          nowMs,
          nowMs,
        );
        return subscription;
      }),
    setActive: (subscription, isActive, nowMs) =>
      changing(() => {
        db.run('UPDATE webhook_subscription SET active = ?, updated_at = ? WHERE id = ?', Number(isActive), nowMs, subscription.id);
        return { ...subscription, isActive, updatedAt: nowMs };
      }),
    remove: (subscription) => changing(() => void db.run('DELETE FROM webhook_subscription WHERE id = ?', subscription.id)),
  };
}

function isAbout({ eventType, objectTypeId, propertyName }: Subscription, change: RecordChange): boolean {
  const [word = '', kind] = eventType.split('.');
  if (kind !== change.kind || objectOf(change) !== (word === GENERIC ? objectTypeId : OBJECT_WORDS[word])) return false;
  return change.kind !== 'propertyChange' || change.name === propertyName;
}

function subscriptionOf(row: StoredRow): Subscription {
  return {
    id: Number(row['id']),
    appId: Number(row['app_id']),
    eventType: String(row['event_type']),
    objectTypeId: row['object'] === null ? null : String(row['object']),
    propertyName: row['property'] === null ? null : String(row['property']),
    isActive: row['active'] === 1,
    createdAt: Number(row['created_at']),
    updatedAt: Number(row['updated_at']),
  };
}
