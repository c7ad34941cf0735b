import type { QueryBase } from '@jetstreamapp/soql-parser-js';
import { columnOf, typeSqlOf, type Entity, type QueryScope } from './query-scope.ts';
import type { RecordPlan } from './record-plan.ts';

/** The field list of one query while it is compiled. */
export interface Selection {
  readonly scope: QueryScope;
  readonly query: QueryBase;
  /** SQL of the columns to read, by slot. */
  readonly columns: string[];
  readonly plan: RecordPlan;
  /** The plans of the rows that are shown so far: the queried one, and parents. */
  readonly plans: Map<Entity, RecordPlan>;
  /** Which subquery this is; empty for the query itself. */
  readonly place: readonly number[];
}

/** A plan for the rows of `entity`, with nothing in it yet. */
export function planOf(entity: Entity, columns: string[]): RecordPlan {
  const idSlot = slotOf(columns, columnOf(entity, 'Id')?.sql ?? 'NULL');
  const [only] = entity.targets;
  const single = entity.targets.length === 1 && only !== undefined;
  return { idSlot, type: single ? { name: only.definition.name } : { slot: slotOf(columns, typeSqlOf(entity)) }, parts: [] };
}

/** The slot of a column, which is added where it is not among those to read. */
export function slotOf(columns: string[], sql: string): number {
  const known = columns.indexOf(sql);
  return known === -1 ? columns.push(sql) - 1 : known;
}
