/** Gives objects the rules that the metadata sets for them. */

import { approvalProcessOf } from '../schema/approval-process.ts';
import type { Schema } from '../schema/catalogue.ts';
import { duplicateRulesOf } from '../schema/duplicate-rule.ts';
import { fieldUpdatesOf } from '../schema/field-update.ts';
import type { ObjectRules } from '../schema/object-rules.ts';
import { validationRuleOf } from '../schema/validation-rule.ts';
import type { Component } from './component.ts';
import { objectNameOf } from './component.ts';

/** `schema` with the rules among `components`, each kind in the order of its names. */
export function withRules(schema: Schema, components: Iterable<Component>): Schema {
  const byObject = Map.groupBy(components, (each) => objectNameOf(each).toLowerCase());
  return new Map([...schema].map(([key, definition]) => [key, { ...definition, rules: rulesAmong(byObject.get(key) ?? []) }]));
}

function rulesAmong(components: readonly Component[]): ObjectRules {
  const ordered = components.toSorted((a, b) => (a.fullName < b.fullName ? -1 : 1));
  const ofType = (type: string) => ordered.filter((each) => each.type === type);
  return {
    validation: ofType('ValidationRule').flatMap((each) => validationRuleOf(each) ?? []),
    duplicates: duplicateRulesOf(ofType('DuplicateRule'), ofType('MatchingRules')),
    approvals: ofType('ApprovalProcess').flatMap((each) => approvalProcessOf(each) ?? []),
    fieldUpdates: ofType('Workflow').flatMap(fieldUpdatesOf),
  };
}
