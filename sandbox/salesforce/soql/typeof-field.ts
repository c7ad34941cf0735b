/** TYPEOF: which fields of a parent are shown depends on what it is. Source: SOQL and SOSL Reference, "TYPEOF". */

import type { FieldTypeOf } from '@jetstreamapp/soql-parser-js';
import { columnOf, resolveColumn, type Entity } from './query-scope.ts';
import type { TypeChoice } from './record-plan.ts';
import { refuseAt, SoqlRefusal, unknownColumn, unknownObject } from './refusal.ts';
import { planOf, slotOf, type Selection } from './selection.ts';

/** Adds the parent to the plan: of the types that WHEN names with their fields, of all others with those of ELSE, or as null without one. */
export function addTypeof(selection: Selection, written: FieldTypeOf): void {
  const { scope, plan } = selection;
  const { entity, parents } = resolveColumn(scope, `${written.field}.Id`, 'SELECT');
  const [name] = parents;
  if (name === undefined || parents.length > 1)
    throw refuseAt(
      scope.context.source,
      written.field,
      'SELECT',
      'MALFORMED_QUERY',
      `'${written.field}' is not a relationship of the queried object`,
    );
  if (plan.parts.some((part) => part.name === name)) throw new SoqlRefusal('INVALID_FIELD', `duplicate field selected: ${name}`);
  const named = new Set(written.conditions.map((condition) => condition.objectType?.toLowerCase()));
  const choices = written.conditions.flatMap((condition) => {
    const wanted = condition.objectType?.toLowerCase();
    if (wanted !== undefined && !scope.context.schema.has(wanted)) throw unknownObject(scope.context.source, condition.objectType ?? '');
    const targets = entity.targets.filter(({ definition }) => {
      const target = definition.name.toLowerCase();
      return wanted === undefined ? !named.has(target) : target === wanted;
    });
    return targets.map((target) =>
      choiceOf(selection, entity, { ...entity, targets: [target], polymorphic: false }, condition.fieldList, wanted === undefined),
    );
  });
  plan.parts.push({ kind: 'choice', name, choices });
}

/** ELSE names fields that all types have; one that a type lacks nevertheless is null. */
function choiceOf({ scope, columns }: Selection, any: Entity, one: Entity, fields: readonly string[], isElse: boolean): TypeChoice {
  const plan = planOf(one, columns);
  for (const path of fields) {
    const common = columnOf(isElse ? any : one, path);
    if (common === null)
      throw unknownColumn(scope.context.source, path, path, isElse ? 'Name' : (one.targets[0]?.definition.name ?? 'Name'), 'SELECT');
    const { sql, field } = columnOf(one, path) ?? { sql: 'NULL', field: common.field };
    plan.parts.push({ kind: 'value', name: field.name, slot: slotOf(columns, sql), type: field.type, formatted: false, field });
  }
  return { idSlot: plan.idSlot, plan };
}
