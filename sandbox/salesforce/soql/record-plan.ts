import type { SObjectField, SObjectFieldType } from '../schema/definition.ts';
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
  | {
      readonly kind: 'value';
      readonly name: string;
      readonly slot: number;
      readonly type: SObjectFieldType;
      readonly formatted: boolean;
      readonly field: SObjectField;
    }
  | { readonly kind: 'parent'; readonly name: string; readonly plan: RecordPlan }
  | { readonly kind: 'choice'; readonly name: string; readonly choices: readonly TypeChoice[] }
  | { readonly kind: 'children'; readonly name: string; readonly query: ChildQuery };

/** What TYPEOF shows of a parent that is of a type. */
export interface TypeChoice {
  /** The slot of the parent's id, which is null where the parent is of another type. */
  readonly idSlot: number;
  readonly plan: RecordPlan;
}

/** The subquery over the children of one record; its first bound value is the record's id. */
export interface ChildQuery {
  readonly sql: SqlPart;
  readonly plan: RecordPlan;
  /** Reads children by their ids, which are bound as one JSON text. */
  readonly byIds: string;
  /** Which subquery this is: its index among the parts of the plan above, and theirs before it. */
  readonly place: readonly number[];
}

export type Row = readonly unknown[];

/** The first page of one record's children. */
export interface ChildPage {
  readonly rows: readonly Row[];
  readonly totalSize: number;
  /** Where the next page is; null at the end. */
  readonly nextRecordsUrl: string | null;
}

/** Runs a child query for one parent. */
export type ReadChildren = (query: ChildQuery, parentId: string) => ChildPage;

/** Builds the record of one row in REST form, with attributes first and fields in the order of the query. */
export function buildRecord(plan: RecordPlan, row: Row, basePath: string, readChildren: ReadChildren): Record<string, unknown> {
  const id = String(row[plan.idSlot]);
  const type = 'slot' in plan.type ? String(row[plan.type.slot]) : plan.type.name;
  const record: Record<string, unknown> = { attributes: { type, url: `${basePath}/sobjects/${type}/${id}` } };
  for (const part of plan.parts) {
    switch (part.kind) {
      case 'value': {
        const stored = row[part.slot];
        record[part.name] = part.formatted ? formatValue(stored, part.type) : answerValue(stored, part.type);
        break;
      }
      case 'parent':
        record[part.name] = row[part.plan.idSlot] === null ? null : buildRecord(part.plan, row, basePath, readChildren);
        break;
      case 'choice': {
        const chosen = part.choices.find((choice) => row[choice.idSlot] !== null);
        record[part.name] = chosen === undefined ? null : buildRecord(chosen.plan, row, basePath, readChildren);
        break;
      }
      case 'children':
        record[part.name] = buildChildren(part.query, readChildren(part.query, id), basePath, readChildren);
        break;
    }
  }
  return record;
}

/** A nested answer is paged by itself; no children are null. */
function buildChildren(query: ChildQuery, page: ChildPage, basePath: string, readChildren: ReadChildren): object | null {
  if (page.rows.length === 0) return null;
  const { totalSize, nextRecordsUrl } = page;
  const records = page.rows.map((child) => buildRecord(query.plan, child, basePath, readChildren));
  return { totalSize, done: nextRecordsUrl === null, ...(nextRecordsUrl === null ? {} : { nextRecordsUrl }), records };
}
