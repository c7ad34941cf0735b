/** What a query is asked with, and the query opened: parsed, and its object found. */

import type { DatabaseSync } from 'node:sqlite';
import type { Query } from '@jetstreamapp/soql-parser-js';
import type { SObjectDefinition } from '../schema/definition.ts';
import { parseSoql, type ParsedQuery } from './parse.ts';
import { openScope, type QueryContext, type QueryScope } from './query-scope.ts';

/** Who asks what of which org. */
export interface Question {
  readonly soql: string;
  /** Rows in the recycle bin are seen, as by queryAll. */
  readonly includeDeleted: boolean;
  /** Objects by lower-case name. */
  readonly schema: ReadonlyMap<string, SObjectDefinition>;
  readonly db: DatabaseSync;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly userId: string;
}

export interface QueryInput extends Question {
  /** Such as `/services/data/v66.0`; the address of every record begins with it. */
  readonly basePath: string;
  /** A page has at most so many records, nested answers too. */
  readonly limitRows: number;
  /** Keeps the ids of one record's children from the row `firstRow` on, and gives the address of the page that begins there. */
  readonly keepChildren: (place: readonly number[], firstRow: number, ids: readonly string[]) => string;
}

export interface OpenedQuery {
  readonly scope: QueryScope;
  readonly query: Query;
}

/** @throws SoqlRefusal for what is no SOQL, and for an object that the org does not have. */
export function openQuery(question: Question): OpenedQuery {
  const parsed = parseSoql(question.soql);
  return {
    query: parsed.query,
    scope: openScope(openContext(question, parsed), parsed.query.sObject ?? '', parsed.query.sObjectAlias ?? null),
  };
}

/** What the parts of one query share. */
function openContext(question: Question, parsed: ParsedQuery): QueryContext {
  let aliases = 0;
  return {
    source: parsed.source,
    schema: question.schema,
    now: question.now,
    userId: question.userId,
    includeDeleted: question.includeDeleted || parsed.allRows,
    nextAlias: () => `t${aliases++}`,
  };
}
