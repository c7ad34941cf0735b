/** GROUP BY ROLLUP and CUBE, which SQLite does not know: one SELECT for each grouping set, one after the other. Source: SOQL and SOSL Reference, "GROUP BY ROLLUP", "GROUP BY CUBE", "GROUPING". */

import type { OrderTerm } from './ordering.ts';
import { isText, type Operand } from './operand.ts';
import { SoqlRefusal } from './refusal.ts';
import { GROUPING_FUNCTION, type SqlPart } from './sql-part.ts';

export type GroupingKind = 'plain' | 'rollup' | 'cube';

/** Salesforce takes at most three fields in either. */
const MOST_FIELDS = 3;

export interface GroupedSelect {
  readonly groups: readonly Operand[];
  readonly selected: readonly Operand[];
  /** FROM, joins and WHERE. */
  readonly body: SqlPart;
  readonly having: SqlPart;
  readonly order: readonly OrderTerm[];
  /** LIMIT and OFFSET. */
  readonly window: string;
}

/** Subtotals have null in the fields over which they go. Without an order, they follow what they sum up. */
export function selectGroupingSets(kind: Exclude<GroupingKind, 'plain'>, select: GroupedSelect): SqlPart {
  const { groups, selected, body, having, order, window } = select;
  if (groups.length > MOST_FIELDS)
    throw new SoqlRefusal(
      'MALFORMED_QUERY',
      `GROUP BY ${kind.toUpperCase()} takes at most ${MOST_FIELDS} fields, and names ${groups.length}`,
    );
  const terms = order.length > 0 ? order : groups.flatMap(defaultTerms);
  const sets = groupingSets(kind, groups.length);
  const selects = sets.map((set) => {
    const inSet = (sql: string) => withGroupingsKnown(sql, groups, set);
    const shown = (operand: { readonly sql: string }) => {
      const index = groups.findIndex((group) => isOf(operand.sql, group));
      return index === -1 || set.has(index) ? inSet(operand.sql) : 'NULL';
    };
    const columns = [
      ...selected.map((operand, slot) => `${shown(operand)} AS c${slot}`),
      ...terms.map((term, slot) => `${shown(term)} AS o${slot}`),
    ];
    const by = groups.flatMap((group, index) => (set.has(index) ? [group.sql] : []));
    const tail = by.length > 0 ? `GROUP BY ${by.join(', ')}` : '';
    return [`SELECT ${columns.join(', ')} ${body.sql}`, tail, having.sql === '' ? '' : `HAVING ${inSet(having.sql)}`]
      .filter((part) => part !== '')
      .join(' ');
  });
  const wanted = selected.map((_operand, slot) => `c${slot}`).join(', ');
  const sorted = terms.map(({ collation, direction }, slot) => `o${slot}${collation}${direction}`).join(', ');
  return {
    sql: `SELECT ${wanted} FROM (${selects.join(' UNION ALL ')}) ORDER BY ${sorted} ${window}`,
    values: sets.flatMap(() => [...body.values, ...having.values]),
  };
}

/** The indexes of the fields by which each set groups, the finest first. */
function groupingSets(kind: Exclude<GroupingKind, 'plain'>, count: number): readonly ReadonlySet<number>[] {
  const all = Array.from({ length: count }, (_each, index) => index);
  if (kind === 'rollup') return Array.from({ length: count + 1 }, (_each, left) => new Set(all.slice(0, count - left)));
  return Array.from({ length: 2 ** count }, (_each, mask) => new Set(all.filter((index) => (mask & (1 << index)) === 0)));
}

function withGroupingsKnown(sql: string, groups: readonly Operand[], set: ReadonlySet<number>): string {
  return groups.reduce((text, group, index) => text.replaceAll(`${GROUPING_FUNCTION}(${group.sql})`, set.has(index) ? '0' : '1'), sql);
}

/** A label or a sort key of a grouped field goes with the field. */
function isOf(sql: string, group: Operand): boolean {
  return sql === group.sql || (/^\(?CASE /.test(sql) && sql.includes(group.sql));
}

function defaultTerms(group: Operand): readonly OrderTerm[] {
  return [
    { sql: `${GROUPING_FUNCTION}(${group.sql})`, collation: '', direction: '' },
    { sql: group.sql, collation: isText(group.type) ? ' COLLATE NOCASE' : '', direction: '' },
  ];
}
