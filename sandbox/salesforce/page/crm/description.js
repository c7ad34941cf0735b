/** What the org says of its objects, asked for once. */

import { call } from './call.js';

const described = new Map();

/** An object's description, with its fields by name in `byName`. */
export async function describe(objectName) {
  if (!described.has(objectName)) described.set(objectName, call(`/sobjects/${objectName}/describe`).then(withFields));
  try {
    return await described.get(objectName);
  } catch (error) {
    described.delete(objectName);
    throw error;
  }
}

/** The plural labels of all objects, by name. */
export async function objectLabels() {
  const { sobjects } = await call('/sobjects');
  return new Map(sobjects.map((each) => [each.name, each.labelPlural]));
}

function withFields(description) {
  return { ...description, byName: new Map(description.fields.map((field) => [field.name, field])) };
}

/** The field that names a record: `Name` everywhere but on tasks. */
export function titleField(description) {
  return description.byName.get('Name') ?? description.byName.get('Subject') ?? description.byName.get('Id');
}

/** Lookups are labelled for the name behind them, not for the id. */
export function labelOf(field) {
  return field.type === 'reference' ? field.label.replace(/ ID$/, '') : field.label;
}
