import type { BatchInputPropertyCreate } from '@hubspot/api-client/lib/codegen/crm/properties/index.js';
import type { ObjectSchemaEgg } from '@hubspot/api-client/lib/codegen/crm/schemas/index.js';

/** The client has a type for the properties of a new object, and another for those of one that is there; they are the same. */
type NewProperty = BatchInputPropertyCreate['inputs'][number];

/** The properties of a new object as those of one that is there. */
export function propertiesIn(schema: ObjectSchemaEgg, group: PortalDefinition['group']): readonly NewProperty[] {
  return schema.properties.map((property) => ({ ...property, groupName: group.name }) as unknown as NewProperty);
}

/** The ids are ours: HubSpot takes those that are given, and mappings name them. https://developers.hubspot.com/docs/api-reference/2026-03/crm/pipelines/create-pipeline */
export interface NewPipeline {
  readonly pipelineId: string;
  readonly label: string;
  readonly displayOrder: number;
  readonly stages: readonly {
    readonly stageId: string;
    readonly label: string;
    readonly displayOrder: number;
    readonly metadata: Readonly<Record<string, string>>;
  }[];
}

/** What a portal has to have. */
export interface PortalDefinition {
  /** Null where nothing of ours is a custom object. */
  readonly customObject: ObjectSchemaEgg | null;
  /** By object. */
  readonly properties: Readonly<Record<string, readonly NewProperty[]>>;
  /** The group of all these properties. */
  readonly group: { readonly name: string; readonly label: string };
  /** By object. */
  readonly pipelines: Readonly<Record<string, NewPipeline>>;
  readonly associationLabels: readonly {
    readonly from: string;
    readonly to: string;
    readonly name: string;
    readonly label: string;
    readonly inverseLabel: string;
  }[];
}
