/** Runs a search over what the index shows at the moment. */

import type { Portal } from '../portal.ts';
import type { ObjectDefinition } from '../schema/object-type.ts';
import { recordOf } from '../store/record-store.ts';
import type { StoredRecord } from '../store/record-store.ts';
import { invalid, isRefusal } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import { compileFilter, operandOf } from './compile-filter.ts';
import type { Condition } from './compile-filter.ts';
import type { SearchRequest } from './search-request.ts';

const EVERYTHING: Condition = { sql: 'TRUE', values: [] };

export interface SearchResult {
  readonly total: number;
  readonly records: readonly StoredRecord[];
}

/** The page of `request` from `start` on. Groups are alternatives, the filters of a group hold together. */
export function runSearch(portal: Portal, definition: ObjectDefinition, request: SearchRequest, start: number): SearchResult | ApiError {
  portal.records.bringIndexUpTo(portal.clock.now());
  const groups: Condition[] = [];
  for (const { filters } of request.filterGroups) {
    const conditions: Condition[] = [];
    for (const filter of filters) {
      const condition = compileFilter(definition, filter);
      if (isRefusal(condition)) return condition;
      conditions.push(condition);
    }
    groups.push(conditions.length === 0 ? EVERYTHING : joined(conditions, 'AND'));
  }
  const order = orderOf(definition, request);
  if (isRefusal(order)) return order;
  const all = [{ sql: 'object = ?', values: [definition.type.id] }, queryCondition(definition, request.query), joined(groups, 'OR')];
  const { sql, values } = joined(
    all.filter((condition) => condition.sql !== ''),
    'AND',
  );
  const total = Number(portal.db.select(`SELECT count(*) AS n FROM search_row WHERE ${sql}`, ...values)[0]?.['n'] ?? 0);
  const rows = portal.db.select(
    `SELECT * FROM search_row WHERE ${sql} ORDER BY ${order} LIMIT ? OFFSET ?`,
    ...values,
    request.limit,
    start,
  );
  return { total, records: rows.map(recordOf) };
}

function joined(conditions: readonly Condition[], word: 'AND' | 'OR'): Condition {
  return {
    sql: conditions.map(({ sql }) => `(${sql})`).join(` ${word} `),
    values: conditions.flatMap(({ values }) => values),
  };
}

/** Words are looked for at the beginnings of the words of the searchable properties, all of them together. */
function queryCondition({ type }: ObjectDefinition, query: string): Condition {
  if (query.trim() === '' || type.searchableProperties.length === 0) return { sql: '', values: [] };
  const text = type.searchableProperties.map((name) => `coalesce(json_extract(properties, '$.${name}'), '')`).join(` || ' ' || `);
  return { sql: `has_prefixes(${text}, ?) = 1`, values: [query] };
}

/** Without a sort, the oldest come first. Equal values are ordered by id, so that pages do not overlap. */
function orderOf(definition: ObjectDefinition, { sorts }: SearchRequest): string | ApiError {
  const [sort] = sorts;
  if (sort === undefined) return 'created_at, id';
  const property = definition.properties.get(sort.propertyName);
  if (property === undefined || property.archived)
    return invalid(`There was a problem with the request: property ${sort.propertyName} does not exist on ${definition.type.id}`);
  return `${operandOf(definition, property).sql} ${sort.direction === 'DESCENDING' ? 'DESC' : 'ASC'}, id`;
}
