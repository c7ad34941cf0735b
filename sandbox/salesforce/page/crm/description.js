/** What the org says of its objects to each user, asked for once. */

import { call } from './call.js';
import { currentAlias } from '../../../kit/page/session.js';

const described = new Map();

/** An object's description, with its fields by name in `byName`. */
export async function describe(objectName) {
  const key = `${currentAlias()} ${objectName}`;
  if (!described.has(key)) described.set(key, call(`/sobjects/${objectName}/describe`).then(withFields));
  try {
    return await described.get(key);
  } catch (error) {
    described.delete(key);
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
