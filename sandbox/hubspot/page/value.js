/** Values as people read and write them. On the wire all are texts, and an empty one is none. */

import { element } from '../../kit/page/element.js';

const SHORT_CHARS = 80;

/** What stands for a value; `short` where there is little room. */
export function valueText(property, value, short = false) {
  if (value === null || value === undefined || value === '') return element('span', { class: 'none' }, '–');
  switch (property.type) {
    case 'enumeration':
    case 'bool':
      return value
        .split(';')
        .map((part) => property.choices.find((choice) => choice.value === part)?.label ?? part)
        .join(', ');
    case 'datetime':
      return element('time', { datetime: value }, value.slice(0, 16).replace('T', ' '));
    case 'date':
      return element('time', { datetime: value }, value);
    case 'number':
      return Number.isFinite(Number(value)) && property.name !== 'hs_object_id'
        ? Number(value).toLocaleString('en-GB', { maximumFractionDigits: 6 })
        : value;
    default:
      return short && value.length > SHORT_CHARS ? `${value.slice(0, SHORT_CHARS)}…` : value;
  }
}

/** An input for a property. `read()` answers the value as the API takes it; what does not fit is the API's to refuse. */
export function valueInput(property, value, id) {
  const known = value ?? '';
  if (property.type === 'enumeration' || property.type === 'bool') return choice(property, known, id);
  if (property.fieldType === 'textarea' || property.fieldType === 'html') return plain(element('textarea', { id, rows: 4 }, known));
  if (property.type === 'date') return plain(element('input', { id, type: 'date', value: known }));
  if (property.type === 'datetime') return instant(known, id);
  const inputmode = property.type === 'number' ? 'decimal' : null;
  return plain(element('input', { id, type: 'text', autocomplete: 'off', inputmode, value: known }));
}

function plain(input) {
  return { node: input, read: () => input.value.trim() };
}

function choice(property, value, id) {
  const chosen = value === '' ? [] : value.split(';');
  const isMany = property.fieldType === 'checkbox';
  const unknown = chosen
    .filter((part) => property.choices.every((each) => each.value !== part))
    .map((part) => ({ value: part, label: part }));
  const select = element(
    'select',
    { id, multiple: isMany },
    isMany ? null : element('option', { value: '' }, '– none –'),
    [...unknown, ...property.choices].map((each) =>
      element('option', { value: each.value, selected: chosen.includes(each.value) }, each.label),
    ),
  );
  return { node: select, read: () => [...select.selectedOptions].map((option) => option.value).join(';') };
}

/** Shown and read in the browser's time zone. What nobody touched is handed back as it came. */
function instant(value, id) {
  const at = value === '' ? null : new Date(value);
  const pad = (number) => String(number).padStart(2, '0');
  const day = at === null ? '' : `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
  const shown = at === null ? '' : `${day}T${pad(at.getHours())}:${pad(at.getMinutes())}`;
  const input = element('input', { id, type: 'datetime-local', value: shown });
  const read = () => {
    if (input.value === shown) return value;
    return input.value === '' ? '' : new Date(input.value).toISOString();
  };
  return { node: input, read };
}
