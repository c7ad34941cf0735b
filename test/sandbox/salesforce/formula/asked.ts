/** Formulas asked of records that were never stored. */

import { compileFormula } from '../../../../sandbox/salesforce/formula/compile.ts';
import { FormulaFailure, type FormulaValue } from '../../../../sandbox/salesforce/formula/expression.ts';
import { buildSchema } from '../../../../sandbox/salesforce/schema/catalogue.ts';
import type { SObjectDefinition } from '../../../../sandbox/salesforce/schema/definition.ts';
import type { StoredRow } from '../../../../sandbox/salesforce/store/record-store.ts';

const SCHEMA = buildSchema([]);
export const NOW = '2026-03-02T09:30:15.000Z';
export const USER_ID = '005010000000001AAA';

/** Rows by id, for parents. */
export type Rows = Readonly<Record<string, StoredRow>>;

export interface Asked {
  readonly row?: StoredRow;
  readonly before?: StoredRow | null;
  readonly rows?: Rows;
}

function definitionOf(name: string): SObjectDefinition {
  const definition = SCHEMA.get(name.toLowerCase());
  if (definition === undefined) throw new Error(`there is no ${name}`);
  return definition;
}

/** What `source` comes to on an opportunity, in plain values: numbers as text, dates and times as ISO text, or `failed: …`. */
export function ask(source: string, { row = {}, before = null, rows = {} }: Asked = {}): string | boolean | null {
  const compilation = compileFormula(source, { schema: SCHEMA, definition: definitionOf('Opportunity') }, null);
  if (compilation.kind === 'refused') throw new Error(compilation.problem);
  const { type, evaluate } = compilation.expression;
  try {
    const value = evaluate({ row, before, userId: USER_ID, nowMs: Date.parse(NOW), find: (_definition, id) => rows[id] ?? null });
    return plain(type, value);
  } catch (error) {
    if (error instanceof FormulaFailure) return `failed: ${error.message}`;
    throw error;
  }
}

function plain(type: string, value: FormulaValue): string | boolean | null {
  if (value === null || typeof value === 'boolean') return value;
  if (type === 'Date') return new Date(Number(value)).toISOString().slice(0, 10);
  return type === 'DateTime' ? new Date(Number(value)).toISOString() : String(value);
}

/** Why `source` cannot be the condition of a rule for opportunities; null where it can. */
export function problemOf(source: string): string | null {
  const compilation = compileFormula(source, { schema: SCHEMA, definition: definitionOf('Opportunity') }, 'Boolean');
  return compilation.kind === 'refused' ? compilation.problem : null;
}
