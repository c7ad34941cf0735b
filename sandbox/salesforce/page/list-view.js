import { describe, likeLiteral, literal, query } from './crm.js';
import { element, errorBox } from './element.js';
import { fieldText, selectedPaths } from './field-text.js';
import { OBJECT_PAGES } from './object-page.js';

const PAGE_ROWS = 25;
/** SOQL knows no OFFSET beyond this. */
const MAX_OFFSET = 2000;

/** Shows the list of an object; `params` hold view, search text, sort and page, and are kept in the address. */
export async function showList(main, objectName, params, userId) {
  const page = OBJECT_PAGES[objectName];
  const description = await describe(objectName);
  const fields = page.columns.flatMap((name) => description.fields.find((field) => field.name === name) ?? []);
  const state = {
    view: page.views.find((view) => view.name === params.get('view')) ?? page.views[0],
    search: params.get('search') ?? '',
    sort: params.get('sort') ?? page.sort.column,
    descending: params.has('sort') ? params.get('direction') === 'desc' : page.sort.descending,
    page: Math.max(1, Number(params.get('page')) || 1),
  };
  const body = element('div', { class: 'list-body' });
  main.replaceChildren(
    element('div', { class: 'list-head' }, element('h1', { tabindex: '-1' }, page.tab), controls(objectName, page, state)),
    body,
  );
  await fill(body, objectName, page, fields, state, userId);
}

function address(objectName, state, change) {
  const next = { ...state, ...change };
  const params = new URLSearchParams({
    view: next.view.name,
    sort: next.sort,
    direction: next.descending ? 'desc' : 'asc',
    page: String(next.page),
  });
  if (next.search !== '') params.set('search', next.search);
  return `#/${objectName}?${params}`;
}

function controls(objectName, page, state) {
  const go = (change) => {
    location.hash = address(objectName, state, { page: 1, ...change });
  };
  const view = element(
    'select',
    { 'aria-label': 'List view', onchange: (event) => go({ view: page.views.find((each) => each.name === event.target.value) }) },
    page.views.map((each) => element('option', { value: each.name, selected: each === state.view }, each.label)),
  );
  const search = element('input', {
    type: 'search',
    name: 'search',
    value: state.search,
    placeholder: 'Search this list',
    'aria-label': 'Search this list',
  });
  const submit = (event) => {
    event.preventDefault();
    go({ search: search.value.trim() });
  };
  return element(
    'form',
    { class: 'list-controls', role: 'search', onsubmit: submit },
    view,
    search,
    element('button', { type: 'submit' }, 'Search'),
  );
}

async function fill(body, objectName, page, fields, state, userId) {
  const conditions = [];
  if (state.view.where !== null) conditions.push(`(${state.view.where.replace('{user}', literal(userId))})`);
  if (state.search !== '') conditions.push(`(${page.searched.map((path) => `${path} LIKE ${likeLiteral(state.search)}`).join(' OR ')})`);
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  const selected = new Set([
    'Id',
    'Name',
    ...fields.flatMap(selectedPaths),
    ...(objectName === 'Deal_Registration__c' ? ['Estimated_Currency__c'] : []),
  ]);
  const sorted = fields.find((field) => field.name === state.sort);
  const sort = sorted?.type === 'reference' ? `${sorted.relationshipName}.Name` : state.sort;
  const offset = Math.min((state.page - 1) * PAGE_ROWS, MAX_OFFSET);
  const order = ` ORDER BY ${sort} ${state.descending ? 'DESC' : 'ASC'} NULLS LAST, Id LIMIT ${PAGE_ROWS} OFFSET ${offset}`;
  try {
    const [rows, count] = await Promise.all([
      query(`SELECT ${[...selected].join(', ')} FROM ${objectName}${where}${order}`),
      query(`SELECT COUNT() FROM ${objectName}${where}`),
    ]);
    body.replaceChildren(
      table(objectName, fields, state, rows.records),
      pager(objectName, state, offset, rows.records.length, count.totalSize),
    );
  } catch (error) {
    body.replaceChildren(errorBox(error));
  }
}

function table(objectName, fields, state, records) {
  if (records.length === 0) return element('p', { class: 'empty' }, 'No records match this view.');
  const heads = fields.map((field) => {
    const isSorted = field.name === state.sort;
    const sort = isSorted ? (state.descending ? 'descending' : 'ascending') : null;
    const href = address(objectName, state, { sort: field.name, descending: isSorted && !state.descending, page: 1 });
    return element('th', { scope: 'col', 'aria-sort': sort }, element('a', { href }, columnLabel(field)));
  });
  const rows = records.map((record) => {
    const open = element('a', { class: 'row-link', href: `#/${objectName}/${record.Id}` }, record.Name ?? record.Id);
    const cells = fields.map((field) =>
      element('td', { 'data-label': columnLabel(field), class: field.type }, field.name === 'Name' ? open : fieldText(field, record, true)),
    );
    return element('tr', {}, cells);
  });
  return element('table', { class: 'records' }, element('thead', {}, element('tr', {}, heads)), element('tbody', {}, rows));
}

function columnLabel(field) {
  return field.type === 'reference' ? field.label.replace(/ ID$/, '') : field.label;
}

function pager(objectName, state, offset, shown, total) {
  const step = (text, page, enabled) =>
    enabled
      ? element('a', { class: 'button', href: address(objectName, state, { page }) }, text)
      : element('span', { class: 'button off' }, text);
  const hasNext = offset + shown < total && offset + PAGE_ROWS <= MAX_OFFSET;
  const range = shown === 0 ? `0 of ${total}` : `${offset + 1}–${offset + shown} of ${total}`;
  return element(
    'nav',
    { class: 'pager', 'aria-label': 'Pages' },
    element('span', {}, range),
    step('Previous', state.page - 1, state.page > 1),
    step('Next', state.page + 1, hasNext),
    offset + PAGE_ROWS > MAX_OFFSET ? element('span', {}, 'Search to see more.') : null,
  );
}
