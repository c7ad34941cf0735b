import { labelOf } from '../crm/description.js';
import { element } from '../../../kit/page/element.js';
import { fieldText } from '../field/text.js';
import { systemFieldsOf } from '../screen.js';

/** True for fields that people may edit: the API lets them, and the layout does not say otherwise. */
export function isEditable(field, behavior) {
  return field.updateable && behavior !== 'Readonly';
}

/** The fields of a record in their sections; `edit(name)` opens the form at one of them, null where nothing is edited here. */
export function recordDetail({ description, sections, record, edit }) {
  const system = { label: 'System', isOpen: false, columns: halves(systemFieldsOf(description, sections)) };
  return [...sections, system].map(({ label, columns, isOpen }) =>
    element(
      'details',
      { class: 'card section', open: isOpen },
      element('summary', {}, element('h2', {}, label)),
      element(
        'div',
        { class: columns.length > 1 ? 'fields two' : 'fields' },
        columns.map((column) => fieldColumn(column, description, record, edit)),
      ),
    ),
  );
}

function fieldColumn(column, description, record, edit) {
  const items = column.flatMap(({ field: name, behavior }) => {
    const field = description.byName.get(name);
    return field === undefined ? [] : [shownField(field, behavior, record, edit)];
  });
  return items.length === 0 ? null : element('dl', {}, items);
}

function shownField(field, behavior, record, edit) {
  const label = labelOf(field);
  const canEdit = edit !== null && isEditable(field, behavior);
  const pencil = canEdit
    ? element(
        'button',
        { type: 'button', class: 'pencil', 'aria-label': `Edit ${label}`, title: `Edit ${label}`, onclick: () => edit(field.name) },
        '✎',
      )
    : null;
  return element(
    'div',
    { class: 'field', ondblclick: canEdit ? () => edit(field.name) : null },
    element('dt', {}, label),
    element('dd', {}, element('span', { class: 'value' }, fieldText(field, record)), pencil),
  );
}

function halves(names) {
  const items = names.map((field) => ({ field, behavior: 'Readonly' }));
  const half = Math.ceil(items.length / 2);
  return [items.slice(0, half), items.slice(half)];
}
