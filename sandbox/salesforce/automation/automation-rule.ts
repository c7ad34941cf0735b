/** Automation on request: what flows and triggers of an org do to records that others write. The rules are set by a control call. */

import { z } from 'zod';
import { compileFormula } from '../formula/compile.ts';
import type { Evaluation, Expression } from '../formula/expression.ts';
import { findField, findObject } from '../schema/catalogue.ts';
import type { Schema } from '../schema/catalogue.ts';
import type { SObjectDefinition } from '../schema/definition.ts';
import type { FieldUpdate } from '../schema/field-update.ts';
import type { RecordStore } from '../store/record-store.ts';

const literal = z.union([z.string(), z.number(), z.boolean(), z.null()]);

export const automationRule = z.strictObject({
  sobject: z.string(),
  /** Which saves start it. */
  on: z.enum(['create', 'update', 'save']).default('save'),
  /** Within the save and by its user, as a flow before the save; or after its commit, in a transaction of its own. */
  when: z.enum(['inSave', 'later']),
  /** A formula; without one, every such save. */
  condition: z.string().default('TRUE'),
  set: z.record(z.string(), z.union([literal, z.strictObject({ formula: z.string() })])),
  /** Who writes later: the alias of a user, where it is not whoever saved. */
  as: z.string().optional(),
});
export type AutomationRule = z.infer<typeof automationRule>;

const SETTING = 'automation';
const conditions = new WeakMap<SObjectDefinition, Map<string, Expression>>();

export function setAutomation(store: RecordStore, rules: readonly AutomationRule[]): void {
  store.writeMeta(SETTING, JSON.stringify(rules));
}

/** The rules for records of `objectName`, of both kinds. */
export function automationOf(store: RecordStore, objectName: string): readonly AutomationRule[] {
  const text = store.readMeta(SETTING);
  if (text === null) return [];
  const rules = JSON.parse(text) as readonly AutomationRule[];
  return rules.filter((rule) => rule.sobject.toLowerCase() === objectName.toLowerCase());
}

/** What is wrong with `rule` in this org; null where nothing is. */
export function problemOfRule(schema: Schema, rule: AutomationRule): string | null {
  const definition = findObject(schema, rule.sobject);
  if (definition === null) return `unknown sobject ${rule.sobject}`;
  const unknown = Object.keys(rule.set).find((name) => findField(definition, name) === null);
  if (unknown !== undefined) return `${rule.sobject} has no field ${unknown}`;
  const formulas = Object.values(rule.set).flatMap((value) => (typeof value === 'object' && value !== null ? [value.formula] : []));
  for (const [formula, type] of [[rule.condition, 'Boolean'] as const, ...formulas.map((each) => [each, null] as const)]) {
    const compilation = compileFormula(formula, { schema, definition }, type);
    if (compilation.kind === 'refused') return `${formula}: ${compilation.problem}`;
  }
  return null;
}

/** True where this save starts the rule. @throws FormulaFailure */
export function isStarted(schema: Schema, definition: SObjectDefinition, rule: AutomationRule, at: Evaluation): boolean {
  if (rule.on !== 'save' && (rule.on === 'create') !== (at.before === null)) return false;
  return conditionOf(schema, definition, rule.condition)?.evaluate(at) === true;
}

export function updatesOf({ set }: AutomationRule): readonly FieldUpdate[] {
  return Object.entries(set).map(([field, value]) => ({ name: field, field, to: targetOf(value) }));
}

function targetOf(value: AutomationRule['set'][string]): FieldUpdate['to'] {
  if (value === null) return { kind: 'null' };
  return typeof value === 'object' ? { kind: 'formula', formula: value.formula } : { kind: 'literal', value: String(value) };
}

function conditionOf(schema: Schema, definition: SObjectDefinition, formula: string): Expression | null {
  const known = conditions.get(definition) ?? new Map<string, Expression>();
  conditions.set(definition, known);
  const seen = known.get(formula);
  if (seen !== undefined) return seen;
  const compilation = compileFormula(formula, { schema, definition }, 'Boolean');
  if (compilation.kind === 'refused') return null;
  known.set(formula, compilation.expression);
  return compilation.expression;
}
