/** Validation rules as metadata has them. Source: Metadata API Developer Guide, "ValidationRule". */

import { z } from 'zod';
import type { Component } from '../metadata/component.ts';

const validationRuleFile = z.object({
  active: z.enum(['true', 'false']),
  errorConditionFormula: z.string(),
  errorMessage: z.string(),
  errorDisplayField: z.string().optional(),
});

export interface ValidationRule {
  readonly name: string;
  /** A save is refused where it is true. */
  readonly formula: string;
  readonly message: string;
  /** The field at which the message is shown; null for the top of the page. */
  readonly displayField: string | null;
}

/** The rule in `component`; null for one that is switched off, and for what no deployment would take. */
export function validationRuleOf(component: Component): ValidationRule | null {
  const parsed = validationRuleFile.safeParse(component.content);
  if (!parsed.success) return null;
  const { active, errorConditionFormula, errorMessage, errorDisplayField } = parsed.data;
  const name = component.fullName.split('.', 2)[1] ?? component.fullName;
  return active === 'true'
    ? { name, formula: errorConditionFormula, message: errorMessage, displayField: errorDisplayField ?? null }
    : null;
}
