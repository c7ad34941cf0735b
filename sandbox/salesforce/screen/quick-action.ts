/** Quick actions as shipped: the buttons of a record. Source: Metadata API Developer Guide, "QuickAction". */

import { z } from 'zod';
import { findField, findObject } from '../schema/catalogue.ts';
import type { Schema } from '../schema/catalogue.ts';
import { listOf } from './element-list.ts';

export const quickActionFile = z.object({
  label: z.string(),
  type: z.string(),
  targetObject: z.string().optional(),
  targetParentField: z.string().optional(),
  fieldOverrides: listOf(z.object({ field: z.string(), literalValue: z.string().optional(), formula: z.string().optional() })),
  quickActionLayout: z
    .object({
      quickActionLayoutColumns: listOf(
        z.union([
          z.literal(''),
          z.object({
            quickActionLayoutItems: listOf(
              z.object({ field: z.string().optional(), uiBehavior: z.enum(['Edit', 'Required', 'Readonly']).default('Edit') }),
            ),
          }),
        ]),
      ),
    })
    .optional(),
  successMessage: z.string().optional(),
});
type QuickActionFile = z.infer<typeof quickActionFile>;

export interface QuickAction {
  /** As layouts name it, such as `Deal_Registration__c.Approve`. */
  readonly name: string;
  readonly label: string;
  /** `Update` changes the record, `Create` makes one of `target`. */
  readonly kind: 'Update' | 'Create';
  readonly target: string;
  /** The lookup of a new record that leads back to the one where the button was pressed; null where there is none. */
  readonly parentField: string | null;
  readonly sets: readonly { readonly field: string; readonly value: string }[];
  readonly asks: readonly { readonly field: string; readonly behavior: 'Edit' | 'Required' | 'Readonly' }[];
  readonly successMessage: string | null;
}

/** Null for actions of other types, whose code a browser has not. Fields that the org does not have are left out. */
export function quickActionOf(schema: Schema, objectName: string, name: string, file: QuickActionFile): QuickAction | null {
  if (file.type !== 'Update' && file.type !== 'Create') return null;
  const target = findObject(schema, file.type === 'Create' ? (file.targetObject ?? '') : objectName);
  if (target === null) return null;
  const columns = file.quickActionLayout?.quickActionLayoutColumns ?? [];
  const items = columns.flatMap((column) => (column === '' ? [] : column.quickActionLayoutItems));
  return {
    name,
    label: file.label,
    kind: file.type,
    target: target.name,
    parentField: file.targetParentField === undefined ? null : (findField(target, file.targetParentField)?.name ?? null),
    sets: file.fieldOverrides.flatMap(({ field, literalValue }) => {
      const known = findField(target, field);
      return known === null || literalValue === undefined ? [] : [{ field: known.name, value: literalValue }];
    }),
    asks: items.flatMap(({ field, uiBehavior }) => {
      const known = field === undefined ? null : findField(target, field);
      return known === null ? [] : [{ field: known.name, behavior: uiBehavior }];
    }),
    successMessage: file.successMessage ?? null,
  };
}
