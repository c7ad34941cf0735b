import { Decimal } from 'decimal.js';
import { minorUnitDecimals } from '../../currency.ts';
import type { Program } from '../program.ts';

export type Path = readonly PropertyKey[];

/** What is wrong, and where in the definition. The parser puts file and line before it. `remedy`: what to do, where it is not what its code says. */
export interface DefinitionProblem {
  readonly path: Path;
  readonly message: string;
  readonly remedy?: string;
}

/** A check over some sections of a definition. It is left out where one of them has not even its shape: what it would say of it could be wrong. */
export interface ReferenceCheck {
  readonly reads: readonly (keyof Program)[];
  readonly find: (program: Program) => readonly DefinitionProblem[];
}

/** A check that can read only the sections it names. */
export function checkOf<Section extends keyof Program>(
  reads: readonly Section[],
  find: (sections: Pick<Program, Section>) => readonly DefinitionProblem[],
): ReferenceCheck {
  return { reads, find };
}

/** Whether an id is one of those that the definition declares. */
export function checkId(path: Path, id: string, known: readonly string[]): readonly DefinitionProblem[] {
  return known.includes(id) ? [] : [unknownId(path, id, known)];
}

/** The ids of a list, each at its own place. */
export function checkIds(path: Path, ids: readonly string[] | undefined, known: readonly string[]): readonly DefinitionProblem[] {
  return (ids ?? []).flatMap((id, at) => checkId([...path, at], id, known));
}

export function unknownId(path: Path, id: string, known: readonly string[]): DefinitionProblem {
  return known.length === 0
    ? { path, message: `${id}; none is declared`, remedy: 'declare it, or leave the reference out.' }
    : { path, message: `${id}; expected one of ${known.join(', ')}`, remedy: 'declare the id, or use one that is declared.' };
}

/** Values that come a second time, at the place of the repetition. */
export function findTwice(path: Path, key: string | null, values: readonly string[]): readonly DefinitionProblem[] {
  return values.flatMap((value, at) =>
    values.indexOf(value) < at
      ? [
          {
            path: [...path, at, ...(key === null ? [] : [key])],
            message: `${value}; used before, expected once`,
            remedy: 'take one of the two out.',
          },
        ]
      : [],
  );
}

/** An amount that is finer than its currency: nothing could be of exactly that value. */
export function checkDecimals(path: Path, amount: string, currency: string): readonly DefinitionProblem[] {
  const decimals = minorUnitDecimals(currency) ?? 2;
  return new Decimal(amount).decimalPlaces() > decimals
    ? [
        {
          path,
          message: `"${amount}"; expected at most ${decimals} decimals in ${currency}`,
          remedy: 'write it as exactly as the currency can be paid.',
        },
      ]
    : [];
}
