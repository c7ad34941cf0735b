/** How a write ended. */

import type { ApiError } from '../wire/api-error.ts';

export interface Refusal {
  readonly kind: 'refused';
  readonly error: ApiError;
  /** What else forbids it: a save tells everything that one step of it found. */
  readonly others?: readonly ApiError[];
}

export type SaveOutcome = { readonly kind: 'saved'; readonly id: string; readonly created: boolean } | Refusal;

export function refusedFor(error: ApiError, others: readonly ApiError[] = []): Refusal {
  return others.length === 0 ? { kind: 'refused', error } : { kind: 'refused', error, others };
}

/** The refusal for all of `errors`; null where there is none. */
export function refusalOf([first, ...others]: readonly ApiError[]): Refusal | null {
  return first === undefined ? null : refusedFor(first, others);
}

export function errorsOf({ error, others = [] }: Refusal): readonly ApiError[] {
  return [error, ...others];
}
