/** Keeps `LastActivityDate` of records that tasks belong to. Source: Object Reference, Account and Opportunity, "LastActivityDate". */

import { findField, objectOfId } from '../schema/catalogue.ts';
import type { SObjectDefinition } from '../schema/definition.ts';
import type { RecordStore, StoredRow } from '../store/record-store.ts';
import { storedInstant } from '../wire/instant.ts';
import type { WriteMoment } from './field-history.ts';

/**
 * Moves the last activity of the record that `row`, a completed task, belongs to; anything else is left alone.
 * This is a system change: SystemModstamp moves, LastModifiedDate stays.
 */
export function noteActivity(store: RecordStore, definition: SObjectDefinition, row: StoredRow, moment: WriteMoment): void {
  const { WhatId: parentId, ActivityDate: date, IsClosed: isClosed } = row;
  if (definition.name !== 'Task' || typeof parentId !== 'string' || typeof date !== 'string' || isClosed !== 1) return;
  const parent = objectOfId(store.schema, parentId);
  if (parent === null || findField(parent, 'LastActivityDate') === null) return;
  const latest = store.find(parent, parentId)?.['LastActivityDate'];
  if (typeof latest === 'string' && latest >= date) return;
  store.update(parent, parentId, { LastActivityDate: date, SystemModstamp: storedInstant(moment.nowMs) });
}
