import { element, errorBox, redraw, say, spoken } from '../../kit/page/element.js';
import { keepFresh } from '../../kit/page/fresh.js';
import { deletedAddress, listAddress, newAddress, recordAddress } from './address.js';
import { describe, titleOf } from './crm/definition.js';
import { searchRecords } from './crm/record.js';
import { valueText } from './value.js';

const PAGE_ROWS = 25;
/** HubSpot's search ends there. */
const MOST_ROWS = 10_000;
const LOOK_AGAIN_MS = 5000;

/** The list of an object: searched, sorted and paged as the address says. */
export async function openListPage({ typeId, params }) {
  const type = await describe(typeId);
  const list = { type, state: readState(type, params), shown: '' };
  const results = element('div', { class: 'results' });
  const controls = element('div', {});
  redraw(controls, searchForm(list));
  await fill(list, results);
  const freshness = keepFresh(
    () => fill(list, results),
    () => LOOK_AGAIN_MS,
  );
  const head = element(
    'div',
    { class: 'list-head' },
    element('h1', { tabindex: '-1' }, type.labels.plural),
    element(
      'div',
      { class: 'actions' },
      element('a', { class: 'button', href: deletedAddress(typeId) }, 'Deleted'),
      element('a', { class: 'button primary', href: newAddress(typeId) }, `New ${type.labels.singular.toLowerCase()}`),
    ),
  );
  return {
    element: element('div', { class: 'list-page' }, head, controls, results),
    title: type.labels.plural,
    close: freshness.stop,
    /** Another state of the same list is drawn in place, and the focus stays where it is. */
    follow: async (next) => {
      if (next.kind !== 'list' || next.typeId !== typeId) return false;
      list.state = readState(type, next.params);
      redraw(controls, searchForm(list));
      await fill(list, results);
      say(results.querySelector('.range')?.textContent ?? '');
      return true;
    },
  };
}

function readState(type, params) {
  const asked = params.get('sort');
  const isKnown = asked !== null && type.byName.has(asked);
  return {
    search: params.get('search') ?? '',
    sort: isKnown ? asked : 'hs_object_id',
    // The newest first, unless somebody chose an order.
    isDescending: isKnown ? params.get('direction') === 'desc' : true,
    isChosen: isKnown,
    page: Math.max(1, Math.floor(Number(params.get('page') ?? 1)) || 1),
  };
}

function stateAddress(type, state, change) {
  const { search, sort, isDescending, isChosen, page } = { ...state, page: 1, ...change };
  const order = isChosen ? { sort, direction: isDescending ? 'desc' : 'asc' } : {};
  return listAddress(type.id, { search, ...order, page: page > 1 ? page : null });
}

function searchForm({ type, state }) {
  const search = element('input', { id: 'list-search', type: 'search', value: state.search, autocomplete: 'off' });
  const submit = (event) => {
    event.preventDefault();
    location.hash = stateAddress(type, state, { search: search.value.trim() });
  };
  return element(
    'form',
    { class: 'list-controls', role: 'search', onsubmit: submit },
    element(
      'div',
      { class: 'control grow' },
      element('label', { for: 'list-search' }, 'Search this list'),
      element('div', { class: 'with-button' }, search, element('button', { type: 'submit' }, 'Search')),
    ),
  );
}

/** Reads what the list shows and draws it where it has changed; a refusal is shown in its place. */
async function fill(list, results) {
  const { type, state } = list;
  const offset = (state.page - 1) * PAGE_ROWS;
  try {
    const { total, results: records } = await searchRecords(type, { ...state, offset, limit: PAGE_ROWS });
    // The answer to a question that is not asked any more.
    if (list.state !== state) return;
    const shown = JSON.stringify([state, total, records]);
    if (shown === list.shown) return;
    list.shown = shown;
    redraw(
      results,
      summary(state, offset, records.length, total),
      rowsOf(type, state, records),
      pager(type, state, offset + records.length, total),
    );
  } catch (error) {
    if (list.state !== state) return;
    list.shown = '';
    redraw(results, errorBox(error));
  }
}

function summary({ search }, offset, shown, total) {
  const range = shown === 0 ? `${total} records` : `${offset + 1}–${offset + shown} of ${total.toLocaleString('en-GB')}`;
  return element('p', { class: 'range' }, range, search === '' ? '' : ` found for “${search}”`);
}

function rowsOf(type, state, records) {
  const plural = type.labels.plural.toLowerCase();
  if (records.length === 0)
    return element('p', { class: 'empty card' }, state.search === '' ? `There are no ${plural}.` : `No ${plural} match “${state.search}”.`);
  const names = type.isTitled ? type.columns : ['hs_object_id', ...type.columns];
  const columns = names.flatMap((name) => type.byName.get(name) ?? []);
  const cell = (record, property, index) => {
    const content =
      index === 0
        ? element(
            'a',
            { class: 'row-link', href: recordAddress(type.id, record.id) },
            record.properties[property.name] || titleOf(type, record),
          )
        : valueText(property, record.properties[property.name], true);
    return element(
      'td',
      { role: 'cell', class: index === 0 ? 'title' : property.type },
      element('span', { class: 'cell-label', 'aria-hidden': 'true' }, property.label),
      element('span', { class: 'cell-value' }, content),
    );
  };
  const row = (record) =>
    element(
      'tr',
      { role: 'row' },
      columns.map((property, index) => cell(record, property, index)),
    );
  const heads = columns.map((property) => columnHead(type, state, property));
  return element(
    'table',
    { class: 'records', role: 'table', 'aria-label': type.labels.plural },
    element('thead', { role: 'rowgroup' }, element('tr', { role: 'row' }, heads)),
    element('tbody', { role: 'rowgroup' }, records.map(row)),
  );
}

function columnHead(type, state, property) {
  const isSorted = state.isChosen && property.name === state.sort;
  const href = stateAddress(type, state, { sort: property.name, isDescending: isSorted && !state.isDescending, isChosen: true });
  const order = state.isDescending ? 'descending' : 'ascending';
  const attributes = { scope: 'col', role: 'columnheader', class: property.type, 'aria-sort': isSorted ? order : null };
  return element('th', attributes, element('a', { href }, spoken('Sort by '), property.label));
}

function pager(type, state, end, total) {
  const hasNext = end < Math.min(total, MOST_ROWS);
  if (state.page === 1 && !hasNext) return null;
  const step = (text, page, isThere) =>
    isThere
      ? element('a', { class: 'button', href: stateAddress(type, state, { page }) }, text)
      : element('span', { class: 'button off', 'aria-disabled': 'true' }, text);
  return element(
    'nav',
    { class: 'pager', 'aria-label': 'Pages of the list' },
    step('Previous', state.page - 1, state.page > 1),
    element('span', {}, `Page ${state.page} of ${Math.max(1, Math.ceil(Math.min(total, MOST_ROWS) / PAGE_ROWS))}`),
    step('Next', state.page + 1, hasNext),
  );
}
