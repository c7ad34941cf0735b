/** Asks the validation rules of an object whether a record may be saved. Source: Salesforce Help, "Validation Rules"; Apex Developer Guide, "Triggers and Order of Execution". */

import { compileFormula } from '../formula/compile.ts';
import type { Evaluation, FormulaValue } from '../formula/expression.ts';
import { FormulaFailure } from '../formula/expression.ts';
import type { Schema } from '../schema/catalogue.ts';
import type { SObjectDefinition } from '../schema/definition.ts';
import type { ValidationRule } from '../schema/validation-rule.ts';
import type { ApiError } from '../wire/api-error.ts';
import { validationFailed, validationFormulaInvalid } from '../wire/rule-error.ts';

interface CompiledRule {
  readonly rule: ValidationRule;
  readonly evaluate: (at: Evaluation) => FormulaValue;
}

/** Definitions are replaced when the metadata changes, and what was compiled for them goes with them. */
const compiled = new WeakMap<SObjectDefinition, readonly CompiledRule[]>();

/** Every rule that `at`, a record of `definition`, breaks: all of them are told together. A rule that cannot be evaluated refuses too. */
export function findBrokenRules(schema: Schema, definition: SObjectDefinition, at: Evaluation): readonly ApiError[] {
  return rulesOf(schema, definition).flatMap(({ rule, evaluate }) => {
    try {
      return evaluate(at) === true ? [validationFailed(rule.message, rule.displayField)] : [];
    } catch (error) {
      if (error instanceof FormulaFailure) return [validationFormulaInvalid(rule.name, error.message)];
      throw error;
    }
  });
}

function rulesOf(schema: Schema, definition: SObjectDefinition): readonly CompiledRule[] {
  const known = compiled.get(definition);
  if (known !== undefined) return known;
  const fresh = definition.rules.validation.map((rule): CompiledRule => {
    const compilation = compileFormula(rule.formula, { schema, definition }, 'Boolean');
    if (compilation.kind === 'compiled') return { rule, evaluate: compilation.expression.evaluate };
    // A deployment refuses such a rule; what it names may have been removed since.
    const { problem } = compilation;
    return {
      rule,
      evaluate: () => {
        throw new FormulaFailure(problem);
      },
    };
  });
  compiled.set(definition, fresh);
  return fresh;
}
