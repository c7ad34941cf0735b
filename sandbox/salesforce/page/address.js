/** Addresses of what the page shows, kept behind the `#`: `#/` is the start page, then `#/Account?view=MyAccounts`, `#/Account/new?…`, `#/Account/001…`. */

import { hasPage } from './screen.js';

/** What an address names; null where the page has nothing of that name. */
export function readAddress(hash) {
  const [path, search = ''] = hash.replace(/^#?\/?/, '').split('?');
  const [objectName = '', rest] = path.split('/');
  const params = new URLSearchParams(search);
  if (objectName === '') return { kind: 'work', objectName: null, params };
  if (!hasPage(objectName)) return null;
  if (rest === undefined || rest === '') return { kind: 'list', objectName, params };
  return rest === 'new' ? { kind: 'new', objectName, params } : { kind: 'record', objectName, id: rest, params };
}

export function recordAddress(objectName, id) {
  return `#/${objectName}/${id}`;
}

/** Where a new record is entered; `values` are those of its fields that are known already. */
export function newAddress(objectName, values = {}) {
  const params = new URLSearchParams(values);
  return `#/${objectName}/new${params.size === 0 ? '' : `?${params}`}`;
}

/** A list: `view`, `search`, `sort`, `direction`, `page`, and `by`/`of` for the records whose lookup `by` leads to the record `of`. */
export function listAddress(objectName, state = {}) {
  const params = new URLSearchParams(Object.entries(state).filter(([, value]) => value !== null && value !== '' && value !== undefined));
  return `#/${objectName}${params.size === 0 ? '' : `?${params}`}`;
}

let visits = 0;

/** Counts a view that was shown, so that the way back is known to lead to one of this page. */
export function noteVisit() {
  visits += 1;
}

/** To the view before this one; to `fallback` where there was none in this tab. */
export function goBack(fallback) {
  if (visits > 1) history.back();
  else location.hash = fallback;
}
