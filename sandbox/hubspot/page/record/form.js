import { element } from '../../../kit/page/element.js';
import { valueInput } from '../value.js';

let forms = 0;

/**
 * Properties of a record as inputs, with what the API refuses shown at the property that it names.
 * `changes()` answers what differs from `values`, by name.
 */
export function recordForm(type, names, values) {
  forms += 1;
  const summary = element('div', { class: 'form-summary', tabindex: '-1' });
  const entries = new Map(names.map((name) => [name, entryOf(type, type.byName.get(name), values[name] ?? '', `form-${forms}-${name}`)]));
  const nodes = [...entries.values()].map((entry) => entry.node);
  const changes = () =>
    Object.fromEntries(
      [...entries].flatMap(([name, { control, initial }]) => (control.read() === initial ? [] : [[name, control.read()]])),
    );
  return {
    node: element(
      'div',
      { class: 'record-form' },
      summary,
      element('div', { class: 'card section' }, element('div', { class: 'fields two' }, nodes)),
    ),
    changes,
    isChanged: () => Object.keys(changes()).length > 0,
    showRefusal: (error) => showRefusal(entries, summary, error),
    focusField: (name) => (entries.get(name) ?? [...entries.values()][0])?.control.node.focus(),
  };
}

function entryOf(type, property, value, id) {
  const control = valueInput(property, value, id);
  const problem = element('span', { class: 'problem', id: `${id}-problem`, hidden: true });
  const isRequired = type.required.includes(property.name);
  control.node.setAttribute('aria-describedby', problem.id);
  if (isRequired) control.node.setAttribute('aria-required', 'true');
  const label = element('label', { for: id }, property.label, isRequired ? element('span', { class: 'required' }, ' (required)') : null);
  return { node: element('div', { class: 'field input' }, label, control.node, problem), control, problem, initial: control.read() };
}

/** Puts each complaint at its property and the others above all, and the focus on the first of them. */
function showRefusal(entries, summary, error) {
  const complaints = error.complaints ?? [{ message: error.message }];
  let first = null;
  for (const [name, { control, problem }] of entries) {
    const words = complaints.filter(({ field }) => field === name).map(({ message }) => message);
    problem.hidden = words.length === 0;
    problem.textContent = words.join(' ');
    if (words.length === 0) control.node.removeAttribute('aria-invalid');
    else control.node.setAttribute('aria-invalid', 'true');
    if (words.length > 0) first ??= control.node;
  }
  const others = complaints.filter(({ field }) => !entries.has(field)).map(({ message }) => message);
  const words = first === null ? others : [...others, 'What HubSpot refuses stands at the fields.'];
  summary.replaceChildren(...words.map((text) => element('p', {}, text)));
  summary.classList.add('shown');
  summary.setAttribute('role', 'alert');
  (first ?? summary).focus();
}
