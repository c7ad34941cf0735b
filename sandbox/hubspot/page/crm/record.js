import { call, VERSION } from './call.js';

const base = (typeId) => `/crm/objects/${VERSION}/${typeId}`;
const MOST_ASSOCIATED = 20;

/** One page of a list: `{ total, results }`. */
export function searchRecords(type, { search, sort, isDescending, offset, limit }) {
  const body = {
    limit,
    after: String(offset),
    properties: [...type.columns, 'firstname', 'lastname'],
    filterGroups: [],
    sorts: [{ propertyName: sort, direction: isDescending ? 'DESCENDING' : 'ASCENDING' }],
    ...(search === '' ? {} : { query: search }),
  };
  return call(`${base(type.id)}/search`, { method: 'POST', body });
}

/** The record with all of its properties; null where there is none. */
export async function readRecord(type, id) {
  const inputs = { inputs: [{ id }], properties: type.properties.map((property) => property.name) };
  const answer = await call(`${base(type.id)}/batch/read`, { method: 'POST', body: inputs });
  return answer.results[0] ?? null;
}

export function createRecord(typeId, properties) {
  return call(base(typeId), { method: 'POST', body: { properties, associations: [] } });
}

export function updateRecord(typeId, id, properties) {
  return call(`${base(typeId)}/${id}`, { method: 'PATCH', body: { properties } });
}

export function deleteRecord(typeId, id) {
  return call(`${base(typeId)}/${id}`, { method: 'DELETE' });
}

/** Makes one record of two, a new one; the values of `id` win. */
export function mergeRecords(typeId, id, otherId) {
  return call(`${base(typeId)}/merge`, { method: 'POST', body: { primaryObjectId: id, objectIdToMerge: otherId } });
}

/** The first hundred that were deleted. */
export function readDeleted(type) {
  const properties = [...type.columns, 'firstname', 'lastname'].join(',');
  return call(`${base(type.id)}?${new URLSearchParams({ archived: 'true', limit: '100', properties })}`);
}

/** HubSpot has a page for it and no call: here it is one of the sandbox's own. */
export function restoreRecord(typeId, id, as) {
  return call('/_sandbox/restore', { method: 'POST', body: { objectType: typeId, ids: [id], as } });
}

export function associate(from, to) {
  return call(`${base(from.typeId)}/${from.id}/associations/default/${to.typeId}/${to.id}`, { method: 'PUT' });
}

export function dissociate(from, to) {
  return call(`${base(from.typeId)}/${from.id}/associations/${to.typeId}/${to.id}`, { method: 'DELETE' });
}

/** Records of `other` that are associated with one: `{ id, labels, record }`. Null where the two objects cannot be associated. */
export async function readAssociated(from, other) {
  const labels = await call(`/crm/associations/${VERSION}/${from.typeId}/${other.id}/labels`);
  if (labels.results.length === 0) return null;
  const answer = await call(`/crm/associations/${VERSION}/${from.typeId}/${other.id}/batch/read`, {
    method: 'POST',
    body: { inputs: [{ id: from.id }] },
  });
  const rows = answer.results[0]?.to ?? [];
  if (rows.length === 0) return [];
  const inputs = rows.slice(0, MOST_ASSOCIATED).map((row) => ({ id: row.toObjectId }));
  const properties = [...other.columns, 'firstname', 'lastname'];
  const records = await call(`${base(other.id)}/batch/read`, { method: 'POST', body: { inputs, properties } });
  const byId = new Map(records.results.map((record) => [record.id, record]));
  return rows.flatMap((row) => {
    const record = byId.get(row.toObjectId);
    const words = row.associationTypes.flatMap(({ label }) => (label === null ? [] : [label]));
    return record === undefined ? [] : [{ id: row.toObjectId, labels: words, record }];
  });
}
