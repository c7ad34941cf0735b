import { asList, asObject, textOrNull, type JsonObject } from '../answer-shape.ts';
import { CrmFailure } from '../failures.ts';
import type { RemoteFieldDefinition, RemoteObjectDefinition } from '../port.ts';
import { reachTo } from './access.ts';
import type { ApiClient } from './api-client.ts';
import { associationFieldName } from './association-field.ts';
import { typesBetween } from './association-label.ts';
import { BUILT_IN } from './built-in-object.ts';
import { callApi } from './call.ts';
import { propertiesOf } from './known-properties.ts';
import { checkName, isDay, OWNERS } from './object-property.ts';
import { OWNER_DEFINITION } from './owner.ts';
import { pipelineProperties, pipelinesOf } from './pipeline.ts';
import type { Session } from './session.ts';

/**
 * The object as the portal has it now, or as it was last seen: its properties, and a field for each association and label (docs/decisions/0034). CRM_FIELD_UNKNOWN
 * where there is no such object. A new look costs a call each for the properties, the schema, the pipelines, the rights, the custom objects, and the labels to each
 * other object.
 */
export async function describe(session: Session, object: string, when: 'now' | 'last seen' = 'now'): Promise<RemoteObjectDefinition> {
  if (object === OWNERS) return OWNER_DEFINITION;
  if (when === 'now') {
    session.properties.delete(object);
    session.definitions.delete(object);
    for (const pair of session.associationTypes.keys()) if (pair.startsWith(`${object} `)) session.associationTypes.delete(pair);
  }
  const known = session.definitions.get(object);
  if (known !== undefined) return known;
  const definition = await askForDefinition(session, object);
  session.definitions.set(object, definition);
  return definition;
}

async function askForDefinition(session: Session, object: string): Promise<RemoteObjectDefinition> {
  const { fields } = await propertiesOf(session, object);
  const schema = await askForSchema(session, object);
  const required = new Set(Array.isArray(schema['requiredProperties']) ? schema['requiredProperties'] : []);
  const options = await pipelineOptions(session, object, fields);
  const properties = [...fields.values()].map((field) => ({
    ...field,
    ...options.get(field.name),
    // The write fills in a task's due date where a row has none.
    required: required.has(field.name) && field.createable && !isDay(object, field.name),
  }));
  const isWritable = (await reachTo(session, object))?.isWritable !== false;
  // Said only where it is a right that is missing.
  const rights = isWritable ? {} : { createable: false, updateable: false };
  return { name: object, ...rights, fields: [...properties, ...(await associationFields(session, object, schema))] };
}

/** Pipelines and stages stand apart from the options of their properties. */
async function pipelineOptions(
  session: Session,
  object: string,
  fields: ReadonlyMap<string, RemoteFieldDefinition>,
): Promise<ReadonlyMap<string, Pick<RemoteFieldDefinition, 'values' | 'restricted'>>> {
  const names = pipelineProperties(object, fields);
  if (names === null) return new Map();
  const pipelines = await pipelinesOf(session, object);
  return new Map([
    [names.pipeline, { values: pipelines.map(({ id }) => id), restricted: true }],
    [names.stage, { values: pipelines.flatMap(({ stages }) => stages.map(({ id }) => id)), restricted: true }],
  ]);
}

async function askForSchema(session: Session, object: string): Promise<JsonObject> {
  const answer = await callApi(session, {
    operation: 'describe',
    isRepeatable: true,
    send: (client) => client.schemas().getByIdWithHttpInfo(checkName(object)),
  });
  return asObject(answer.body, 'a schema');
}

async function associationFields(session: Session, object: string, schema: JsonObject): Promise<readonly RemoteFieldDefinition[]> {
  const ownId = textOrNull(schema['objectTypeId']);
  const associations = Array.isArray(schema['associations']) ? asList(schema['associations'], 'a schema') : [];
  const otherIds = new Set(
    associations.filter((each) => each['fromObjectTypeId'] === ownId).flatMap((each) => textOrNull(each['toObjectTypeId']) ?? []),
  );
  const names = await namesOf(session, otherIds);
  const fields: RemoteFieldDefinition[] = [];
  for (const name of names) {
    const labels = new Set((await typesBetween(session, object, name)).flatMap(({ label }) => label ?? []));
    fields.push(fieldOf(name, null), ...[...labels].map((label) => fieldOf(name, label)));
  }
  return fields;
}

/** Custom objects are listed with their names, HubSpot's own are known. Those that the token may not see are left out: who needs one misses its field. */
async function namesOf(session: Session, ids: ReadonlySet<string>): Promise<readonly string[]> {
  const known = [...ids].flatMap((id) => BUILT_IN[id] ?? []);
  if (![...ids].some((id) => id.startsWith('2-'))) return known;
  const custom = await customSchemas(session);
  return [
    ...known,
    ...custom.filter((each) => ids.has(textOrNull(each['objectTypeId']) ?? '')).flatMap((each) => textOrNull(each['name']) ?? []),
  ];
}

async function customSchemas(session: Session): Promise<readonly JsonObject[]> {
  try {
    const send = (client: ApiClient) => client.schemas().getAllWithHttpInfo(false);
    const answer = await callApi(session, { operation: 'describe', isRepeatable: true, send });
    return asList(asObject(answer.body, 'schemas')['results'], 'schemas');
  } catch (error) {
    if (error instanceof CrmFailure && error.code === 'CRM_PERMISSION_DENIED') return [];
    throw error;
  }
}

function fieldOf(toObject: string, label: string | null): RemoteFieldDefinition {
  return {
    name: associationFieldName(toObject, label),
    type: 'reference',
    maxLength: null,
    createable: true,
    updateable: true,
    required: false,
    unique: false,
    externalId: false,
    values: null,
    restricted: false,
    referenceTo: [toObject],
  };
}
