import type { BatchInputPropertyCreate } from '@hubspot/api-client/lib/codegen/crm/properties/index.js';
import type { ObjectSchemaEgg } from '@hubspot/api-client/lib/codegen/crm/schemas/index.js';

type NewProperty = BatchInputPropertyCreate['inputs'][number];

/** What a portal has to have, as `portal/definition.json` says it. */
export interface PortalDefinition {
  readonly customObject: ObjectSchemaEgg;
  /** By object. */
  readonly properties: Readonly<Record<string, readonly NewProperty[]>>;
  /** The group of all these properties. */
  readonly group: { readonly name: string; readonly label: string };
  readonly associationLabels: readonly {
    readonly from: string;
    readonly to: string;
    readonly name: string;
    readonly label: string;
    readonly inverseLabel: string;
  }[];
}
