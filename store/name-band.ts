import { sql, type RawBuilder } from 'kysely';
import { nameBands } from '../program/name-similarity.ts';

/** Candidates are cut off here, those with a shared key first, then the most alike: a name that resembles more records than this says nothing. */
export const CANDIDATES = 200;

/** What an index of names is asked for: names with one of these bands are much alike the first of `names`. Its other forms are looked up as they are. */
export function bandsOf(names: readonly string[]): readonly number[] {
  return nameBands(names[0] ?? '');
}

/**
 * The more bands two names share, the more alike they are. Each band is a hash function of its own, so it is compared with the one in its place: that is several times
 * faster than looking every band up among all, and a common word makes thousands of rows to be sorted.
 */
export function sharedBands(column: RawBuilder<unknown>, bands: readonly number[]): RawBuilder<number> {
  if (bands.length === 0) return sql<number>`0::int`;
  const same = bands.map((band, at) => sql`(${column}[${sql.lit(at + 1)}] = ${band})::int`);
  return sql<number>`coalesce(${sql.join(same, sql` + `)}, 0)`;
}
