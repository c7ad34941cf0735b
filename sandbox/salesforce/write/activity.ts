/** Keeps `LastActivityDate` of records that tasks belong to. Source: Object Reference, Account and Opportunity, "LastActivityDate"; Salesforce Help, "Guidelines for Tracking Activities". */

import { findField, objectOfId } from '../schema/catalogue.ts';
import type { SObjectDefinition } from '../schema/definition.ts';
import type { RecordStore, StoredRow } from '../store/record-store.ts';
import { storedInstant } from '../wire/instant.ts';
import type { WriteMoment } from './field-history.ts';

/**
 * Moves the last activity of the record that `row`, a completed task, belongs to, and of the account that it rolls up to; anything else is left alone.
 *
 * An opportunity rolls up to its account. A custom object does so only as a detail of an account: a lookup to one does not count, and no detail is shipped.
 * This is a system change: SystemModstamp moves, LastModifiedDate stays.
 */
export function noteActivity(store: RecordStore, definition: SObjectDefinition, row: StoredRow, moment: WriteMoment): void {
  const { WhatId: parentId, ActivityDate: date, IsClosed: isClosed } = row;
  if (definition.name !== 'Task' || typeof parentId !== 'string' || typeof date !== 'string' || isClosed !== 1) return;
  const account = objectOfId(store.schema, parentId)?.name === 'Opportunity' ? lookedUp(store, parentId, 'AccountId') : null;
  for (const id of account === null ? [parentId] : [parentId, account]) moveLastActivity(store, id, date, moment);
}

function lookedUp(store: RecordStore, id: string, fieldName: string): string | null {
  const definition = objectOfId(store.schema, id);
  const value = definition === null ? null : store.find(definition, id)?.[fieldName];
  return typeof value === 'string' ? value : null;
}

function moveLastActivity(store: RecordStore, id: string, date: string, moment: WriteMoment): void {
  const definition = objectOfId(store.schema, id);
  if (definition === null || findField(definition, 'LastActivityDate') === null) return;
  const latest = store.find(definition, id)?.['LastActivityDate'];
  if (typeof latest === 'string' && latest >= date) return;
  store.update(definition, id, { LastActivityDate: date, SystemModstamp: storedInstant(moment.nowMs) });
}
