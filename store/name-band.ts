import { sql, type RawBuilder } from 'kysely';
import { nameBands } from '../program/name-similarity.ts';

/** Candidates are cut off here, those with a shared key first, then the most alike: a name that resembles more records than this says nothing. */
export const CANDIDATES = 200;

/** What an index of names is asked for: names with one of these bands are much alike the first of `names`. Its other forms are looked up as they are. */
export function bandsOf(names: readonly string[]): readonly number[] {
  return nameBands(names[0] ?? '');
}

/** The more bands two names share, the more alike they are. */
export function sharedBands(column: RawBuilder<unknown>, bands: readonly number[]): RawBuilder<number> {
  return sql<number>`(select count(*) from unnest(${column}) as band where band = any(${bands}::int[]))`;
}
