import type { Filter, PublicObjectSearchRequest } from '@hubspot/api-client/lib/codegen/crm/objects/index.js';
import { asList, asObject, type JsonObject } from '../answer-shape.ts';
import { callApi } from './call.ts';
import { checkName } from './object-property.ts';
import type { Session } from './session.ts';

/** https://developers.hubspot.com/docs/api-reference/search/guide ("Limitations"). 10,000 rows is as far as a search can be paged: nothing here pages one. */
export const MOST_ROWS = 200;
export const MOST_SEARCH_CHARS = 3_000;

export interface SearchFilter {
  readonly propertyName: string;
  readonly operator: 'EQ' | 'NEQ' | 'GT' | 'GTE' | 'IN' | 'HAS_PROPERTY' | 'NOT_HAS_PROPERTY';
  readonly value?: string;
  readonly values?: readonly string[];
}

export interface Search {
  /** For the count of calls. */
  readonly operation: string;
  readonly object: string;
  /** Alternatives, of which each is a list of filters that hold together; none: everything. */
  readonly groups: readonly (readonly SearchFilter[])[];
  readonly sortBy: string;
  readonly properties: readonly string[];
  readonly limit: number;
}

export interface SearchAnswer {
  readonly records: readonly JsonObject[];
  readonly serverTimeMs: number;
}

/** The first rows of a search, ascending by `sortBy`; equal ones come in no order that HubSpot promises. Archived records are never found. */
export async function runSearch(session: Session, search: Search): Promise<SearchAnswer> {
  const answer = await callApi(session, {
    operation: search.operation,
    isSearch: true,
    isRepeatable: true,
    send: (client) => client.search().doSearchWithHttpInfo(checkName(search.object), searchBody(search)),
  });
  return { records: asList(asObject(answer.body, 'a search')['results'], 'a search'), serverTimeMs: answer.serverTimeMs };
}

/** How long the search is as HubSpot counts it. */
export function searchChars(search: Search): number {
  return JSON.stringify(searchBody(search)).length;
}

function searchBody({ groups, sortBy, properties, limit }: Search): PublicObjectSearchRequest {
  return {
    filterGroups: groups.map((filters) => ({ filters: filters.map((filter) => ({ ...filter }) as unknown as Filter) })),
    // The client declares texts, and passes on what it is given; the documented form is an object.
    sorts: [{ propertyName: sortBy, direction: 'ASCENDING' } as unknown as string],
    properties: [...properties],
    limit,
  };
}
