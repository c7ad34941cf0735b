import { recordAddress } from '../address.js';
import { labelOf } from '../crm/description.js';
import { element, spoken } from '../../../kit/page/element.js';
import { fieldText } from '../field/text.js';
import { stateAddress } from './list-state.js';

/**
 * The rows of a list. The roles are said again because narrow screens show rows as cards, and a table that is not laid out as one is not read as one.
 */
export function listTable({ description, title, fields, state, records }) {
  const hasCurrencyColumn = fields.some((field) => field.name === 'Estimated_Currency__c');
  const cell = (record, field) => {
    const name = record[title.name] ?? record.Id;
    const isTitle = field.name === title.name;
    const content = isTitle
      ? element('a', { class: 'row-link', href: recordAddress(description.name, record.Id) }, name)
      : fieldText(field, record, { short: true, bare: hasCurrencyColumn });
    return element(
      'td',
      { role: 'cell', class: isTitle ? 'title' : field.type },
      element('span', { class: 'cell-label', 'aria-hidden': 'true' }, labelOf(field)),
      element('span', { class: 'cell-value' }, content),
    );
  };
  const rows = records.map((record) =>
    element(
      'tr',
      { role: 'row' },
      fields.map((field) => cell(record, field)),
    ),
  );
  return element(
    'table',
    { class: 'records', role: 'table', 'aria-label': `${description.labelPlural}: ${state.view.label}` },
    element(
      'thead',
      { role: 'rowgroup' },
      element(
        'tr',
        { role: 'row' },
        fields.map((field) => columnHead(field, state)),
      ),
    ),
    element('tbody', { role: 'rowgroup' }, rows),
  );
}

function columnHead(field, state) {
  const label = labelOf(field);
  if (!field.sortable) return element('th', { scope: 'col', role: 'columnheader', class: field.type }, label);
  const isSorted = field.name === state.sort;
  const isDescending = isSorted && !state.isDescending;
  const href = stateAddress(state, { sort: field.name, isDescending, sortIsChosen: true });
  return element(
    'th',
    {
      scope: 'col',
      role: 'columnheader',
      class: field.type,
      'aria-sort': isSorted ? (state.isDescending ? 'descending' : 'ascending') : null,
    },
    element('a', { href }, spoken('Sort by '), label),
  );
}
