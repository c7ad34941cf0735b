import { update } from './crm.js';
import { announce, element, errorBox } from './element.js';
import { fieldText, readInstant } from './field-text.js';
import { lookupInput } from './lookup-input.js';

/** A field with its label and value, and a button that turns the value into an input where describe says that it may be edited. */
export function editableField(field, label, context) {
  const value = element('dd', {});
  const item = element('div', { class: field.type === 'textarea' ? 'field wide' : 'field' }, element('dt', {}, label), value);
  const show = () => {
    const content = element('span', { class: 'value' }, fieldText(field, context.record));
    const edit = element(
      'button',
      { type: 'button', class: 'edit', title: `Edit ${label}`, 'aria-label': `Edit ${label}`, onclick: open },
      '✎',
    );
    value.replaceChildren(content, field.updateable ? edit : '');
  };
  const close = () => {
    show();
    value.querySelector('.edit')?.focus();
  };
  const open = () => openEditor(field, label, context, value, close);
  if (field.updateable) value.addEventListener('dblclick', () => value.querySelector('form') === null && open());
  show();
  return item;
}

function openEditor(field, label, context, value, close) {
  const input = field.type === 'reference' ? lookupInput(field, context.record) : inputFor(field, context.record[field.name]);
  (input.querySelector('input') ?? input).setAttribute('aria-label', label);
  const complaint = element('div', {});
  const save = element('button', { type: 'submit', class: 'primary' }, 'Save');
  const submit = async (event) => {
    event.preventDefault();
    save.disabled = true;
    try {
      await update(context.objectName, context.id, { [field.name]: readInput(field, input) });
      announce(`${label} saved.`);
      await context.reload();
    } catch (error) {
      save.disabled = false;
      complaint.replaceChildren(errorBox(error));
    }
  };
  const cancel = element('button', { type: 'button', onclick: close }, 'Cancel');
  const escape = (event) => {
    if (event.key === 'Escape') close();
  };
  value.replaceChildren(
    element('form', { class: 'editor', onsubmit: submit, onkeydown: escape }, input, element('div', {}, save, cancel), complaint),
  );
  if (input.focusInput) input.focusInput();
  else input.focus();
}

function inputFor(field, value) {
  const text = value ?? '';
  switch (field.type) {
    case 'boolean':
      return element('input', { type: 'checkbox', checked: value === true });
    case 'picklist':
      return element(
        'select',
        {},
        field.nillable || value === null ? element('option', { value: '' }, '–') : null,
        field.picklistValues.map((each) => element('option', { value: each.value, selected: each.value === value }, each.label)),
      );
    case 'textarea':
      return element('textarea', { rows: 4, maxlength: field.length || null }, text);
    case 'date':
      return element('input', { type: 'date', value: text });
    case 'datetime':
      return element('input', { type: 'datetime-local', step: 1, value: text === '' ? '' : toLocalInput(readInstant(text)) });
    case 'int':
    case 'double':
    case 'currency':
    case 'percent':
      return element('input', { type: 'number', step: 'any', value: text });
    default:
      return element('input', { type: 'text', value: text, maxlength: field.length || null });
  }
}

function readInput(field, input) {
  if (field.type === 'boolean') return input.checked;
  if (field.type === 'reference') return input.readId();
  if (input.value === '') return null;
  if (field.type === 'datetime') return new Date(input.value).toISOString();
  return ['int', 'double', 'currency', 'percent'].includes(field.type) ? Number(input.value) : input.value;
}

function toLocalInput(instant) {
  return new Date(instant.getTime() - instant.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
