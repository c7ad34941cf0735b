import { CrmFailure } from '../failures.ts';
import { asList, asObject, type JsonObject } from '../answer-shape.ts';
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
  const path = `/${query.includeDeleted ? 'queryAll' : 'query'}?q=${encodeSoql(query.soql)}`;
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

/**
 * Salesforce takes 16,384 bytes of address and headers together; what is left is for the address of the org and the token.
 * https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm (414, 431)
 */
const MAX_ENCODED_LENGTH = 14_000;

/**
 * Splits `literals` so that `write(chunk)`, the query around them, stays within the length of an address. A chunk has at least one literal.
 */
export function chunkLiterals(literals: readonly string[], write: (chunk: readonly string[]) => string): readonly (readonly string[])[] {
  const room = MAX_ENCODED_LENGTH - encodeSoql(write([])).length;
  const chunks: string[][] = [];
  let used = Number.POSITIVE_INFINITY;
  for (const literal of literals) {
    const length = encodeSoql(`${literal},`).length;
    if (used + length > room) {
      chunks.push([]);
      used = 0;
    }
    chunks.at(-1)?.push(literal);
    used += length;
  }
  return chunks;
}

/**
 * A query as it stands in an address: commas as they are, which makes room for a tenth more ids, and quotes as the address would write them in any case, so
 * that the length is the true one. https://url.spec.whatwg.org/#special-query-percent-encode-set
 */
export function encodeSoql(soql: string): string {
  return encodeURIComponent(soql).replaceAll('%2C', ',').replaceAll("'", '%27');
}
