/** Whether the rules of an object can be kept: their formulas, and what they name. */

import { problemOfCriteria } from '../approval/criterion.ts';
import { compileFormula } from '../formula/compile.ts';
import { resultTypeOf } from '../formula/formula-field.ts';
import type { FormulaScope } from '../formula/reference.ts';
import { approvalProcessOf } from '../schema/approval-process.ts';
import { fieldUpdatesOf } from '../schema/field-update.ts';
import type { Component } from './component.ts';
import { textIn } from './xml.ts';

/** What forbids a validation rule. */
export function problemsOfValidation({ content }: Component, scope: FormulaScope): readonly string[] {
  const missing = ['errorConditionFormula', 'errorMessage', 'active'].filter((name) => (textIn(content, name) ?? '') === '');
  if (missing.length > 0) return missing.map((name) => `Required field is missing: ${name}`);
  return problemsOfFormula(textIn(content, 'errorConditionFormula') ?? '', scope, true);
}

/** What forbids the formula of a field. The reader is not known where fields are computed (DIFFERENCES.md). */
export function problemsOfFormulaField({ content }: Component, scope: FormulaScope): readonly string[] {
  const formula = textIn(content, 'formula') ?? '';
  const global = /\$(User|Profile|UserRole|Permission)\b/i.exec(formula)?.[0];
  if (global !== undefined) return [`${global} in formula fields is not built in this sandbox`];
  const compilation = compileFormula(formula, scope, resultTypeOf(textIn(content, 'type') ?? ''));
  return compilation.kind === 'compiled' ? [] : [compilation.problem];
}

/** What forbids the field updates of a workflow. */
export function problemsOfWorkflow(component: Component, scope: FormulaScope): readonly string[] {
  return fieldUpdatesOf(component).flatMap(({ to }) => (to.kind === 'formula' ? problemsOfFormula(to.formula, scope, false) : []));
}

/** What forbids an approval process: criteria, and field updates that the object does not have. */
export function problemsOfApproval(component: Component, scope: FormulaScope): readonly string[] {
  const process = approvalProcessOf(component);
  if (process === null) return [];
  const { steps, actions, criteria } = process;
  const ofCriteria = [criteria, ...steps.map((step) => step.criteria)].flatMap((each) =>
    each === null ? [] : (problemOfCriteria(each, scope) ?? []),
  );
  const known = new Set(scope.definition.rules.fieldUpdates.map(({ name }) => name));
  const named = [...Object.values(actions).flat(), ...steps.flatMap((step) => [...step.approvalActions, ...step.rejectionActions])];
  const { name: object } = scope.definition;
  return [
    ...ofCriteria,
    ...named.filter((name) => !known.has(name)).map((name) => `In field: action - no WorkflowFieldUpdate named ${object}.${name} found`),
  ];
}

function problemsOfFormula(formula: string, scope: FormulaScope, isCondition: boolean): readonly string[] {
  const compilation = compileFormula(formula, scope, isCondition ? 'Boolean' : null);
  return compilation.kind === 'compiled' ? [] : [compilation.problem];
}
