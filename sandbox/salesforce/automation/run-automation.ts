/** Carries automation out: within a save, and later by itself. Source: Apex Developer Guide, "Triggers and Order of Execution". */

import { holdsCustomPermission } from '../access/custom-permission.ts';
import type { Evaluation } from '../formula/expression.ts';
import { FormulaFailure } from '../formula/expression.ts';
import { objectOfId } from '../schema/catalogue.ts';
import type { SObjectDefinition } from '../schema/definition.ts';
import type { RecordStore, StoredRow } from '../store/record-store.ts';
import type { WriteMoment } from '../write/field-history.ts';
import { updatedValues } from '../write/updated-value.ts';
import { writeFields } from '../write/system-update.ts';
import { isStarted, updatesOf } from './automation-rule.ts';
import type { AutomationRule } from './automation-rule.ts';

/** What rules change in a record that is being saved; they see what those before them changed. @throws FormulaFailure */
export function valuesInSave(
  store: RecordStore,
  definition: SObjectDefinition,
  rules: readonly AutomationRule[],
  at: Evaluation,
): StoredRow {
  let values: StoredRow = {};
  for (const rule of rules) {
    if (rule.when !== 'inSave') continue;
    const seen = { ...at, row: { ...at.row, ...values } };
    if (isStarted(store.schema, definition, rule, seen)) values = { ...values, ...updatedValues(store, definition, updatesOf(rule), seen) };
  }
  return values;
}

/** Notes, in the transaction of the save, what is to follow it. */
export function noteDue(
  store: RecordStore,
  definition: SObjectDefinition,
  rules: readonly AutomationRule[],
  recordId: string,
  at: Evaluation,
  origin: string,
): void {
  for (const rule of rules) {
    if (rule.when !== 'later' || !isStartedSafely(store, definition, rule, at)) continue;
    const row = [recordId, JSON.stringify(rule), at.userId, origin] as const;
    store.run('INSERT INTO _automation_due (record_id, rule, user_id, origin) VALUES (?, ?, ?, ?)', ...row);
  }
}

/** Carries out what is due, each in a transaction of its own; what it writes starts no automation. */
export function runDue(store: RecordStore, userIdOf: (alias: string) => string | null, now: () => number): void {
  for (const due of store.select('SELECT * FROM _automation_due ORDER BY id')) {
    store.transaction(() => {
      store.run('DELETE FROM _automation_due WHERE id = ?', due['id'] ?? null);
      const rule = JSON.parse(String(due['rule'])) as AutomationRule;
      const userId = (rule.as === undefined ? null : userIdOf(rule.as)) ?? String(due['user_id']);
      writeLater(store, String(due['record_id']), rule, { userId, nowMs: now(), origin: String(due['origin']) });
      return true;
    });
  }
}

function writeLater(store: RecordStore, recordId: string, rule: AutomationRule, moment: WriteMoment): void {
  const definition = objectOfId(store.schema, recordId);
  const row = definition === null ? null : store.find(definition, recordId);
  if (definition === null || row === null || row['IsDeleted'] === 1) return;
  const at = {
    row,
    before: row,
    userId: moment.userId,
    nowMs: moment.nowMs,
    find: store.find,
    holds: (name: string) => holdsCustomPermission(store, moment.userId, name),
  };
  try {
    writeFields(store, definition, recordId, updatedValues(store, definition, updatesOf(rule), at), moment);
  } catch (error) {
    // As in an org, whose interviews fail by themselves and leave the record as it was.
    if (!(error instanceof FormulaFailure)) throw error;
  }
}

function isStartedSafely(store: RecordStore, definition: SObjectDefinition, rule: AutomationRule, at: Evaluation): boolean {
  try {
    return isStarted(store.schema, definition, rule, at);
  } catch (error) {
    if (error instanceof FormulaFailure) return false;
    throw error;
  }
}
