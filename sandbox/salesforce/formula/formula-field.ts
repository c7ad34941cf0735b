/** Formula fields: what they come to, each time they are read. Source: Salesforce Help, "Formula Field Limits and Restrictions"; Metadata API Developer Guide, "CustomField". */

import { findObject } from '../schema/catalogue.ts';
import type { Schema } from '../schema/catalogue.ts';
import type { SObjectDefinition, SObjectField } from '../schema/definition.ts';
import type { StoredRow, StoredValue } from '../store/record-store.ts';
import { storedInstant } from '../wire/instant.ts';
import { compileFormula, withBlanks } from './compile.ts';
import type { Evaluation, FormulaType, FormulaValue } from './expression.ts';
import { FormulaFailure, FormulaNumber } from './expression.ts';

/** By the types that metadata gives formula fields. */
const RESULTS: Readonly<Record<string, FormulaType>> = {
  Text: 'Text',
  Number: 'Number',
  Currency: 'Number',
  Percent: 'Number',
  Date: 'Date',
  DateTime: 'DateTime',
  Checkbox: 'Boolean',
};

/** What a formula has to come to in a field of that metadata type; null where fields of the type have no formula. */
export function resultTypeOf(metadataType: string): FormulaType | null {
  return RESULTS[metadataType] ?? null;
}

/** The stored value that the field has in the record of `at`. A formula that cannot be evaluated, such as for a division by zero, gives null. */
type Compute = (at: Evaluation) => StoredValue;

/** Definitions are replaced when the metadata changes, and what was compiled for them goes with them. */
const compiled = new WeakMap<SObjectField, Compute>();

export function computeOf(schema: Schema, definition: SObjectDefinition, field: SObjectField): Compute {
  const known = compiled.get(field);
  if (known !== undefined) return known;
  const fresh = compileField(schema, definition, field);
  compiled.set(field, fresh);
  return fresh;
}

function compileField(schema: Schema, definition: SObjectDefinition, field: SObjectField): Compute {
  const scope = { schema, definition };
  const compilation = compileFormula(field.formula?.text ?? '', scope, null);
  if (compilation.kind === 'refused') return () => (field.type === 'boolean' ? 0 : null);
  const { evaluate } = withBlanks(compilation.expression, field.formula?.blanksAreZero === true, scope);
  return (at) => {
    try {
      return storedForm(field, evaluate(at));
    } catch (error) {
      if (error instanceof FormulaFailure) return null;
      throw error;
    }
  };
}

function storedForm(field: SObjectField, value: FormulaValue): StoredValue {
  if (field.type === 'boolean') return value === true ? 1 : 0;
  if (value === null) return null;
  if (field.type === 'date') return storedInstant(Number(value)).slice(0, 10);
  if (field.type === 'datetime') return storedInstant(Number(value));
  if (field.type === 'string') return String(value).slice(0, field.length);
  // 50 % is 0.5 to a formula.
  const number = new FormulaNumber(String(value)).times(field.type === 'percent' ? 100 : 1);
  return number.toDecimalPlaces(field.scale).toNumber();
}

/** Computes `Object.Field` for a row; null for what the org does not have any more. */
export function computeNamed(schema: Schema, name: string, row: StoredRow, at: Omit<Evaluation, 'row' | 'before'>): StoredValue {
  const [object = '', fieldName = ''] = name.split('.');
  const definition = findObject(schema, object);
  const field = definition?.fields.find((each) => each.name === fieldName);
  if (definition === null || field?.formula === undefined) return null;
  return computeOf(schema, definition, field)({ ...at, row, before: null });
}
