/** Addresses of what the page shows, kept behind the `#`: `#/0-3?search=…`, `#/0-3/new?with=0-2:301`, `#/0-3/deleted`, `#/0-3/301`. Objects are named by the id of their type. */

/** Where the page begins. */
export const START = '#/0-3';

/** What an address names; null where it names nothing. */
export function readAddress(hash) {
  const [path, search = ''] = hash.replace(/^#?\/?/, '').split('?');
  const [typeId = '', rest] = path.split('/');
  const params = new URLSearchParams(search);
  if (!/^\d-\d+$/.test(typeId)) return null;
  if (rest === undefined || rest === '') return { kind: 'list', typeId, params };
  if (rest === 'deleted') return { kind: 'deleted', typeId, params };
  return rest === 'new' ? { kind: 'new', typeId, params } : { kind: 'record', typeId, id: rest, params };
}

export function recordAddress(typeId, id) {
  return `#/${typeId}/${id}`;
}

/** Where a new record is entered, associated with the one given where there is one. */
export function newAddress(typeId, other = null) {
  return `#/${typeId}/new${other === null ? '' : `?with=${other.typeId}:${other.id}`}`;
}

export function deletedAddress(typeId) {
  return `#/${typeId}/deleted`;
}

export function listAddress(typeId, state = {}) {
  const params = new URLSearchParams(Object.entries(state).filter(([, value]) => value !== null && value !== '' && value !== undefined));
  return `#/${typeId}${params.size === 0 ? '' : `?${params}`}`;
}
