import { call, query } from './call.js';
import { describe } from './description.js';
import { literal, selectedPaths } from './soql.js';

/** The record with the names behind its lookups; null where there is none. */
export async function readRecord(objectName, id) {
  const description = await describe(objectName);
  const paths = new Set(description.fields.flatMap(selectedPaths));
  const answer = await query(`SELECT ${[...paths].join(', ')} FROM ${objectName} WHERE Id = ${literal(id)}`);
  return answer.records[0] ?? null;
}

/** The id of the new record. */
export async function createRecord(objectName, values) {
  const answer = await call(`/sobjects/${objectName}`, { method: 'POST', body: values });
  return answer.id;
}

export function updateRecord(objectName, id, changes) {
  return call(`/sobjects/${objectName}/${id}`, { method: 'PATCH', body: changes });
}

export function deleteRecord(objectName, id) {
  return call(`/sobjects/${objectName}/${id}`, { method: 'DELETE' });
}
