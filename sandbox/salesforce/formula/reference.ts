/** Fields that a formula names: of the record, of its parents, and of whoever saves. Source: Salesforce Help, "Global Variables", "Cross-Object Formulas". */

import { findField, findObject, objectOfId } from '../schema/catalogue.ts';
import type { Schema } from '../schema/catalogue.ts';
import type { SObjectDefinition, SObjectField } from '../schema/definition.ts';
import type { StoredRow, StoredValue } from '../store/record-store.ts';
import type { Evaluation, Expression, FormulaType, FormulaValue } from './expression.ts';
import { FormulaNumber, FormulaProblem, textOf } from './expression.ts';

/** Where a formula looks its names up. */
export interface FormulaScope {
  readonly schema: Schema;
  readonly definition: SObjectDefinition;
}

type RowSource = (at: Evaluation) => StoredRow | null;

/** By the type of describe; every other type is text to a formula. */
const TYPES: Readonly<Record<string, FormulaType>> = {
  boolean: 'Boolean',
  int: 'Number',
  double: 'Number',
  currency: 'Number',
  percent: 'Number',
  date: 'Date',
  datetime: 'DateTime',
  picklist: 'Picklist',
  multipicklist: 'Multipicklist',
};
const ORIGIN_MS = Date.UTC(1900, 0, 1);
/** Formulas know lookups by the 15 characters that the org keeps. */
const ID_CHARS = 15;

/** Compiles the formula of a field of the record itself. @throws FormulaProblem */
export type CompileField = (field: SObjectField) => Expression;

/** @throws FormulaProblem for what does not exist. */
export function compileReference(scope: FormulaScope, path: string, compileField: CompileField): Expression {
  const [first = '', ...rest] = path.split('.');
  if (!first.startsWith('$')) {
    const found = follow(scope, scope.definition, (at) => at.row, path.split('.'));
    if (found === null) throw unknownField(path);
    // What a formula field of the record comes to is not known before it is saved, so that it is computed here; parents are read as they are.
    if (rest.length === 0 && found.field?.formula !== undefined) return { ...compileField(found.field), field: found.field };
    return { ...found, isOwn: rest.length === 0 };
  }
  const found = compileGlobal(scope, first.toLowerCase(), rest);
  if (found === null) throw unknownField(path);
  return found;
}

function unknownField(path: string): FormulaProblem {
  return new FormulaProblem(`Field ${path} does not exist. Check spelling.`);
}

function compileGlobal(scope: FormulaScope, global: string, rest: readonly string[]): Expression | null {
  const user = findObject(scope.schema, 'User');
  const ofUser = (path: readonly string[]) => (user === null ? null : follow(scope, user, (at) => at.find(user, at.userId), path));
  switch (global) {
    case '$user':
      return ofUser(rest);
    case '$profile':
    case '$userrole':
      // An org without such an object has nobody with a profile or a role.
      return ofUser([global.slice(1), ...rest]) ?? { type: 'Text', evaluate: () => null };
    case '$recordtype':
      return follow(scope, scope.definition, (at) => at.row, ['RecordType', ...rest]) ?? { type: 'Text', evaluate: () => null };
    case '$permission': {
      const name = rest.join('.');
      return { type: 'Boolean', evaluate: (at) => at.holds?.(name) ?? false };
    }
    case '$system':
      return rest.join('.').toLowerCase() === 'origindatetime' ? { type: 'DateTime', evaluate: () => ORIGIN_MS } : null;
    // Not a union: what else begins with a dollar does not exist here.
    default:
      return null;
  }
}

/** The field at the end of `path`, from the row that `source` gives; null where a step is missing. */
function follow(scope: FormulaScope, definition: SObjectDefinition, source: RowSource, path: readonly string[]): Expression | null {
  const [step = '', ...rest] = path;
  if (rest.length === 0) {
    const field = findField(definition, step);
    return field === null ? null : { ...readerOf(field, source), field };
  }
  const [relationship = '', stated] = step.split(':');
  const lookup = definition.fields.find((field) => field.relationshipName?.toLowerCase() === relationship.toLowerCase());
  for (const name of lookup?.referenceTo ?? []) {
    const parent = findObject(scope.schema, name);
    if (lookup === undefined || parent === null || (stated !== undefined && stated.toLowerCase() !== name.toLowerCase())) continue;
    const found = follow(scope, parent, parentOf(scope.schema, source, lookup, parent), rest);
    if (found !== null) return found;
  }
  return null;
}

function parentOf(schema: Schema, source: RowSource, lookup: SObjectField, parent: SObjectDefinition): RowSource {
  return (at) => {
    const id = source(at)?.[lookup.name];
    if (typeof id !== 'string') return null;
    return lookup.referenceTo.length > 1 && objectOfId(schema, id) !== parent ? null : at.find(parent, id);
  };
}

function readerOf(field: SObjectField, source: RowSource): Expression {
  const type = TYPES[field.type] ?? 'Text';
  const read = reader(field);
  return { type, evaluate: (at) => read(source(at)?.[field.name] ?? null) };
}

function reader(field: SObjectField): (value: StoredValue) => FormulaValue {
  switch (TYPES[field.type] ?? 'Text') {
    case 'Boolean':
      return (value) => value === 1;
    case 'Number': {
      // 50 % is 0.5 to a formula.
      const divisor = field.type === 'percent' ? 100 : 1;
      return (value) => (value === null ? null : new FormulaNumber(value).div(divisor));
    }
    case 'Date':
    case 'DateTime':
      return (value) => (value === null ? null : Date.parse(String(value)));
    case 'Text':
    case 'Picklist':
    case 'Multipicklist':
    case 'Null': {
      const isId = field.type === 'id' || field.type === 'reference';
      return (value) => (value === null ? null : textOf(isId ? String(value).slice(0, ID_CHARS) : String(value)));
    }
  }
}
