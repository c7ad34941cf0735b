/** The rules that an org sets for the records of an object. */

import type { ApprovalProcess } from './approval-process.ts';
import type { DuplicateRule } from './duplicate-rule.ts';
import type { FieldUpdate } from './field-update.ts';
import type { ValidationRule } from './validation-rule.ts';

export interface ObjectRules {
  readonly validation: readonly ValidationRule[];
  readonly duplicates: readonly DuplicateRule[];
  readonly approvals: readonly ApprovalProcess[];
  readonly fieldUpdates: readonly FieldUpdate[];
}

export const NO_RULES: ObjectRules = { validation: [], duplicates: [], approvals: [], fieldUpdates: [] };
