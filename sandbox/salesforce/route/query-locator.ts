/** What lies behind a query's first page: its rows are chosen when it runs, so that paging neither skips nor repeats any; their values are read page by page. */

import type { Org } from '../org.ts';
import type { QueryInput } from '../soql/open-query.ts';
import { chooseIds, readRecords } from '../soql/record-page.ts';
import { IDS_IN_PACK, packIds, unpackIds } from '../store/id-list.ts';

/** Salesforce keeps a locator for two days. */
const LOCATOR_LIFE_MS = 2 * 24 * 60 * 60 * 1000;

/** A locator names the chosen rows and the one at which its page begins: `01g…-2000`. */
const LOCATOR = /^(01g[0-9A-Za-z]{15})-(\d+)$/;

/** What a locator has to know to go on with its query. */
export interface KeptQuestion {
  readonly soql: string;
  readonly includeDeleted: boolean;
  readonly userId: string;
  /** The subquery whose rows these are; empty for those of the query itself. */
  readonly place: readonly number[];
}

export interface KeptPage {
  readonly totalSize: number;
  readonly records: readonly object[];
  /** The locator of the page after this one; null at the end. */
  readonly next: string | null;
}

/** Keeps the rows of a query behind its first page of `input.limitRows`, and gives the locator of the page that begins there. */
export function keepRest(org: Org, question: KeptQuestion, input: QueryInput, totalSize: number): string {
  return keepIds(org, question, totalSize, input.limitRows, skip(chooseIds(input), input.limitRows));
}

/** Keeps `ids`, of which the first is the row `firstRow` of `totalSize`, and gives the locator of the page that begins there. */
export function keepIds(org: Org, question: KeptQuestion, totalSize: number, firstRow: number, ids: Iterable<string>): string {
  const { store, clock } = org;
  const id = store.newId('01g');
  // Packed before anything is written: the ids are read from the database that is written to.
  const packs = [...packIds(ids, firstRow)];
  store.transaction(() => {
    dropExpired(org);
    const sql = 'INSERT INTO _query_locator (id, question, total_size, expires_at) VALUES (?, ?, ?, ?)';
    store.run(sql, id, JSON.stringify(question), totalSize, clock.now() + LOCATOR_LIFE_MS);
    for (const { position, pack } of packs)
      store.run('INSERT INTO _query_locator_ids (locator, position, ids) VALUES (?, ?, ?)', id, position, pack);
    return true;
  });
  return `${id}-${firstRow}`;
}

/** The page at `locator`, at most `size` rows; null when the locator is malformed, unknown or expired. `open` asks its question again. */
export function readPage(org: Org, locator: string, size: number, open: (question: KeptQuestion) => QueryInput): KeptPage | null {
  const [, id = '', start = '0'] = LOCATOR.exec(locator) ?? [];
  const kept = org.store.select('SELECT * FROM _query_locator WHERE id = ? AND expires_at > ?', id, org.clock.now())[0];
  if (kept === undefined) return null;
  const question = JSON.parse(String(kept['question'])) as KeptQuestion;
  const totalSize = Number(kept['total_size']);
  const first = Number(start);
  const end = Math.min(first + size, totalSize);
  const records = readRecords(open(question), question.place, keptIds(org, id, first, end));
  return { totalSize, records, next: end < totalSize ? `${id}-${end}` : null };
}

function keptIds(org: Org, id: string, first: number, end: number): readonly string[] {
  const sql = 'SELECT position, ids FROM _query_locator_ids WHERE locator = ? AND position > ? AND position < ? ORDER BY position';
  return org.store.select(sql, id, first - IDS_IN_PACK, end).flatMap((row) => {
    const position = Number(row['position']);
    return unpackIds(String(row['ids'])).slice(Math.max(0, first - position), Math.max(0, end - position));
  });
}

function* skip(ids: Iterable<string>, count: number): Generator<string> {
  let left = count;
  for (const id of ids) {
    if (left > 0) left -= 1;
    else yield id;
  }
}

function dropExpired(org: Org): void {
  org.store.run('DELETE FROM _query_locator_ids WHERE locator IN (SELECT id FROM _query_locator WHERE expires_at <= ?)', org.clock.now());
  org.store.run('DELETE FROM _query_locator WHERE expires_at <= ?', org.clock.now());
}
