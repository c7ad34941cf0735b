/** A property of an object type. Source: HubSpot developer documentation, "Properties". */

import { z } from 'zod';

export const PROPERTY_TYPES = ['bool', 'date', 'datetime', 'enumeration', 'number', 'phone_number', 'string'] as const;
export const FIELD_TYPES = [
  'booleancheckbox',
  'calculation_equation',
  'checkbox',
  'date',
  'file',
  'html',
  'number',
  'phonenumber',
  'radio',
  'select',
  'text',
  'textarea',
] as const;

export const propertyOption = z.object({
  label: z.string(),
  value: z.string(),
  displayOrder: z.int().default(-1),
  hidden: z.boolean().default(false),
  description: z.string().optional(),
});
export type PropertyOption = z.infer<typeof propertyOption>;

export interface Property {
  readonly name: string;
  readonly label: string;
  readonly type: (typeof PROPERTY_TYPES)[number];
  readonly fieldType: (typeof FIELD_TYPES)[number];
  readonly groupName: string;
  readonly description: string;
  readonly options: readonly PropertyOption[];
  readonly displayOrder: number;
  readonly hasUniqueValue: boolean;
  readonly hidden: boolean;
  readonly formField: boolean;
  /** HubSpot's own; nobody can change or archive it. */
  readonly hubspotDefined: boolean;
  readonly readOnlyValue: boolean;
  /** The value follows from others of the record. */
  readonly calculated: boolean;
  /** The values are elsewhere: stages, owners. */
  readonly externalOptions: boolean;
  /** Whose ids the values are. */
  readonly referencedObjectType: 'OWNER' | null;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly archived: boolean;
}

export interface PropertyGroup {
  readonly name: string;
  readonly label: string;
  readonly displayOrder: number;
  readonly archived: boolean;
}
