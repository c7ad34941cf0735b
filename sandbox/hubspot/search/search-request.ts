/** A search as it comes, and what it may ask. Source: HubSpot developer documentation, "Search the CRM", "Limitations". */

import { z } from 'zod';
import { invalid } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';

const operand = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const filter = z.object({
  propertyName: z.string(),
  operator: z.enum([
    'EQ',
    'NEQ',
    'LT',
    'LTE',
    'GT',
    'GTE',
    'BETWEEN',
    'IN',
    'NOT_IN',
    'HAS_PROPERTY',
    'NOT_HAS_PROPERTY',
    'CONTAINS_TOKEN',
    'NOT_CONTAINS_TOKEN',
  ]),
  value: operand.optional(),
  highValue: operand.optional(),
  values: z.array(operand).optional(),
});
export type SearchFilter = z.infer<typeof filter>;

const sort = z.union([
  z.object({ propertyName: z.string(), direction: z.enum(['ASCENDING', 'DESCENDING']).default('ASCENDING') }),
  // A bare name, with a minus for descending: what the typed clients can say.
  z.string().transform((text) => ({
    propertyName: text.replace(/^-/, ''),
    direction: text.startsWith('-') ? ('DESCENDING' as const) : ('ASCENDING' as const),
  })),
]);

export const searchRequest = z.object({
  filterGroups: z.array(z.object({ filters: z.array(filter) })).default([]),
  sorts: z.array(sort).default([]),
  query: z.string().default(''),
  properties: z.array(z.string()).nullish(),
  limit: z.coerce.number().default(10),
  after: z.union([z.string(), z.number()]).nullish(),
});
export type SearchRequest = z.infer<typeof searchRequest>;

/** How far a search can be paged. */
export const MOST_RESULTS = 10_000;
const MOST = { groups: 5, filtersOfGroup: 6, filters: 18, sorts: 1, page: 200, chars: 3000 } as const;

/** Where a search begins, or why it is refused. */
export function searchStart(request: SearchRequest, bodyChars: number): number | ApiError {
  const counts = request.filterGroups.map((group) => group.filters.length);
  const after = Number(request.after ?? 0) || 0;
  if (bodyChars > MOST.chars) return invalid(`The request has ${bodyChars} characters; at most ${MOST.chars} are allowed`);
  if (counts.length > MOST.groups) return invalid(`The number of filter groups ${counts.length} exceeds the maximum of ${MOST.groups}`);
  if (counts.some((count) => count > MOST.filtersOfGroup))
    return invalid(`The number of filters in a group exceeds the maximum of ${MOST.filtersOfGroup}`);
  if (counts.reduce((sum, count) => sum + count, 0) > MOST.filters)
    return invalid(`The number of filters exceeds the maximum of ${MOST.filters}`);
  if (request.sorts.length > MOST.sorts) return invalid(`The number of sorts exceeds the maximum of ${MOST.sorts}`);
  if (!Number.isInteger(request.limit) || request.limit < 0 || request.limit > MOST.page)
    return invalid(`limit must be between 0 and ${MOST.page}, was ${request.limit}`);
  if (!/^\d{0,15}$/.test(String(request.after ?? ''))) return invalid(`Invalid after value: ${request.after}`);
  if (after + request.limit > MOST_RESULTS)
    return invalid(`Search results are limited to ${MOST_RESULTS}; after ${after} with limit ${request.limit} lies beyond`);
  return after;
}
