import { element } from '../../../kit/page/element.js';
import { readInstant, toLocalInput } from './instant.js';
import { lookupControl } from './lookup.js';

/**
 * A control for a field. `read()` answers `{ value }`, as the API takes it, or `{ problem }` in words where what was typed is no value of the field at all;
 * everything else is the API's to judge. `target` is what is labelled, described and focused.
 */
export function fieldControl(field, record, id) {
  if (field.type === 'reference') return lookupControl(field, record, id);
  const value = record[field.name] ?? null;
  switch (field.type) {
    case 'boolean':
      return checkBox(id, value);
    case 'picklist':
      return picklist(field, id, value);
    case 'textarea':
      return text(element('textarea', { id, rows: 5 }, value ?? ''));
    case 'date':
      return calendar(element('input', { id, type: 'date', value }), 'Enter a whole date.', (written) => written);
    case 'datetime':
      return dateTime(id, value);
    case 'int':
    case 'double':
    case 'currency':
    case 'percent':
      return number(element('input', { id, type: 'text', inputmode: 'decimal', autocomplete: 'off', value }));
    case 'email':
      return text(element('input', { id, type: 'text', inputmode: 'email', autocomplete: 'off', value }));
    default:
      return text(element('input', { id, type: 'text', autocomplete: 'off', value }));
  }
}

function checkBox(id, value) {
  const box = element('input', { id, type: 'checkbox', checked: value === true });
  return { node: box, target: box, read: () => ({ value: box.checked }) };
}

function text(input) {
  return { node: input, target: input, read: () => ({ value: input.value.trim() === '' ? null : input.value }) };
}

function picklist(field, id, value) {
  const values = field.picklistValues.map((each) => ({ value: each.value, label: each.label }));
  // A value that is not offered any more stays until another one is chosen.
  if (value !== null && values.every((each) => each.value !== value)) values.unshift({ value, label: value });
  const isOptional = field.nillable || value === null;
  const select = element(
    'select',
    { id },
    isOptional ? element('option', { value: '' }, '– none –') : null,
    values.map((each) => element('option', { value: each.value, selected: each.value === value }, each.label)),
  );
  return text(select);
}

function number(input) {
  const read = () => {
    const written = input.value.trim();
    if (written === '') return { value: null };
    const plain = /^-?\d{1,3}(,\d{3})+(\.\d+)?$/.test(written) ? written.replaceAll(',', '') : written;
    return /^-?(\d+\.?\d*|\.\d+)$/.test(plain) ? { value: Number(plain) } : { problem: 'Enter a number such as 25000.50.' };
  };
  return { node: input, target: input, read };
}

function calendar(input, problem, convert) {
  const read = () => {
    if (input.validity.badInput) return { problem };
    return { value: input.value === '' ? null : convert(input.value) };
  };
  return { node: input, target: input, read };
}

/** Shown in the browser's time zone. What nobody touched is handed back as it came, also where the input cannot show it whole. */
function dateTime(id, value) {
  const shown = value === null ? '' : toLocalInput(value);
  const input = element('input', { id, type: 'datetime-local', step: 1, value: shown });
  return calendar(input, 'Enter a date and a time.', (written) =>
    written === input.defaultValue && value !== null ? readInstant(value).toISOString() : new Date(written).toISOString(),
  );
}
