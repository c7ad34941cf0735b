/** What lies behind a query's first page: kept as it was when the query ran, so that paging neither skips nor repeats rows that change meanwhile. */

import type { Org } from '../org.ts';

/** Salesforce keeps a locator for two days. */
const LOCATOR_LIFE_MS = 2 * 24 * 60 * 60 * 1000;

/** A locator names the kept result and the row at which its page begins: `01g…-2000`. */
const LOCATOR = /^(01g[0-9A-Za-z]{15})-(\d+)$/;

export interface KeptPage {
  readonly totalSize: number;
  readonly records: readonly unknown[];
  /** The locator of the page after this one; null at the end. */
  readonly next: string | null;
}

/** Keeps the rows from `firstRow` on, which `readChunk` computes, and gives the locator of the page that begins there. */
export function keepResult(
  org: Org,
  totalSize: number,
  firstRow: number,
  readChunk: (offset: number) => { readonly records: readonly object[]; readonly more: boolean },
): string {
  const { store, clock } = org;
  const id = store.newId('01g');
  store.transaction(() => {
    dropExpired(org);
    store.run('INSERT INTO _locator (id, total_size, expires_at) VALUES (?, ?, ?)', id, totalSize, clock.now() + LOCATOR_LIFE_MS);
    let position = firstRow;
    for (let more = true; more;) {
      const chunk = readChunk(position);
      for (const record of chunk.records) {
        store.run('INSERT INTO _locator_row (locator, position, body) VALUES (?, ?, ?)', id, position, JSON.stringify(record));
        position += 1;
      }
      more = chunk.more && chunk.records.length > 0;
    }
    return true;
  });
  return `${id}-${firstRow}`;
}

/** The page at `locator`, at most `size` rows; null when the locator is malformed, unknown or expired. */
export function readPage(org: Org, locator: string, size: number): KeptPage | null {
  const [, id = '', start = '0'] = LOCATOR.exec(locator) ?? [];
  const kept = org.store.select('SELECT * FROM _locator WHERE id = ? AND expires_at > ?', id, org.clock.now())[0];
  if (kept === undefined) return null;
  const first = Number(start);
  const rows = org.store.select(
    'SELECT body FROM _locator_row WHERE locator = ? AND position >= ? ORDER BY position LIMIT ?',
    id,
    first,
    size + 1,
  );
  const records = rows.slice(0, size).map((row): unknown => JSON.parse(String(row['body'])));
  return { totalSize: Number(kept['total_size']), records, next: rows.length > size ? `${id}-${first + size}` : null };
}

function dropExpired(org: Org): void {
  org.store.run('DELETE FROM _locator_row WHERE locator IN (SELECT id FROM _locator WHERE expires_at <= ?)', org.clock.now());
  org.store.run('DELETE FROM _locator WHERE expires_at <= ?', org.clock.now());
}
