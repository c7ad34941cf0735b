/** Functions of numbers. Source: Salesforce Help, "Formula Functions: Math". */

import { Decimal } from 'decimal.js';
import { FormulaFailure, FormulaNumber } from './expression.ts';
import type { FormulaFunction } from './signature.ts';
import { NUMBER, strict } from './signature.ts';

function ofNumber(run: (value: Decimal) => Decimal): FormulaFunction {
  return strict([NUMBER], 'Number', ([value]) => run(value as Decimal));
}

function nonNegative(run: (value: Decimal) => Decimal, isAllowed: (value: Decimal) => boolean): FormulaFunction {
  return ofNumber((value) => {
    if (!isAllowed(value)) throw new FormulaFailure('Invalid argument');
    return run(value);
  });
}

export const NUMBER_FUNCTIONS: Readonly<Record<string, FormulaFunction>> = {
  ABS: ofNumber((value) => value.abs()),
  // Towards zero and away from it, also below zero; the functions with an M go by the number line.
  FLOOR: ofNumber((value) => value.trunc()),
  CEILING: ofNumber((value) => value.toDecimalPlaces(0, Decimal.ROUND_UP)),
  MFLOOR: ofNumber((value) => value.floor()),
  MCEILING: ofNumber((value) => value.ceil()),
  ROUND: strict([NUMBER, NUMBER], 'Number', ([value, places]) => rounded(value as Decimal, places as Decimal, Decimal.ROUND_HALF_UP)),
  TRUNC: strict([NUMBER, NUMBER], 'Number', ([value, places]) => rounded(value as Decimal, places as Decimal, Decimal.ROUND_DOWN)),
  // By zero it is the number itself, not a failure.
  MOD: strict([NUMBER, NUMBER], 'Number', ([value, by]) => {
    const [dividend, divisor] = [value as Decimal, by as Decimal];
    return divisor.isZero() ? dividend : dividend.mod(divisor);
  }),
  MIN: strict([NUMBER], 'Number', (values) => FormulaNumber.min(...(values as readonly Decimal[])), { repeats: true }),
  MAX: strict([NUMBER], 'Number', (values) => FormulaNumber.max(...(values as readonly Decimal[])), { repeats: true }),
  SQRT: nonNegative(
    (value) => value.sqrt(),
    (value) => !value.isNegative(),
  ),
  LN: nonNegative(
    (value) => value.ln(),
    (value) => value.isPositive() && !value.isZero(),
  ),
  LOG: nonNegative(
    (value) => value.log(10),
    (value) => value.isPositive() && !value.isZero(),
  ),
  EXP: ofNumber((value) => value.exp()),
  PI: { takes: [], compile: () => ({ type: 'Number', evaluate: () => new FormulaNumber(Math.PI) }) },
};

/** Below zero, `places` count from the point to the left. */
function rounded(value: Decimal, places: Decimal, rounding: Decimal.Rounding): Decimal {
  const count = places.trunc().toNumber();
  if (count >= 0) return value.toDecimalPlaces(count, rounding);
  const unit = new FormulaNumber(10).pow(-count);
  return value.div(unit).toDecimalPlaces(0, rounding).mul(unit);
}
