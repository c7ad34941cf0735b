import type { PushResult } from '../../contract.ts';

/** What one step of a job brought. */
export type Carried = Pick<PushResult, 'written' | 'unchanged' | 'refused' | 'postponed'>;

export const NOTHING_CARRIED: Carried = { written: 0, unchanged: 0, refused: 0, postponed: 0 };

export function sumOf(one: Carried, other: Carried): Carried {
  return {
    written: one.written + other.written,
    unchanged: one.unchanged + other.unchanged,
    refused: one.refused + other.refused,
    postponed: one.postponed + other.postponed,
  };
}
