/** Page layouts as shipped. Source: Metadata API Developer Guide, "Layout". */

import { z } from 'zod';
import { findField, findObject } from '../schema/catalogue.ts';
import type { Schema } from '../schema/catalogue.ts';
import type { SObjectDefinition } from '../schema/definition.ts';
import { fieldOfColumn } from './column-name.ts';
import { listOf } from './element-list.ts';

const layoutItem = z.object({ field: z.string().optional(), behavior: z.enum(['Edit', 'Required', 'Readonly']).default('Edit') });

export const layoutFile = z.object({
  layoutSections: listOf(
    z.object({
      label: z.string().optional(),
      layoutColumns: listOf(z.union([z.literal(''), z.object({ layoutItems: listOf(layoutItem) })])),
    }),
  ),
  platformActionList: z
    .object({ platformActionListItems: listOf(z.object({ actionName: z.string(), actionType: z.string(), sortOrder: z.coerce.number() })) })
    .optional(),
  relatedLists: listOf(z.object({ relatedList: z.string(), fields: listOf(z.string()) })),
});
type LayoutFile = z.infer<typeof layoutFile>;

export interface LayoutSection {
  readonly label: string;
  /** One or two columns, top to bottom. */
  readonly columns: readonly (readonly { readonly field: string; readonly behavior: 'Edit' | 'Required' | 'Readonly' }[])[];
}

export interface Layout {
  readonly sections: readonly LayoutSection[];
  /** Names of quick actions in the order of their buttons; null where the layout does not say. */
  readonly actionNames: readonly string[] | null;
  /** What the lists of other records show that lead here by a custom lookup; other related lists have names of their own and are not read. */
  readonly relatedColumns: readonly { readonly object: string; readonly field: string; readonly columns: readonly string[] }[];
}

/** Fields that the org does not have are left out, and so are sections that are empty then, such as those of links. */
export function layoutOf(schema: Schema, definition: SObjectDefinition, file: LayoutFile): Layout {
  const sections = file.layoutSections.map((section) => ({
    label: section.label ?? '',
    columns: section.layoutColumns
      .map((column) => (column === '' ? [] : column.layoutItems))
      .map((items) => items.flatMap(({ field, behavior }) => fieldsOf(definition, field).map((name) => ({ field: name, behavior })))),
  }));
  const actions = file.platformActionList?.platformActionListItems.filter((item) => item.actionType === 'QuickAction');
  return {
    sections: sections.filter((section) => section.columns.some((column) => column.length > 0)),
    actionNames: actions?.toSorted((a, b) => a.sortOrder - b.sortOrder).map((item) => item.actionName) ?? null,
    relatedColumns: file.relatedLists.flatMap(({ relatedList, fields }) => {
      const [object = '', field = ''] = relatedList.split('.');
      const child = findObject(schema, object);
      if (child === null || findField(child, field) === null || fields.length === 0) return [];
      return [{ object: child.name, field, columns: fields.flatMap((column) => fieldOfColumn(child, column) ?? []) }];
    }),
  };
}

/** A compound address stands for its columns. */
function fieldsOf(definition: SObjectDefinition, name: string | undefined): readonly string[] {
  if (name === undefined) return [];
  const names = name.endsWith('Address')
    ? ['Street', 'City', 'State', 'PostalCode', 'Country'].map((part) => name.replace(/Address$/, part))
    : [name];
  return names.flatMap((each) => findField(definition, each)?.name ?? []);
}
