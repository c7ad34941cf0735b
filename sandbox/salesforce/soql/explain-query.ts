/** How a query would be run: the answer to `?explain=`. Source: REST API Developer Guide, "Get Feedback on Query Performance". */

import { compileRestriction } from './condition.ts';
import { buildConditionTree, type ConditionTree } from './condition-tree.ts';
import { openQuery, type OpenedQuery, type Question } from './open-query.ts';
import { fieldOperand } from './operand.ts';
import { describeColumns } from './query-column.ts';
import { fromSql } from './query-scope.ts';
import { SoqlRefusal } from './refusal.ts';
import { readRows } from './statement.ts';

export type ExplainOutcome =
  { readonly kind: 'plans'; readonly answer: object } | { readonly kind: 'error'; readonly errorCode: string; readonly message: string };

/** Salesforce takes an index for selective while it leads to less than this share of an object's rows. */
const SELECTIVE_SHARE = 0.3;

/** The plans for a query, cheapest first: by the indexes that its filters could use, and by walking the whole object. Rows are counted, not estimated. */
export function explainQuery(question: Question): ExplainOutcome {
  // What is selected costs nothing, but may be refused.
  const columns = describeColumns(question);
  if (columns.kind === 'error') return columns;
  try {
    return { kind: 'plans', answer: { plans: plansOf(question, openQuery(question)), sourceQuery: question.soql } };
  } catch (error) {
    if (error instanceof SoqlRefusal) return { kind: 'error', errorCode: error.errorCode, message: error.message };
    throw error;
  }
}

function plansOf(question: Question, opened: OpenedQuery): readonly object[] {
  const { scope, query } = opened;
  const restriction = compileRestriction(scope, query);
  const count = (sql: string, values: readonly (string | number)[]) => Number(readRows(question.db, { sql, values })[0]?.[0] ?? 0);
  const cardinality = count(`SELECT COUNT(*) ${fromSql(scope)} ${restriction.sql}`, restriction.values);
  const total = count(`SELECT COUNT(*) FROM "${scope.definition.name}"`, []);
  const { indexed, unindexed } = filteredFields(opened);
  const common = { cardinality, sobjectCardinality: total, sobjectType: scope.definition.name };
  const note = (field: string) => ({
    description: 'Not considering filter for optimization because unindexed',
    fields: [field],
    tableEnumOrId: scope.definition.name,
  });
  const byIndex = indexed.map((field) => ({
    ...common,
    fields: [field],
    leadingOperationType: 'Index',
    notes: [],
    relativeCost: cost(cardinality, total),
  }));
  const scan = {
    ...common,
    fields: [],
    leadingOperationType: 'TableScan',
    notes: unindexed.map(note),
    relativeCost: 1 + cost(cardinality, total),
  };
  return [...byIndex, scan].toSorted((one, other) => one.relativeCost - other.relativeCost);
}

function cost(cardinality: number, total: number): number {
  return total === 0 ? 0 : Number((cardinality / (total * SELECTIVE_SHARE)).toPrecision(3));
}

/** The fields of the object itself that all rows have to satisfy, by whether there is an index on them. */
function filteredFields({ scope, query }: OpenedQuery): { readonly indexed: readonly string[]; readonly unindexed: readonly string[] } {
  const hasBin = scope.definition.fields.some((field) => field.name === 'IsDeleted') && !scope.context.includeDeleted;
  const tree = query.where === undefined ? null : buildConditionTree(query.where, scope.context.source, 'WHERE');
  const fields = [...new Set(tree === null ? [] : conjuncts(tree))].flatMap((path) => {
    const { column } = fieldOperand(scope, path, 'WHERE');
    return column === null || column.parents.length > 0 ? [] : [column.field];
  });
  const isIndexed = (name: string) =>
    fields.some(
      (field) =>
        field.name === name && (field.externalId || field.unique || ['id', 'reference'].includes(field.type) || INDEXED.has(field.name)),
    );
  const names = fields.map((field) => field.name);
  return {
    indexed: names.filter(isIndexed),
    unindexed: [...names.filter((name) => !isIndexed(name)), ...(hasBin ? ['IsDeleted'] : [])],
  };
}

/** Standard fields with an index of their own (help: "Make SOQL query selective"). */
const INDEXED: ReadonlySet<string> = new Set(['Name', 'CreatedDate', 'SystemModstamp', 'Email']);

function conjuncts(tree: ConditionTree): readonly string[] {
  switch (tree.kind) {
    case 'and':
      return tree.parts.flatMap(conjuncts);
    case 'or':
    case 'not':
      return [];
    case 'comparison':
      return 'field' in tree.comparison ? [tree.comparison.field] : [];
  }
}
