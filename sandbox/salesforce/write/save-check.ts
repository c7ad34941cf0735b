/** What an org asks of a record before it saves it. Source: Apex Developer Guide, "Triggers and Order of Execution". */

import { holdsCustomPermission } from '../access/custom-permission.ts';
import { automationOf } from '../automation/automation-rule.ts';
import type { AutomationRule } from '../automation/automation-rule.ts';
import { valuesInSave } from '../automation/run-automation.ts';
import { findDuplicate } from '../duplicate/find-duplicate.ts';
import type { Evaluation } from '../formula/expression.ts';
import { FormulaFailure } from '../formula/expression.ts';
import type { SObjectDefinition } from '../schema/definition.ts';
import type { RecordStore, StoredRow } from '../store/record-store.ts';
import { duplicateValue, requiredFieldsMissing } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import { automationFailed } from '../wire/rule-error.ts';
import type { WriteMoment } from './field-history.ts';
import { refuseSetup } from './permitted.ts';
import { refuseKind } from './record-kind.ts';
import { refusalOf, refusedFor } from './save-outcome.ts';
import type { Refusal } from './save-outcome.ts';
import { findBrokenRules } from './validation.ts';

export interface Save {
  /** As it would be saved. */
  readonly row: StoredRow;
  /** As it was; null for a new record. */
  readonly before: StoredRow | null;
  /** The columns that this write sets. */
  readonly sets: StoredRow;
  /** Values that were refused while the body was read. */
  readonly problems: readonly ApiError[];
  readonly moment: WriteMoment;
}

export interface AutomatedSave extends Save {
  readonly kind: 'save';
  readonly automation: readonly AutomationRule[];
  /** What the org's automation set within the save. */
  readonly automated: StoredRow;
}

/** `save` with what the org's automation makes of it, which may fill what is required; refused where a value did not fit in the first place. */
export function automate(store: RecordStore, definition: SObjectDefinition, save: Save): AutomatedSave | Refusal {
  const refusal = save.problems.length === 0 ? null : refusalOf([...save.problems, ...findMissing(definition, save)]);
  if (refusal !== null) return refusal;
  const automation = automationOf(store, definition.name);
  // The common case, and the one of loads: nothing is copied.
  if (automation.length === 0) return { ...save, kind: 'save', automation, automated: {} };
  try {
    const automated = valuesInSave(store, definition, automation, evaluationOf(store, save));
    return { ...save, kind: 'save', automation, row: { ...save.row, ...automated }, sets: { ...save.sets, ...automated }, automated };
  } catch (error) {
    if (error instanceof FormulaFailure) return refusedFor(automationFailed(error.message));
    throw error;
  }
}

export function evaluationOf(store: RecordStore, { row, before, moment: { userId, nowMs } }: Save): Evaluation {
  return { row, before, userId, nowMs, find: store.find, holds: (name) => holdsCustomPermission(store, userId, name) };
}

/** Why `save` is refused, null where it is not. Each step tells all that it finds, and the next one is not asked. */
export function checkSave(store: RecordStore, definition: SObjectDefinition, save: Save): Refusal | null {
  const { row, before, sets, moment } = save;
  const id = before === null ? null : String(before['Id']);
  return (
    refusalOf(findMissing(definition, save)) ??
    refusalOf([refuseKind(definition, row, sets) ?? refuseSetup(store, definition, row, id) ?? []].flat()) ??
    refusalOf(findBrokenRules(store.schema, definition, evaluationOf(store, save))) ??
    refusalOf([findDuplicate(store, definition, { row, before }, moment)].flatMap((error) => error ?? [])) ??
    refusalOf(findTaken(store, definition, save))
  );
}

/** Required fields without a value; one whose value does not fit is told as that. */
function findMissing(definition: SObjectDefinition, { row, before, sets, problems }: Save): readonly ApiError[] {
  const told = new Set(problems.flatMap(({ fields = [] }) => fields));
  const missing = definition.fields
    .filter((field) => !field.nillable && field.createable && field.type !== 'boolean' && (row[field.name] ?? null) === null)
    .filter((field) => (before === null || field.name in sets) && !told.has(field.name))
    .map((field) => field.name);
  return missing.length > 0 ? [requiredFieldsMissing(missing)] : [];
}

/** The first unique value that another record has: the database finds it, at the end. */
function findTaken(store: RecordStore, definition: SObjectDefinition, { before, sets }: Save): readonly ApiError[] {
  for (const field of definition.fields.filter((each) => each.unique)) {
    const value = sets[field.name] ?? null;
    const other = value === null ? undefined : store.findBy(definition, field.name, value, 2).find((each) => each['Id'] !== before?.['Id']);
    if (other !== undefined) return [duplicateValue(field, String(other['Id']))];
  }
  return [];
}
