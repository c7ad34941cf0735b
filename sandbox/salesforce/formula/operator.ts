/** The operators. In rules a blank number or date equals nothing and is neither less nor more; a blank text equals the empty one. */

import type { Decimal } from 'decimal.js';
import type { Evaluation, Expression, FormulaType, FormulaValue } from './expression.ts';
import { FormulaFailure, FormulaNumber, FormulaProblem, picklistProblem, textOf } from './expression.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** @throws FormulaProblem where an operand has a type that the operator does not take. */
export function compileBinary(operator: string, left: Expression, right: Expression): Expression {
  for (const side of [left, right]) if (side.type === 'Picklist' || side.type === 'Multipicklist') throw picklistProblem(side);
  switch (operator) {
    case '&&':
    case '||':
      for (const side of [left, right]) expect(operator, side, ['Boolean']);
      return compileJunction([left, right], operator === '||');
    case '&':
      for (const side of [left, right]) expect(operator, side, ['Text']);
      return joined(left, right);
    case '=':
    case '<>':
      return compileEquality(operator, left, right);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return compileOrdering(operator, left, right);
    case '+':
    case '-':
      return compileSum(operator, left, right);
    default:
      for (const side of [left, right]) expect(operator, side, ['Number']);
      return { type: 'Number', evaluate: calculation(operator, left, right) };
  }
}

/** @throws FormulaProblem where the operand has another type. */
export function compileUnary(operator: string, operand: Expression): Expression {
  if (operator === '!') {
    expect('!', operand, ['Boolean']);
    return compileNot(operand);
  }
  expect(operator, operand, ['Number']);
  if (operator === '+') return operand;
  return { type: 'Number', evaluate: (at) => (operand.evaluate(at) as Decimal | null)?.neg() ?? null };
}

export function compileNot(operand: Expression): Expression {
  return {
    type: 'Boolean',
    evaluate: (at) => {
      const value = operand.evaluate(at);
      return value === null ? null : value !== true;
    },
  };
}

/** AND, or OR where one of `operands` `decides` by being true. What comes after the decision is not evaluated, and cannot fail. */
export function compileJunction(operands: readonly Expression[], decides: boolean): Expression {
  return {
    type: 'Boolean',
    evaluate: (at) => {
      for (const operand of operands) if ((operand.evaluate(at) === true) === decides) return decides;
      return !decides;
    },
  };
}

/** True where both stand for the same; blank texts are equal to each other, and to nothing else that is blank. */
export function areEqual(a: FormulaValue, b: FormulaValue, type: FormulaType): boolean {
  if (type === 'Text' || type === 'Picklist') return (a ?? '') === (b ?? '');
  if (a === null || b === null) return false;
  return type === 'Number' ? (a as Decimal).eq(b as Decimal) : a === b;
}

/** The type that both have, NULL fitting any; null where they differ. */
export function commonType(a: FormulaType, b: FormulaType): FormulaType | null {
  if (a === 'Null' || a === b) return b;
  return b === 'Null' ? a : null;
}

function expect(operator: string, { type }: Expression, types: readonly FormulaType[]): void {
  if (type === 'Null' || types.includes(type)) return;
  throw new FormulaProblem(`Incorrect parameter type for operator '${operator}'. Expected ${types.join(', ')}, received ${type}`);
}

function sameType(operator: string, left: Expression, right: Expression): FormulaType {
  const type = commonType(left.type, right.type);
  if (type !== null) return type;
  throw new FormulaProblem(`Incorrect parameter type for operator '${operator}'. Expected ${left.type}, received ${right.type}`);
}

function compileEquality(operator: '=' | '<>', left: Expression, right: Expression): Expression {
  const type = sameType(operator, left, right);
  const wanted = operator === '=';
  // The word NULL asks whether there is a value; two blank numbers are still not equal.
  if (left.type === 'Null' || right.type === 'Null') {
    return { type: 'Boolean', evaluate: (at) => ((left.evaluate(at) ?? right.evaluate(at)) === null) === wanted };
  }
  if (type === 'Text') return { type: 'Boolean', evaluate: (at) => areEqual(left.evaluate(at), right.evaluate(at), type) === wanted };
  return {
    type: 'Boolean',
    evaluate: (at) => {
      const [a, b] = [left.evaluate(at), right.evaluate(at)];
      return a !== null && b !== null && areEqual(a, b, type) === wanted;
    },
  };
}

