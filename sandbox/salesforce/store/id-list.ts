/** Long lists of record ids, packed: a row of the table for every two thousand. */

import { ID_LENGTH } from '../schema/field.ts';

/** Ids in a pack, but for the last. */
export const IDS_IN_PACK = 2000;

/** The ids one behind the other, with the number of those before each pack, counted from `first`. */
export function* packIds(ids: Iterable<string>, first: number): Generator<{ readonly position: number; readonly pack: string }> {
  let position = first;
  let pack: string[] = [];
  for (const id of ids) {
    pack.push(id);
    if (pack.length < IDS_IN_PACK) continue;
    yield { position, pack: pack.join('') };
    position += pack.length;
    pack = [];
  }
  if (pack.length > 0) yield { position, pack: pack.join('') };
}

export function unpackIds(pack: string): readonly string[] {
  return Array.from({ length: pack.length / ID_LENGTH }, (_each, index) => pack.slice(index * ID_LENGTH, (index + 1) * ID_LENGTH));
}
