/** What is defined in the portal: object types, their properties and groups, pipelines. Small, so it is held whole; every change is stored at once. */

import type { ObjectDefinition, ObjectType } from '../schema/object-type.ts';
import type { Property, PropertyGroup } from '../schema/property.ts';
import type { Pipeline } from '../schema/pipeline.ts';
import type { Database } from './database.ts';

export interface Catalogue {
  /** By type id, name, fully qualified name or singular, in any case; null where there is none. */
  readonly find: (name: string) => ObjectDefinition | null;
  readonly all: () => readonly ObjectDefinition[];
  readonly putType: (type: ObjectType) => void;
  /** The type and everything that is defined of it. */
  readonly removeType: (typeId: string) => void;
  readonly putProperty: (typeId: string, property: Property) => void;
  readonly putGroup: (typeId: string, group: PropertyGroup) => void;
  readonly pipelines: (typeId: string) => readonly Pipeline[];
  readonly putPipeline: (typeId: string, pipeline: Pipeline) => void;
  readonly removePipeline: (typeId: string, pipelineId: string) => void;
  /** Drops what is held and reads what is stored. */
  readonly reload: () => void;
}

type Kind = 'type' | 'property' | 'group' | 'pipeline';

export function createCatalogue(db: Database): Catalogue {
  const definitions = new Map<string, ObjectDefinition>();
  const pipelines = new Map<string, Map<string, Pipeline>>();
  const keep = (kind: Kind, typeId: string, name: string, body: object) =>
    db.run(
      'INSERT INTO definition (kind, object, name, body) VALUES (?, ?, ?, ?) ON CONFLICT (kind, object, name) DO UPDATE SET body = excluded.body',
      kind,
      typeId,
      name,
      JSON.stringify(body),
    );
  const stored = (kind: Kind) => db.select('SELECT object, body FROM definition WHERE kind = ? ORDER BY rowid', kind);
  const reload = () => {
    definitions.clear();
    pipelines.clear();
    for (const { body } of stored('type')) {
      const type = JSON.parse(String(body)) as ObjectType;
      definitions.set(type.id, { type, properties: new Map(), groups: new Map() });
      pipelines.set(type.id, new Map());
    }
    for (const { object, body } of stored('property')) {
      const property = JSON.parse(String(body)) as Property;
      definitions.get(String(object))?.properties.set(property.name, property);
    }
    for (const { object, body } of stored('group')) {
      const group = JSON.parse(String(body)) as PropertyGroup;
      definitions.get(String(object))?.groups.set(group.name, group);
    }
    for (const { object, body } of stored('pipeline')) {
      const pipeline = JSON.parse(String(body)) as Pipeline;
      pipelines.get(String(object))?.set(pipeline.id, pipeline);
    }
  };
  reload();
  return {
    reload,
    find: (name) => definitions.get(name) ?? [...definitions.values()].find(({ type }) => isNameOf(type, name.toLowerCase())) ?? null,
    all: () => [...definitions.values()],
    putType: (type) => {
      keep('type', type.id, type.name, type);
      const known = definitions.get(type.id);
      definitions.set(type.id, { type, properties: known?.properties ?? new Map(), groups: known?.groups ?? new Map() });
      if (known === undefined) pipelines.set(type.id, new Map());
    },
    removeType: (typeId) => {
      db.run(`DELETE FROM definition WHERE object = ?`, typeId);
      definitions.delete(typeId);
      pipelines.delete(typeId);
    },
    putProperty: (typeId, property) => {
      keep('property', typeId, property.name, property);
      definitions.get(typeId)?.properties.set(property.name, property);
    },
    putGroup: (typeId, group) => {
      keep('group', typeId, group.name, group);
      definitions.get(typeId)?.groups.set(group.name, group);
    },
    pipelines: (typeId) => [...(pipelines.get(typeId)?.values() ?? [])].sort((a, b) => a.displayOrder - b.displayOrder),
    putPipeline: (typeId, pipeline) => {
      keep('pipeline', typeId, pipeline.id, pipeline);
      pipelines.get(typeId)?.set(pipeline.id, pipeline);
    },
    removePipeline: (typeId, pipelineId) => {
      db.run(`DELETE FROM definition WHERE kind = 'pipeline' AND object = ? AND name = ?`, typeId, pipelineId);
      pipelines.get(typeId)?.delete(pipelineId);
    },
  };
}

function isNameOf(type: ObjectType, wanted: string): boolean {
  if (type.name.toLowerCase() === wanted || type.singular.toLowerCase() === wanted) return true;
  // A custom object may be called by its bare name, or with a p and no portal before it.
  return type.isCustom && `p_${type.singular}`.toLowerCase() === wanted;
}
