/** What field updates of the org's processes come to. Source: Metadata API Developer Guide, "WorkflowFieldUpdate". */

import { compileFormula } from '../formula/compile.ts';
import type { Evaluation, FormulaType, FormulaValue } from '../formula/expression.ts';
import { FormulaFailure } from '../formula/expression.ts';
import { findField } from '../schema/catalogue.ts';
import type { SObjectDefinition, SObjectField } from '../schema/definition.ts';
import type { FieldUpdate } from '../schema/field-update.ts';
import type { RecordStore, StoredRow, StoredValue } from '../store/record-store.ts';
import { storedInstant } from '../wire/instant.ts';
import { readFieldValue } from './field-value.ts';

/** The columns that `updates` set, all of them from the record as `at` has it; fields that do not exist are left out. @throws FormulaFailure */
export function updatedValues(
  store: RecordStore,
  definition: SObjectDefinition,
  updates: readonly FieldUpdate[],
  at: Evaluation,
): StoredRow {
  return Object.fromEntries(
    updates.flatMap((update) => {
      const field = findField(definition, update.field);
      return field === null ? [] : [[field.name, valueOf(store, definition, field, update, at)] as const];
    }),
  );
}

function valueOf(store: RecordStore, definition: SObjectDefinition, field: SObjectField, { to }: FieldUpdate, at: Evaluation): StoredValue {
  switch (to.kind) {
    case 'null':
      return null;
    case 'lookup':
      return store.select('SELECT "Id" FROM "User" WHERE "Username" = ? LIMIT 1', to.username)[0]?.['Id'] ?? null;
    case 'literal':
      return fitted(field, to.value);
    case 'formula': {
      const compilation = compileFormula(to.formula, { schema: store.schema, definition }, null);
      if (compilation.kind === 'refused') throw new FormulaFailure(compilation.problem);
      const { type, evaluate } = compilation.expression;
      return fitted(field, plainValue(type, evaluate(at)));
    }
  }
}

function fitted(field: SObjectField, input: unknown): StoredValue {
  const read = readFieldValue(field, input);
  if (read.kind === 'refused') throw new FormulaFailure(read.error.message);
  return read.value;
}

/** As JSON would carry it. */
function plainValue(type: FormulaType, value: FormulaValue): unknown {
  if (value === null || typeof value === 'boolean') return value;
  if (type === 'Date') return storedInstant(Number(value)).slice(0, 10);
  return type === 'DateTime' ? storedInstant(Number(value)) : type === 'Number' ? Number(value) : String(value);
}
