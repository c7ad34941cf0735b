import { canonicalJson } from '../canonical-json.ts';

/** By what an element of a list is the same one in another version, the first that it has. */
const NAMES = ['id', 'name', 'kind', 'role', 'track', 'phase', 'activity', 'area', 'stage', 'measure', 'alias'] as const;

/** What each element is called, `gold`, or `other (2)` for the second of its name; null where an element has no name, as rows have none. */
export function keysOf(list: readonly unknown[]): readonly string[] | null {
  const keys: string[] = [];
  const seen = new Map<string, number>();
  for (const element of list) {
    if (typeof element !== 'object' || element === null) return null;
    const name = NAMES.map((key) => (element as Readonly<Record<string, unknown>>)[key]).find((value) => typeof value === 'string');
    if (typeof name !== 'string') return null;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    keys.push(count === 1 ? name : `${name} (${count})`);
  }
  return keys;
}

interface RowPair {
  /** In the list in which the row is, the new one where it is in both; counted from 1. */
  readonly place: number;
  readonly left: unknown;
  readonly right: unknown;
}

/** Rows of two lists side by side: equal rows stay together in their order, what stands between them is paired in order, and the rest is new or gone. */
export function alignRows(before: readonly unknown[], after: readonly unknown[]): readonly RowPair[] {
  const [left, right] = [before.map(canonicalJson), after.map(canonicalJson)];
  const anchors = [...longestCommon(left, right), [left.length, right.length] as const];
  const pairs: RowPair[] = [];
  let [from, to] = [0, 0];
  for (const [leftEnd, rightEnd] of anchors) {
    for (; from < leftEnd || to < rightEnd; from += 1, to += 1) {
      const [isLeft, isRight] = [from < leftEnd, to < rightEnd];
      pairs.push({
        place: isRight ? to + 1 : from + 1,
        left: isLeft ? before[from] : undefined,
        right: isRight ? after[to] : undefined,
      });
    }
    [from, to] = [leftEnd + 1, rightEnd + 1];
  }
  return pairs;
}

/** The places of a longest sequence that both lists have in common. */
function longestCommon(left: readonly string[], right: readonly string[]): readonly (readonly [number, number])[] {
  const lengths = Array.from({ length: left.length + 1 }, () => Array.from({ length: right.length + 1 }, () => 0));
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = left.length - 1; i >= 0; i -= 1) {
    for (let j = right.length - 1; j >= 0; j -= 1) {
      const row = lengths[i];
      if (row !== undefined) row[j] = left[i] === right[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const places: (readonly [number, number])[] = [];
  for (let i = 0, j = 0; i < left.length && j < right.length;) {
    if (left[i] === right[j]) places.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return places;
}
