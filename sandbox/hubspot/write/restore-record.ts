/** Brings archived records back, and deletes contacts for good. Source: knowledge base, "Restore deleted records", "How do I perform a GDPR delete in HubSpot". */

import type { Portal } from '../portal.ts';
import type { ObjectDefinition } from '../schema/object-type.ts';
import type { ChangeSource } from '../store/record-store.ts';
import { invalid, isRefusal, noSuchRecord } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import { uniqueClash, uniqueNames } from './save-record.ts';

/** Documented: a record can be restored within 90 days. */
const RESTORABLE_MS = 90 * 24 * 60 * 60 * 1000;

/** Brings a record back with its values and its associations to records that are there. Null when it is back. */
export function restoreRecord(portal: Portal, definition: ObjectDefinition, id: number, by: ChangeSource): ApiError | null {
  const { type } = definition;
  const record = portal.records.find(type.id, id);
  if (record === null || record.archivedAt === null) return noSuchRecord(String(id));
  if (portal.clock.now() - record.archivedAt > RESTORABLE_MS) return invalid(`${id} was archived more than 90 days ago`);
  const clash = uniqueClash(portal, definition, record.properties, id, false);
  if (isRefusal(clash)) return clash;
  portal.records.restore(type.id, record, uniqueNames(definition), portal.clock.now());
  portal.events.record({ kind: 'restore', object: type.id, id }, by);
  return null;
}

/** Deletes a contact with everything that is known of it, archived or not. Its address cannot be used again. */
export function purgeContact(portal: Portal, definition: ObjectDefinition, id: number, by: ChangeSource): ApiError | null {
  const { type } = definition;
  const record = portal.records.find(type.id, id);
  if (record === null) return noSuchRecord(String(id));
  const { email = '', hs_additional_emails: additional = '' } = record.properties;
  for (const address of [email, ...additional.split(';')]) if (address !== '') blockAddress(portal, address);
  portal.merges.purge(type.id, id);
  portal.events.record({ kind: 'privacyDeletion', object: type.id, id }, by);
  if (record.archivedAt === null) portal.events.record({ kind: 'deletion', object: type.id, id }, by);
  return null;
}

/** Keeps `address` from ever being a contact's. */
export function blockAddress(portal: Portal, address: string): void {
  portal.db.run('INSERT OR IGNORE INTO blocked_address (address) VALUES (?)', address.toLowerCase());
}
