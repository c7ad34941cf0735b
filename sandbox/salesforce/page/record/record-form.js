import { labelOf } from '../crm/description.js';
import { element } from '../../../kit/page/element.js';
import { fieldControl } from '../field/input.js';
import { localTimeZone } from '../field/instant.js';
import { fieldText } from '../field/text.js';

let forms = 0;

/**
 * The fields of a record as inputs, in their sections, with what the API refuses shown at the field that it names.
 *
 * `sections` are `{ label, columns: [[{ field, behavior }]], isOpen }`; `isEditable(field, behavior)` says which of them are inputs, the others show their value.
 * `read()` answers every input's value by field, those that were changed, and what is no value at all, in words.
 */
export function recordForm({ description, sections, record, isEditable }) {
  forms += 1;
  const entries = new Map();
  const summary = element('div', { class: 'form-summary', tabindex: '-1' });
  const add = ({ field: name, behavior }) => {
    const field = description.byName.get(name);
    if (field === undefined || entries.has(name)) return null;
    if (!isEditable(field, behavior)) return shownField(field, record);
    const entry = inputField(field, behavior, record, `form-${forms}-${name}`);
    entries.set(name, entry);
    return entry.node;
  };
  const parts = sections.map(({ label, columns, isOpen }) => formSection(label, columns, isOpen, add));
  return {
    node: element('div', { class: 'record-form' }, summary, parts),
    read: () => readEntries(entries),
    isChanged: () => [...entries.values()].some((entry) => hasChanged(entry, entry.control.read())),
    showProblems: (problems, others = []) => showProblems(entries, summary, problems, others),
    showRefusal: (error) => showRefusal(entries, summary, error),
    focusField: (name) => (entries.get(name) ?? [...entries.values()][0])?.control.target.focus(),
    isAskedFor: (name) => entries.has(name),
  };
}

/** Fields stand row by row, so that keyboard and reading order follow the rows that one sees. */
function formSection(label, columns, isOpen, add) {
  const rows = Math.max(...columns.map((column) => column.length));
  const cell = (item) => (item === undefined ? element('div', { class: 'blank' }) : add(item));
  const items = Array.from({ length: rows }, (_row, row) => columns.map((column) => cell(column[row])));
  const fields = element('div', { class: columns.length > 1 ? 'fields two' : 'fields' }, items);
  if (label === '') return fields;
  return element('details', { class: 'card section', open: isOpen }, element('summary', {}, element('h2', {}, label)), fields);
}

function shownField(field, record) {
  return element(
    'div',
    { class: 'field' },
    element('span', { class: 'label' }, labelOf(field)),
    element('span', { class: 'value' }, fieldText(field, record)),
  );
}

function inputField(field, behavior, record, id) {
  const control = fieldControl(field, record, id);
  const helpWords = [field.inlineHelpText, field.type === 'datetime' ? `Time zone: ${localTimeZone()}.` : null].filter(Boolean).join(' ');
  const help = helpWords === '' ? null : element('span', { class: 'help', id: `${id}-help` }, helpWords);
  const problem = element('span', { class: 'problem', id: `${id}-problem`, hidden: true });
  const isRequired = behavior === 'Required' || (!field.nillable && !field.defaultedOnCreate && field.type !== 'boolean');
  const label = element('label', { for: id }, labelOf(field), isRequired ? element('span', { class: 'required' }, ' (required)') : null);
  const described = [help?.id, problem.id].filter(Boolean).join(' ');
  control.target.setAttribute('aria-describedby', described);
  if (isRequired) control.target.setAttribute('aria-required', 'true');
  const node = element(
    'div',
    { class: field.type === 'boolean' ? 'field input check' : 'field input' },
    label,
    control.node,
    help,
    problem,
  );
  return { field, node, control, problem, isRequired: behavior === 'Required', initial: control.read().value };
}

function hasChanged(entry, read) {
  return read.problem !== undefined || JSON.stringify(read.value) !== JSON.stringify(entry.initial);
}

function readEntries(entries) {
  const answer = { values: {}, changes: {}, problems: {} };
  for (const [name, entry] of entries) {
    const read = entry.control.read();
    if (read.problem !== undefined) answer.problems[name] = read.problem;
    // What a layout asks for, the API does not know of.
    else if (entry.isRequired && read.value === null) answer.problems[name] = 'Complete this field.';
    else {
      answer.values[name] = read.value;
      if (hasChanged(entry, read)) answer.changes[name] = read.value;
    }
  }
  return answer;
}

/** Puts each problem at its field and `others` above all fields, and the focus on the first of them. */
function showProblems(entries, summary, problems, others) {
  let first = null;
  for (const [name, { control, problem }] of entries) {
    const words = problems[name];
    problem.hidden = words === undefined;
    problem.textContent = words ?? '';
    if (words === undefined) control.target.removeAttribute('aria-invalid');
    else control.target.setAttribute('aria-invalid', 'true');
    if (words !== undefined) first ??= control.target;
  }
  const count = Object.keys(problems).length;
  const words = [...others, ...(count > 0 ? [count === 1 ? 'One field needs attention.' : `${count} fields need attention.`] : [])];
  summary.replaceChildren(...words.map((text) => element('p', {}, text)));
  summary.classList.toggle('shown', words.length > 0);
  if (words.length === 0) summary.removeAttribute('role');
  else summary.setAttribute('role', 'alert');
  const section = first?.closest('details');
  if (section) section.open = true;
  if (first !== null) first.focus();
  else if (words.length > 0) summary.focus();
}

function showRefusal(entries, summary, error) {
  const complaints = error.complaints ?? [{ message: error.message }];
  const problems = {};
  const others = [];
  for (const { message, fields = [] } of complaints) {
    const named = fields.length > 0 ? fields : [...entries.keys()].filter((name) => new RegExp(`\\b${name}\\b`).test(message));
    const here = named.filter((name) => entries.has(name));
    for (const name of here) problems[name] = message;
    if (here.length === 0) others.push(message);
  }
  showProblems(entries, summary, problems, others);
}
