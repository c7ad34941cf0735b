/** What is defined in the portal: objects with their properties, pipelines, owners. Read once, and anew when the user changes. */

import { call, VERSION } from './call.js';

const BUILT_IN = ['0-3', '0-2', '0-1', '0-27', '0-46'];
/** What a list shows, and the heading of a record is first. */
const LIST_COLUMNS = {
  '0-1': ['email', 'firstname', 'lastname', 'phone', 'hubspot_owner_id'],
  '0-2': ['name', 'domain', 'city', 'country', 'hubspot_owner_id'],
  '0-3': ['dealname', 'amount', 'deal_currency_code', 'dealstage', 'closedate', 'hubspot_owner_id'],
  '0-27': ['hs_task_subject', 'hs_task_status', 'hs_timestamp', 'hubspot_owner_id'],
  '0-46': ['hs_note_body', 'hs_timestamp', 'hubspot_owner_id'],
};
const STAGES = ['dealstage', 'hs_pipeline_stage'];
const PIPELINES = ['pipeline', 'hs_pipeline'];

let known = new Map();

export function forgetDefinitions() {
  known = new Map();
}

/** Every object that the page shows, in its order: ids and names. */
export function objectTypes() {
  return once('types', async () => {
    const custom = await call(`/crm-object-schemas/${VERSION}/schemas`).catch(() => ({ results: [] }));
    const own = await Promise.all(BUILT_IN.map(readType));
    return [...own, ...custom.results.map(typeOf)];
  });
}

/** The object of that id with its properties by name; the columns of its list; where it has pipelines, those. */
export function describe(typeId) {
  return once(typeId, async () => {
    const [type, pipelines, owners] = await Promise.all([
      readType(typeId),
      call(`/crm/pipelines/${VERSION}/${typeId}`).catch(() => ({ results: [] })),
      readOwners(),
    ]);
    const properties = type.properties.map((property) => ({ ...property, choices: choicesOf(property, pipelines.results, owners) }));
    return { ...type, properties, byName: new Map(properties.map((property) => [property.name, property])), pipelines: pipelines.results };
  });
}

/** The people of the portal; nobody where the user may not see them. */
export function readOwners() {
  return once('owners', async () => {
    const answer = await call(`/crm/owners/${VERSION}?limit=500`).catch(() => ({ results: [] }));
    return answer.results.map((owner) => ({
      id: owner.id,
      alias: owner.email.split('@')[0],
      name: `${owner.firstName} ${owner.lastName}`,
    }));
  });
}

/** The text by which a record is known. */
export function titleOf(type, record) {
  const [first] = type.columns;
  const person = [record.properties.firstname, record.properties.lastname].filter(Boolean).join(' ');
  return person || record.properties[first] || record.id;
}

async function readType(typeId) {
  return typeOf(await call(`/crm-object-schemas/${VERSION}/schemas/${typeId}`));
}

function typeOf(schema) {
  const { objectTypeId: id, labels, properties, requiredProperties, primaryDisplayProperty: primary } = schema;
  const shown = [primary, ...schema.secondaryDisplayProperties, 'hs_pipeline_stage', 'hubspot_owner_id'];
  const names = LIST_COLUMNS[id] ?? [...new Set(shown)].filter((name) => properties.some((property) => property.name === name));
  return {
    id,
    labels,
    properties,
    required: requiredProperties,
    columns: names,
    isTitled: LIST_COLUMNS[id] !== undefined || Boolean(primary),
  };
}

function choicesOf(property, pipelines, owners) {
  if (STAGES.includes(property.name))
    return pipelines.flatMap((pipeline) =>
      pipeline.stages.map(({ id, label }) => ({
        value: id,
        label: pipelines.length > 1 ? `${pipeline.label}: ${label}` : label,
        pipeline: pipeline.id,
      })),
    );
  if (PIPELINES.includes(property.name)) return pipelines.map(({ id, label }) => ({ value: id, label }));
  if (property.name === 'hubspot_owner_id') return owners.map(({ id, name }) => ({ value: id, label: name }));
  return property.options.map(({ value, label }) => ({ value, label }));
}

function once(key, read) {
  const held = known.get(key);
  if (held !== undefined) return held;
  const reading = read();
  known.set(key, reading);
  // What failed is asked for again.
  reading.catch(() => known.delete(key));
  return reading;
}
