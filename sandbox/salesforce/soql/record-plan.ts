import type { SObjectFieldType } from '../schema/definition.ts';
import { answerValue, formatValue } from './answer-value.ts';
import type { SqlPart } from './sql-part.ts';

/** What to read from a row of SQLite to build one record of the answer; slots are positions in the row. */
export interface RecordPlan {
  readonly idSlot: number;
  /** The slot of the object's name where a lookup may lead to several objects, else the name. */
  readonly type: { readonly slot: number } | { readonly name: string };
  readonly parts: AnswerPart[];
}

export type AnswerPart =
  | { readonly kind: 'value'; readonly name: string; readonly slot: number; readonly type: SObjectFieldType; readonly formatted: boolean }
  | { readonly kind: 'parent'; readonly name: string; readonly plan: RecordPlan }
  | { readonly kind: 'children'; readonly name: string; readonly query: ChildQuery };

/** The subquery over the children of one record; its first bound value is the record's id. */
export interface ChildQuery {
  readonly sql: SqlPart;
  readonly plan: RecordPlan;
}

export type Row = readonly unknown[];
/** Runs a child query for one parent. */
export type ReadChildren = (query: ChildQuery, parentId: string) => readonly Row[];

/** Builds the record of one row in REST form, with attributes first and fields in the order of the query. */
export function buildRecord(plan: RecordPlan, row: Row, apiVersion: string, readChildren: ReadChildren): Record<string, unknown> {
  const id = String(row[plan.idSlot]);
  const type = 'slot' in plan.type ? String(row[plan.type.slot]) : plan.type.name;
  const record: Record<string, unknown> = { attributes: { type, url: `/services/data/v${apiVersion}/sobjects/${type}/${id}` } };
  for (const part of plan.parts) {
    switch (part.kind) {
      case 'value': {
        const stored = row[part.slot];
        record[part.name] = part.formatted ? formatValue(stored, part.type) : answerValue(stored, part.type);
        break;
      }
      case 'parent':
        record[part.name] = row[part.plan.idSlot] === null ? null : buildRecord(part.plan, row, apiVersion, readChildren);
        break;
      case 'children': {
        const rows = readChildren(part.query, id);
        const records = rows.map((child) => buildRecord(part.query.plan, child, apiVersion, readChildren));
        record[part.name] = records.length === 0 ? null : { totalSize: records.length, done: true, records };
        break;
      }
    }
  }
  return record;
}
