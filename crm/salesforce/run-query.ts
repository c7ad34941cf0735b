import { CrmFailure } from '../failures.ts';
import { asList, asObject, type JsonObject } from './answer-shape.ts';
import { callApi } from './call.ts';
import type { Session } from './session.ts';

export interface SoqlQuery {
  /** For the count of calls. */
  readonly operation: string;
  readonly soql: string;
  /** With deleted and archived rows. */
  readonly includeDeleted: boolean;
}

export interface QueryAnswer {
  readonly records: readonly JsonObject[];
  /** The CRM's clock when the query was run: that of the first page. */
  readonly serverTimeMs: number;
}

/**
 * Runs a query and returns all of its rows, page after page: jsforce's own fetching stops at 10,000 rows and says nothing.
 * Salesforce cuts pages as it likes (2,000 rows at most, fewer when they are wide), so only a missing `nextRecordsUrl` is the end.
 */
export async function runQuery(session: Session, query: SoqlQuery): Promise<QueryAnswer> {
  const path = `/${query.includeDeleted ? 'queryAll' : 'query'}?q=${encodeURIComponent(query.soql)}`;
  const first = await callApi(session, { operation: query.operation, method: 'GET', path });
  const records: JsonObject[] = [];
  let page = asObject(first.body, 'a query');
  for (;;) {
    records.push(...asList(page['records'], 'a query'));
    const next = page['nextRecordsUrl'];
    if (typeof next !== 'string') return { records, serverTimeMs: first.serverTimeMs };
    // The token goes wherever this leads, so it must stay a path of the same org.
    if (!next.startsWith('/services/data/')) throw new CrmFailure('CRM_UNAVAILABLE', 'The next page of a query lies outside the org');
    page = asObject((await callApi(session, { operation: query.operation, method: 'GET', path: next })).body, 'a query');
  }
}

/** What Salesforce takes as an address is 16,384 bytes; the rest is kept for the address of the org. */
const MAX_ENCODED_LENGTH = 14_000;

/**
 * Splits `literals` so that `write(chunk)`, the query around them, stays within the length of an address. A chunk has at least one literal.
 */
export function chunkLiterals(literals: readonly string[], write: (chunk: readonly string[]) => string): readonly (readonly string[])[] {
  const room = MAX_ENCODED_LENGTH - encodeURIComponent(write([])).length;
  const chunks: string[][] = [];
  let used = Number.POSITIVE_INFINITY;
  for (const literal of literals) {
    const length = encodeURIComponent(`${literal},`).length;
    if (used + length > room) {
      chunks.push([]);
      used = 0;
    }
    chunks.at(-1)?.push(literal);
    used += length;
  }
  return chunks;
}
