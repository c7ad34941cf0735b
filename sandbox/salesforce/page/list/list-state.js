import { listAddress } from '../address.js';

/** SOQL knows no OFFSET beyond this. */
export const MOST_OFFSET = 2000;
export const PAGE_ROWS = 25;

/** What a list shows, as its address says; what it does not say comes from the list's views. */
export function readListState(address, page, views) {
  const { params } = address;
  const view = views.find((each) => each.name === params.get('view')) ?? views[0];
  const usual = page.sorts.find((each) => isUsualIn(each, view)) ?? page.sorts.at(-1);
  const sort = params.get('sort') ?? usual.field;
  return {
    objectName: address.objectName,
    view,
    search: params.get('search') ?? '',
    sort,
    isDescending: params.has('direction') ? params.get('direction') === 'desc' : sort === usual.field && usual.descending,
    page: Math.min(Math.max(1, Math.floor(Number(params.get('page'))) || 1), MOST_OFFSET / PAGE_ROWS + 1),
    parent: params.has('by') && params.has('of') ? { field: params.get('by'), id: params.get('of') } : null,
    sortIsChosen: params.has('sort'),
  };
}

/** The address of `state` with `change`. A sort that nobody chose is left out, so that each view has its own. */
export function stateAddress(state, change = {}) {
  const next = { ...state, page: 1, ...change };
  const sorted = next.sortIsChosen ? { sort: next.sort, direction: next.isDescending ? 'desc' : 'asc' } : {};
  return listAddress(next.objectName, {
    view: next.view.name,
    search: next.search,
    by: next.parent?.field,
    of: next.parent?.id,
    ...sorted,
    page: next.page > 1 ? String(next.page) : null,
  });
}

/** A sort is usual where the view shows its field, or in the one view that it is meant for; the last one everywhere. */
function isUsualIn(sort, view) {
  return sort.onlyIn === undefined ? view.columns.includes(sort.field) : sort.onlyIn === view.name;
}
