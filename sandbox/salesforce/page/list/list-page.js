import { newAddress, recordAddress } from '../address.js';
import { query } from '../crm/call.js';
import { describe, titleField } from '../crm/description.js';
import { readRecord } from '../crm/record.js';
import { element, errorBox, redraw, say } from '../../../kit/page/element.js';
import { keepFresh } from '../../../kit/page/fresh.js';
import { OBJECT_PAGES } from '../object-page.js';
import { listViewsOf } from '../screen.js';
import { listPaths, listSource, orderBy } from './list-query.js';
import { MOST_OFFSET, PAGE_ROWS, readListState, stateAddress } from './list-state.js';
import { listTable } from './list-table.js';

const LOOK_AGAIN_MS = 5000;

/** The list of an object: a view of it, searched, sorted and paged as the address says. Two calls a look, and one description the first time. */
export async function openListPage(address) {
  const { objectName } = address;
  const description = await describe(objectName);
  const page = OBJECT_PAGES[objectName];
  const views = listViewsOf(objectName);
  const list = { description, page, views, title: titleField(description), state: readListState(address, page, views), shown: '' };
  const results = element('div', { class: 'results' });
  const controls = element('div', {});
  const node = element(
    'div',
    { class: 'list-page' },
    element('div', { class: 'list-head' }, element('h1', { tabindex: '-1' }, description.labelPlural), newButton(description, page)),
    controls,
    results,
  );
  const parent = await readParent(list);
  redraw(controls, listControls(list, parent));
  await fill(list, results);
  const freshness = keepFresh(
    () => fill(list, results),
    () => LOOK_AGAIN_MS,
  );
  return {
    element: node,
    title: description.labelPlural,
    close: freshness.stop,
    /** Another state of the same list is drawn in place, and the focus stays where it is. */
    follow: async (next) => {
      if (next.kind !== 'list' || next.objectName !== objectName) return false;
      const before = list.state;
      list.state = readListState(next, page, views);
      if (JSON.stringify(before.parent) !== JSON.stringify(list.state.parent)) return false;
      redraw(controls, listControls(list, parent));
      await fill(list, results);
      say(results.querySelector('.range')?.textContent ?? '');
      return true;
    },
  };
}

function newButton(description, page) {
  if (page.isReadOnly || !description.createable) return null;
  return element('a', { class: 'button primary', href: newAddress(description.name) }, `New ${description.label}`);
}

/** The record whose list this is, where the address names one. */
async function readParent({ description, state }) {
  const field = state.parent === null ? undefined : description.byName.get(state.parent.field);
  if (field === undefined) return null;
  const [objectName] = field.referenceTo;
  const record = await readRecord(objectName, state.parent.id);
  return { objectName, id: state.parent.id, label: field.label, name: record?.Name ?? state.parent.id };
}

function listControls({ views, state }, parent) {
  const go = (change) => {
    location.hash = stateAddress(state, change);
  };
  const choose = (event) => go({ view: views.find((view) => view.name === event.target.value), sortIsChosen: false });
  const search = element('input', { id: 'list-search', type: 'search', value: state.search, autocomplete: 'off' });
  const submit = (event) => {
    event.preventDefault();
    go({ search: search.value.trim() });
  };
  // The cross in the field empties it without a submit.
  search.addEventListener('input', () => search.value === '' && state.search !== '' && go({ search: '' }));
  return element(
    'form',
    { class: 'list-controls', role: 'search', onsubmit: submit },
    element(
      'div',
      { class: 'control' },
      element('label', { for: 'list-view' }, 'List view'),
      element(
        'select',
        { id: 'list-view', onchange: choose },
        views.map((view) => element('option', { value: view.name, selected: view === state.view }, view.label)),
      ),
    ),
    element(
      'div',
      { class: 'control grow' },
      element('label', { for: 'list-search' }, 'Search this list'),
      element('div', { class: 'with-button' }, search, element('button', { type: 'submit' }, 'Search')),
    ),
    parent === null
      ? null
      : element(
          'p',
          { class: 'narrowed' },
          `${parent.label}: `,
          element('a', { href: recordAddress(parent.objectName, parent.id) }, parent.name),
          ' · ',
          element('a', { href: stateAddress(state, { parent: null }) }, 'Show all'),
        ),
  );
}

/** Reads what the list shows and draws it where it has changed; a refusal is shown in its place. */
async function fill(list, results) {
  const { description, page, title, state } = list;
  const fields = state.view.columns.flatMap((name) => description.byName.get(name) ?? []);
  if (!fields.some((field) => field.name === title.name)) fields.unshift(title);
  const sorted = description.byName.get(state.sort);
  const isLookup = description.byName.get(state.parent?.field)?.type === 'reference';
  const parent = isLookup ? state.parent : null;
  const source = listSource(description, state.view, { search: state.search, searched: page.searched, parent });
  const offset = (state.page - 1) * PAGE_ROWS;
  const money = description.byName.has('Estimated_Currency__c') ? ['Estimated_Currency__c'] : [];
  const order = sorted?.sortable ? orderBy(sorted, state.isDescending) : 'ORDER BY Id';
  try {
    const [rows, count] = await Promise.all([
      query(`SELECT ${listPaths(title, fields, money)} ${source} ${order} LIMIT ${PAGE_ROWS} OFFSET ${offset}`),
      query(`SELECT COUNT() ${source}`),
    ]);
    // The answer to a question that is not asked any more.
    if (list.state !== state) return;
    const shown = JSON.stringify([stateAddress(state, { page: state.page }), rows.records, count.totalSize]);
    if (shown === list.shown) return;
    list.shown = shown;
    redraw(
      results,
      summary(state, offset, rows.records.length, count.totalSize),
      rows.records.length === 0 ? emptyWords(state) : listTable({ description, title, fields, state, records: rows.records }),
      pager(state, offset, rows.records.length, count.totalSize),
    );
  } catch (error) {
    if (list.state !== state) return;
    list.shown = '';
    redraw(results, errorBox(error));
  }
}

function summary(state, offset, shown, total) {
  const range = shown === 0 ? `${total} records` : `${offset + 1}–${offset + shown} of ${total.toLocaleString()}`;
  const found = state.search === '' ? '' : ` found for “${state.search}”`;
  return element('p', { class: 'range' }, range, found);
}

function emptyWords(state) {
  if (state.page > 1) return element('p', { class: 'empty card' }, 'There are no records on this page any more.');
  if (state.search !== '') return element('p', { class: 'empty card' }, `Nothing in “${state.view.label}” matches “${state.search}”.`);
  return element('p', { class: 'empty card' }, `There are no records in “${state.view.label}”.`);
}

function pager(state, offset, shown, total) {
  const hasNext = offset + shown < total && offset + PAGE_ROWS <= MOST_OFFSET;
  if (state.page === 1 && !hasNext) return null;
  const step = (text, page, isThere) =>
    isThere
      ? element('a', { class: 'button', href: stateAddress(state, { page }) }, text)
      : element('span', { class: 'button off', 'aria-disabled': 'true' }, text);
  return element(
    'nav',
    { class: 'pager', 'aria-label': 'Pages of the list' },
    step('Previous', state.page - 1, state.page > 1),
    element('span', {}, `Page ${state.page} of ${Math.ceil(total / PAGE_ROWS)}`),
    step('Next', state.page + 1, hasNext),
    offset + PAGE_ROWS > MOST_OFFSET ? element('span', {}, 'Search to see more.') : null,
  );
}
