import { canonicalJson } from '../canonical-json.ts';
import { alignRows, keysOf } from './list-identity.ts';
import type { Program } from './program.ts';

/** One place in which two definitions differ. `undefined`: there is nothing on that side. */
export interface Change {
  /** `governance.ladder[director].deadline`: elements of lists are named by what they are, rows by their place, counted from 1. */
  readonly path: string;
  readonly kind: 'changed' | 'new' | 'gone' | 'order';
  readonly before: unknown;
  readonly after: unknown;
}

/**
 * Everything in which `after` differs from `before`, in the order of the definition. Values that are read as one (a duration, an amount, a condition, the outcome
 * of a situation, a list of words) are compared as one; elements that have an id are compared with the element of that id, wherever it stands.
 */
export function findChanges(before: Program, after: Program): readonly Change[] {
  return compare('', before, after);
}

function compare(path: string, before: unknown, after: unknown): readonly Change[] {
  if (before === undefined && after === undefined) return [];
  if (before === undefined) return [{ path, kind: 'new', before, after }];
  if (after === undefined) return [{ path, kind: 'gone', before, after }];
  if (isReadAsOne(path, before) || isReadAsOne(path, after) || Array.isArray(before) !== Array.isArray(after))
    return canonicalJson(before) === canonicalJson(after) ? [] : [{ path, kind: 'changed', before, after }];
  if (Array.isArray(before) && Array.isArray(after)) return compareLists(path, before, after);
  return compareMappings(path, before as Mapping, after as Mapping);
}

type Mapping = Readonly<Record<string, unknown>>;

function compareMappings(path: string, before: Mapping, after: Mapping): readonly Change[] {
  const keys = [...new Set([...Object.keys(after), ...Object.keys(before)])];
  return keys.flatMap((key) => compare(path === '' ? key : `${path}.${key}`, before[key], after[key]));
}

function compareLists(path: string, before: readonly unknown[], after: readonly unknown[]): readonly Change[] {
  const [keysBefore, keysAfter] = [keysOf(before), keysOf(after)];
  if (keysBefore === null || keysAfter === null)
    return alignRows(before, after).flatMap(({ place, left, right }) => compare(`${path}[${place}]`, left, right));
  const kept = keysAfter.filter((key) => keysBefore.includes(key));
  const order = keysBefore.filter((key) => keysAfter.includes(key));
  const gone = keysBefore.filter((key) => !keysAfter.includes(key));
  return [
    ...(kept.join('\n') === order.join('\n') ? [] : [{ path, kind: 'order', before: keysBefore, after: keysAfter } as const]),
    ...[...keysAfter, ...gone].flatMap((key) => compare(`${path}[${key}]`, before[keysBefore.indexOf(key)], after[keysAfter.indexOf(key)])),
  ];
}

/** Mappings that people read as one value. */
const AS_ONE = /(^|\.)(when|steps|then|minimum|maximum|least|most)$|^rules\.order\[[^\]]+\]\.on\.\w+$|^eligibility\.rows\[\d+\]$/;

function isReadAsOne(path: string, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (AS_ONE.test(path)) return true;
  if (Array.isArray(value)) return value.every((element) => isReadAsOne('', element));
  const keys = Object.keys(value);
  return keys.includes('amount') && (keys.includes('unit') || keys.includes('currency'));
}
