/** The kinds of records a portal has. */

import type { Property, PropertyGroup } from './property.ts';

export interface ObjectLabels {
  readonly singular: string;
  readonly plural: string;
}

export interface ObjectType {
  /** `0-1` for HubSpot's own, `2-N` for custom objects. */
  readonly id: string;
  /** The name in paths and in keys of associations: `contacts`, `p424242_deal_registration`. */
  readonly name: string;
  /** As it stands in errors and in names of association types: `contact`. */
  readonly singular: string;
  readonly isCustom: boolean;
  readonly labels: ObjectLabels;
  /** The names of its properties for the two stamps. */
  readonly createdProperty: string;
  readonly modifiedProperty: string;
  /** What is answered where a call asks for no properties. */
  readonly defaultProperties: readonly string[];
  /** The property of its pipeline and of its stage; null where it has no pipelines. */
  readonly pipelineProperties: { readonly pipeline: string; readonly stage: string } | null;
  readonly requiredProperties: readonly string[];
  readonly searchableProperties: readonly string[];
  readonly primaryDisplayProperty: string | null;
  readonly secondaryDisplayProperties: readonly string[];
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** An object type with everything that is defined of it. */
export interface ObjectDefinition {
  readonly type: ObjectType;
  readonly properties: Map<string, Property>;
  readonly groups: Map<string, PropertyGroup>;
}

/** HubSpot's own types that this portal does not have; their paths answer 501. */
const UNBUILT_TYPES =
  /^(tickets?|line_items?|products?|quotes?|leads?|calls?|emails?|meetings?|communications?|postal_mail|goal_targets|feedback_submissions|taxes|fees|discounts|invoices?|orders?|carts?|subscriptions|appointments?|courses?|listings?|services?|users?|0-\d+)$/i;

export function isUnbuiltType(name: string): boolean {
  return UNBUILT_TYPES.test(name);
}