function compileOrdering(operator: '<' | '<=' | '>' | '>=', left: Expression, right: Expression): Expression {
  for (const side of [left, right]) expect(operator, side, ['Number', 'Date', 'DateTime', 'Text']);
  const type = sameType(operator, left, right);
  const holds = {
    '<': (order: number) => order < 0,
    '<=': (order: number) => order <= 0,
    '>': (order: number) => order > 0,
    '>=': (order: number) => order >= 0,
  }[operator];
  return {
    type: 'Boolean',
    evaluate: (at) => {
      const [a, b] = [left.evaluate(at), right.evaluate(at)];
      return a !== null && b !== null && holds(orderOf(a, b, type));
    },
  };
}

/** Below zero where `a` comes first. */
export function orderOf(a: NonNullable<FormulaValue>, b: NonNullable<FormulaValue>, type: FormulaType): number {
  if (type === 'Number') return (a as Decimal).cmp(b as Decimal);
  return a === b ? 0 : a < b ? -1 : 1;
}

function compileSum(operator: '+' | '-', left: Expression, right: Expression): Expression {
  if (operator === '+' && left.type === 'Text' && commonType(left.type, right.type) === 'Text') return joined(left, right);
  for (const side of [left, right]) expect(operator, side, ['Number', 'Date', 'DateTime']);
  const sign = operator === '+' ? 1 : -1;
  const isTime = (type: FormulaType) => type === 'Date' || type === 'DateTime';
  if (isTime(left.type) && isTime(right.type)) {
    if (operator === '+') throw new FormulaProblem(`Incorrect parameter type for operator '+'. Expected Number, received ${right.type}`);
    sameType(operator, left, right);
    return { type: 'Number', evaluate: whereBoth(left, right, (a, b) => new FormulaNumber(Number(a) - Number(b)).div(DAY_MS)) };
  }
  if (isTime(left.type))
    return { type: left.type, evaluate: whereBoth(left, right, (a, b) => shift(Number(a), b as Decimal, sign, left.type)) };
  if (isTime(right.type)) {
    if (operator === '-') throw new FormulaProblem(`Incorrect parameter type for operator '-'. Expected Number, received ${right.type}`);
    return { type: right.type, evaluate: whereBoth(left, right, (a, b) => shift(Number(b), a as Decimal, 1, right.type)) };
  }
  return { type: 'Number', evaluate: whereBoth(left, right, (a, b) => (a as Decimal).plus((b as Decimal).mul(sign))) };
}

/** Days are added whole to a date, and by the millisecond to a time. */
function shift(epochMs: number, days: Decimal, sign: number, type: FormulaType): number {
  const whole = type === 'Date' ? days.trunc() : days;
  return (
    epochMs +
    whole
      .mul(sign * DAY_MS)
      .round()
      .toNumber()
  );
}

function joined(left: Expression, right: Expression): Expression {
  return { type: 'Text', evaluate: (at) => textOf(`${String(left.evaluate(at) ?? '')}${String(right.evaluate(at) ?? '')}`) };
}

function calculation(operator: string, left: Expression, right: Expression): Expression['evaluate'] {
  return whereBoth(left, right, (a, b) => {
    const [x, y] = [a as Decimal, b as Decimal];
    if (operator === '*') return x.mul(y);
    if (operator === '^') {
      if (!y.isInteger()) throw new FormulaFailure('Invalid argument');
      return x.pow(y);
    }
    if (y.isZero()) throw new FormulaFailure('Division by zero');
    return x.div(y);
  });
}

/** Blank where one of both is. */
function whereBoth(
  left: Expression,
  right: Expression,
  work: (a: NonNullable<FormulaValue>, b: NonNullable<FormulaValue>) => FormulaValue,
): (at: Evaluation) => FormulaValue {
  return (at) => {
    const [a, b] = [left.evaluate(at), right.evaluate(at)];
    return a === null || b === null ? null : work(a, b);
  };
}
