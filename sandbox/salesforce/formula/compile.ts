/** Compiles formulas: once, for all records that they will be asked of. */

import type { Expression, FormulaType } from './expression.ts';
import { FormulaNumber, FormulaProblem, textOf } from './expression.ts';
import { DATE_FUNCTIONS } from './date-function.ts';
import { LOGIC_FUNCTIONS } from './logic-function.ts';
import { NUMBER_FUNCTIONS } from './number-function.ts';
import { compileBinary, compileUnary } from './operator.ts';
import { compileReference } from './reference.ts';
import type { FormulaScope } from './reference.ts';
import { checkCall } from './signature.ts';
import type { FormulaFunction } from './signature.ts';
import type { StoredRow } from '../store/record-store.ts';
import { readSyntax } from './syntax.ts';
import type { Syntax } from './syntax.ts';
import { TEXT_FUNCTIONS } from './text-function.ts';

const FUNCTIONS: ReadonlyMap<string, FormulaFunction> = new Map(
  Object.entries({ ...LOGIC_FUNCTIONS, ...TEXT_FUNCTIONS, ...NUMBER_FUNCTIONS, ...DATE_FUNCTIONS }),
);

/** Salesforce Help, "Formula Field Limits and Restrictions". */
const MOST_CHARS = 3900;
const SHOWN_TYPES: Partial<Record<FormulaType, string>> = { Boolean: 'true or false' };

export type Compilation =
  { readonly kind: 'compiled'; readonly expression: Expression } | { readonly kind: 'refused'; readonly problem: string };

/** `source` as a formula of records of `scope.definition`, which must come to the type `expected` where one is given. */
export function compileFormula(source: string, scope: FormulaScope, expected: FormulaType | null): Compilation {
  if (source.length > MOST_CHARS) {
    const count = source.length.toLocaleString('en-US');
    return { kind: 'refused', problem: `Formula is too long (${count} characters). Maximum length is 3,900 characters` };
  }
  try {
    const expression = compileSyntax(readSyntax(source), scope, MOST_NESTED);
    const { type } = expression;
    if (expected === null || type === expected || type === 'Null') return { kind: 'compiled', expression };
    const wanted = SHOWN_TYPES[expected] ?? expected;
    return { kind: 'refused', problem: `Formula result is data type (${type}), incompatible with expected data type (${wanted}).` };
  } catch (error) {
    if (error instanceof FormulaProblem) return { kind: 'refused', problem: error.message };
    throw error;
  }
}

/** `expression` as a formula field has it: blank numbers of the record itself are 0 where the field says so. */
export function withBlanks(expression: Expression, areZero: boolean, { definition }: FormulaScope): Expression {
  if (!areZero) return expression;
  const numbers = definition.fields.filter(({ type }) => ['int', 'double', 'currency', 'percent'].includes(type)).map(({ name }) => name);
  const filled = (row: StoredRow): StoredRow => ({
    ...row,
    ...Object.fromEntries(numbers.filter((name) => (row[name] ?? null) === null).map((name) => [name, 0])),
  });
  return { ...expression, evaluate: (at) => expression.evaluate({ ...at, row: filled(at.row) }) };
}

/** Formulas of other fields within a formula, each within the one before. */
const MOST_NESTED = 10;

function compileSyntax(syntax: Syntax, scope: FormulaScope, nested: number): Expression {
  switch (syntax.kind) {
    case 'number': {
      const literal = new FormulaNumber(syntax.text);
      return { type: 'Number', literal, evaluate: () => literal };
    }
    case 'text': {
      const value = textOf(syntax.text);
      return { type: 'Text', literal: syntax.text, evaluate: () => value };
    }
    case 'word': {
      const { word } = syntax;
      return word === 'NULL' ? { type: 'Null', evaluate: () => null } : { type: 'Boolean', evaluate: () => word === 'TRUE' };
    }
    case 'name':
      return compileReference(scope, syntax.path, ({ name, formula }) => {
        if (nested === 0) throw new FormulaProblem(`Field ${name} refers to itself, or to too many other formulas`);
        return withBlanks(compileSyntax(readSyntax(formula?.text ?? ''), scope, nested - 1), formula?.blanksAreZero === true, scope);
      });
    case 'unary':
      return compileUnary(syntax.operator, compileSyntax(syntax.operand, scope, nested));
    case 'binary':
      return compileBinary(syntax.operator, compileSyntax(syntax.left, scope, nested), compileSyntax(syntax.right, scope, nested));
    case 'call': {
      const known = FUNCTIONS.get(syntax.name);
      if (known === undefined) throw new FormulaProblem(`Unknown function ${syntax.name}. Check spelling.`);
      const args = syntax.args.map((arg) => compileSyntax(arg, scope, nested));
      checkCall(syntax.name, known, args);
      return known.compile(args);
    }
  }
}
