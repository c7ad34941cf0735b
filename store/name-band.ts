import { sql, type RawBuilder } from 'kysely';
import type { Database, Transaction } from './database.ts';

/** Candidates are cut off here, those with a shared key first, then the most alike: a name that resembles more records than this says nothing. */
export const CANDIDATES = 200;

/** The most records that bands are let lead to, by what PostgreSQL believes of each: some more than are looked at. */
const READ = 500;

/** Where the bands of names are kept. */
const KEPT = { crm_account: 'name_bands', registration: 'customer_name_bands' } as const;
type Kept = keyof typeof KEPT;

/** How long what was read of the statistics is gone by; `analyze` runs when a tenth of a table has changed. */
const FRESH_MS = 600_000;

interface CommonBands {
  readonly readAt: number;
  /** By band how many records have it. */
  readonly records: ReadonlyMap<number, number>;
}

/** By opened database, as its adapter stands for it within transactions too. */
const remembered = new WeakMap<object, Partial<Record<Kept, CommonBands>>>();

/**
 * Those of a name's bands that its index is asked for: names with one of them are much alike.
 *
 * A band that very many names share stands for a common word (_Savings Bank_) and says next to nothing, but each of its records has to be read and ranked. So the
 * rarest bands are taken for as long as all together lead to `READ` records, and at least one: block purging of the literature on entity resolution (Papadakis et al.,
 * Comparative Analysis of Approximate Blocking Techniques for Entity Resolution, VLDB 2016). How common a band is, the statistics of `analyze` say, which autovacuum
 * keeps; a band that they do not list is rare, and before the first `analyze` all are.
 */
export async function tellingBands(db: Database | Transaction, table: Kept, bands: readonly number[]): Promise<readonly number[]> {
  if (bands.length === 0) return bands;
  const common = await commonBands(db, table);
  const rarestFirst = bands.map((band) => ({ band, records: common.get(band) ?? 0 })).sort((left, right) => left.records - right.records);
  let read = 0;
  return rarestFirst
    .filter(({ records }, index) => {
      read += records;
      return index === 0 || read <= READ;
    })
    .map(({ band }) => band);
}

/** Read once in a while: it is a list of some thousand bands, and takes longer than to look a claim's accounts up. */
async function commonBands(db: Database | Transaction, table: Kept): Promise<CommonBands['records']> {
  const opened = db.getExecutor().adapter;
  const known = remembered.get(opened)?.[table];
  if (known !== undefined && performance.now() - known.readAt < FRESH_MS) return known.records;
  const readAt = performance.now();
  const { rows } = await sql<{ band: number; records: number }>`
    select band, share * reltuples as records
    from pg_stats, pg_class, unnest(most_common_elems::text::int[], most_common_elem_freqs) as common (band, share)
    where schemaname = current_schema() and tablename = ${table} and attname = ${KEPT[table]}
      and relnamespace = current_schema()::regnamespace and relname = ${table} and band is not null`.execute(db);
  const records = new Map(rows.map(({ band, records: count }) => [band, count]));
  remembered.set(opened, { ...remembered.get(opened), [table]: { readAt, records } });
  return records;
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
