/** Whether a record enters a process or a step. Source: Metadata API Developer Guide, "FilterItem"; formulas as validation rules have them. */

import { compileFormula } from '../formula/compile.ts';
import type { Evaluation } from '../formula/expression.ts';
import type { FormulaScope } from '../formula/reference.ts';
import { findField } from '../schema/catalogue.ts';
import type { Criteria } from '../schema/approval-process.ts';
import type { SObjectField } from '../schema/definition.ts';
import type { StoredValue } from '../store/record-store.ts';

type Test = (at: Evaluation) => boolean;
type Comparison = (value: string, wanted: string, order: number) => boolean;
type Item = Criteria['criteriaItems'][number];

const compiled = new WeakMap<Criteria, Test>();
const COMPARISONS: Readonly<Record<string, Comparison>> = {
  equals: (value, wanted) => value === wanted,
  notEqual: (value, wanted) => value !== wanted,
  lessThan: (_value, _wanted, order) => order < 0,
  greaterThan: (_value, _wanted, order) => order > 0,
  lessOrEqual: (_value, _wanted, order) => order <= 0,
  greaterOrEqual: (_value, _wanted, order) => order >= 0,
  contains: (value, wanted) => value.includes(wanted),
  notContain: (value, wanted) => !value.includes(wanted),
  startsWith: (value, wanted) => value.startsWith(wanted),
};
const NEGATIVE = new Set(['notEqual', 'notContain']);

/** What is wrong with `criteria`, in words; null where nothing is. */
export function problemOfCriteria(criteria: Criteria, scope: FormulaScope): string | null {
  if (criteria.booleanFilter !== undefined) return 'booleanFilter of criteria is not built in this sandbox';
  if (criteria.formula !== undefined) {
    const compilation = compileFormula(criteria.formula, scope, 'Boolean');
    return compilation.kind === 'compiled' ? null : compilation.problem;
  }
  for (const { field, operation } of criteria.criteriaItems) {
    if (fieldOf(scope, field) === null) return `In field: field - no CustomField named ${field} found`;
    if (COMPARISONS[operation] === undefined) return `The operation ${operation} of criteria is not built in this sandbox`;
  }
  return null;
}

/** True where there are no criteria. @throws FormulaFailure where the formula cannot be evaluated. */
export function meets(criteria: Criteria | null, scope: FormulaScope, at: Evaluation): boolean {
  if (criteria === null) return true;
  const known = compiled.get(criteria);
  const test = known ?? compileCriteria(criteria, scope);
  if (known === undefined) compiled.set(criteria, test);
  return test(at);
}

function compileCriteria(criteria: Criteria, scope: FormulaScope): Test {
  if (criteria.formula !== undefined) {
    const compilation = compileFormula(criteria.formula, scope, 'Boolean');
    return compilation.kind === 'refused' ? () => false : (at) => compilation.expression.evaluate(at) === true;
  }
  const tests = criteria.criteriaItems.map((item) => compileItem(item, scope));
  return (at) => tests.every((test) => test(at));
}

/** Several values are told apart by commas: one must fit, or, where the operation denies, none. */
function compileItem({ field: name, operation, value = '' }: Item, scope: FormulaScope): Test {
  const field = fieldOf(scope, name);
  const comparison = COMPARISONS[operation];
  if (field === null || comparison === undefined) return () => false;
  const wanted = value.split(',').map((each) => each.trim().toLowerCase());
  return ({ row }) => {
    const actual = shown(field, row[field.name] ?? null);
    const fits = (each: string) => comparison(actual, each, orderOf(field, actual, each));
    return NEGATIVE.has(operation) ? wanted.every(fits) : wanted.some(fits);
  };
}

/** Criteria name fields with their object: `Account.Name`. */
function fieldOf({ definition }: FormulaScope, name: string): SObjectField | null {
  return findField(definition, name.split('.').at(-1) ?? name);
}

function shown(field: SObjectField, value: StoredValue): string {
  if (field.type === 'boolean') return value === 1 ? 'true' : 'false';
  return String(value ?? '').toLowerCase();
}

/** Not a number for what has no order, so that no comparison holds. */
function orderOf(field: SObjectField, a: string, b: string): number {
  if (a === '' || b === '') return Number.NaN;
  if (field.precision > 0) return Number(a) - Number(b);
  return a < b ? -1 : a > b ? 1 : 0;
}
