/** How a function is called: how many values of which types, and what it makes of blanks. */

import type { Expression, FormulaType, FormulaValue, Evaluation } from './expression.ts';
import { FormulaProblem, picklistProblem } from './expression.ts';

export interface FormulaFunction {
  /** The types that each parameter takes; an empty list takes every type but picklists. */
  readonly takes: readonly (readonly FormulaType[])[];
  /** How many of the last parameters may be left out. */
  readonly optional?: number;
  /** True where the last may come again and again. */
  readonly repeats?: boolean;
  /** Makes the call; the types are as `takes` says. */
  readonly compile: (args: readonly Expression[]) => Expression;
}

export const TEXT: readonly FormulaType[] = ['Text'];
export const NUMBER: readonly FormulaType[] = ['Number'];
export const BOOLEAN: readonly FormulaType[] = ['Boolean'];
export const DATE: readonly FormulaType[] = ['Date'];
export const ANY: readonly FormulaType[] = [];
export const PICKLIST: readonly FormulaType[] = ['Picklist'];

type Present = NonNullable<FormulaValue>;

/** A function that is blank wherever one of its values is. */
export function strict(
  takes: FormulaFunction['takes'],
  type: FormulaType,
  run: (values: readonly Present[], at: Evaluation) => FormulaValue,
  options: Pick<FormulaFunction, 'optional' | 'repeats'> = {},
): FormulaFunction {
  const evaluate = (args: readonly Expression[]) => (at: Evaluation) => {
    const values: Present[] = [];
    for (const arg of args) {
      const value = arg.evaluate(at);
      if (value === null) return null;
      values.push(value);
    }
    return run(values, at);
  };
  return { takes, ...options, compile: (args) => ({ type, evaluate: evaluate(args) }) };
}

/** A function of texts for which a blank is the empty text. */
export function ofTexts(count: number, type: FormulaType, run: (texts: readonly string[]) => FormulaValue): FormulaFunction {
  return {
    takes: Array.from({ length: count }, () => TEXT),
    compile: (args) => ({ type, evaluate: (at) => run(args.map((arg) => String(arg.evaluate(at) ?? ''))) }),
  };
}

/** @throws FormulaProblem where there are too few or too many, or one is of another type. */
export function checkCall(name: string, { takes, optional = 0, repeats = false }: FormulaFunction, args: readonly Expression[]): void {
  const least = takes.length - optional;
  if (args.length < least || (!repeats && args.length > takes.length)) {
    const expected = args.length < least ? least : takes.length;
    throw new FormulaProblem(`Incorrect number of parameters for function '${name}()'. Expected ${expected}, received ${args.length}`);
  }
  for (const [index, arg] of args.entries()) {
    const types = takes[Math.min(index, takes.length - 1)] ?? ANY;
    if (arg.type === 'Null' || types.includes(arg.type)) continue;
    if (arg.type === 'Picklist' || arg.type === 'Multipicklist') throw picklistProblem(arg);
    if (types.length > 0) throw wrongType(name, types, arg.type);
  }
}

export function wrongType(name: string, expected: readonly FormulaType[], received: FormulaType): FormulaProblem {
  return new FormulaProblem(`Incorrect parameter type for function '${name}()'. Expected ${expected.join(', ')}, received ${received}`);
}
