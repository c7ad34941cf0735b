import { query } from '../crm/call.js';
import { describe, labelOf, titleField } from '../crm/description.js';
import { likeLiteral, selectedPaths } from '../crm/soql.js';
import { element, say } from '../../../kit/page/element.js';
import { OBJECT_PAGES } from '../object-page.js';
import { fieldText } from './text.js';

const SHOWN_MATCHES = 8;
/** A pause in typing, after which the CRM is asked. */
const PAUSE_MS = 150;
const ID = /^[a-zA-Z0-9]{15}([a-zA-Z0-9]{3})?$/;

/**
 * A control that finds a record by its name: a combobox with a list of matches (WAI-ARIA Authoring Practices, "Editable Combobox With List Autocomplete").
 * Arrows move, Enter takes, Escape closes the list and then gives back what was there. Lookups that lead to several objects ask for the object first.
 */
export function lookupControl(field, record, id) {
  const parent = record[field.relationshipName];
  const state = {
    object: parent?.attributes?.type ?? field.referenceTo[0],
    /** What is chosen; null where nothing is. */
    choice: record[field.name] ? { id: record[field.name], name: parent?.Name ?? record[field.name] } : null,
    matches: [],
    active: -1,
    turn: 0,
  };
  const list = element('ul', { id: `${id}-list`, role: 'listbox', class: 'matches', hidden: true, 'aria-label': 'Matches' });
  const status = element('span', { class: 'matches-status' });
  const input = element('input', {
    id,
    type: 'text',
    role: 'combobox',
    autocomplete: 'off',
    spellcheck: 'false',
    placeholder: 'Type a name',
    'aria-expanded': 'false',
    'aria-autocomplete': 'list',
    'aria-controls': list.id,
    value: state.choice?.name ?? null,
  });
  const view = { input, list, status };

  input.addEventListener('input', () => void suggest(state, view));
  input.addEventListener('click', () => list.hidden && void suggest(state, view));
  input.addEventListener('keydown', (event) => onKey(event, state, view));
  input.addEventListener('blur', () => close(state, view));
  const objects = field.referenceTo.length > 1 ? objectChoice(field, state, view, id) : null;
  const node = element('div', { class: 'lookup' }, objects, element('div', { class: 'combobox' }, input, list), status);
  return { node, target: input, read: () => readChoice(state, input) };
}

function readChoice(state, input) {
  const written = input.value.trim();
  if (written === '') return { value: null };
  if (written === state.choice?.name) return { value: state.choice.id };
  const same = state.matches.filter((match) => match.name.toLowerCase() === written.toLowerCase());
  if (same.length === 1) return { value: same[0].id };
  return ID.test(written) ? { value: written } : { problem: 'Choose a record from the list, or empty the field.' };
}

function objectChoice(field, state, view, id) {
  const change = (event) => {
    state.object = event.target.value;
    state.choice = null;
    state.matches = [];
    view.input.value = '';
    close(state, view);
  };
  const label = (name) => name.replace(/__c$/, '').replaceAll('_', ' ');
  return element(
    'select',
    { id: `${id}-object`, 'aria-label': `${labelOf(field)}: kind of record`, onchange: change },
    field.referenceTo.map((name) => element('option', { value: name, selected: name === state.object }, label(name))),
  );
}

async function suggest(state, view) {
  state.turn += 1;
  const mine = state.turn;
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  const written = view.input.value.trim();
  if (mine !== state.turn) return;
  try {
    const matches = await findMatches(state.object, written);
    if (mine === state.turn && document.activeElement === view.input) offer(state, view, matches, written);
  } catch (error) {
    if (mine === state.turn) view.status.textContent = error.message;
  }
}

/** The records whose name holds `written`, by name; each with what tells it apart from others of the same name. */
export async function findMatches(objectName, written) {
  const description = await describe(objectName);
  const title = titleField(description).name;
  const details = (OBJECT_PAGES[objectName]?.lookupDetail ?? []).flatMap((name) => description.byName.get(name) ?? []);
  const searched = objectName === 'Deal_Registration__c' ? [title, 'Customer_Name__c'] : [title];
  const where = written === '' ? '' : ` WHERE ${searched.map((name) => `${name} LIKE ${likeLiteral(written)}`).join(' OR ')}`;
  const paths = new Set(['Id', title, ...details.flatMap(selectedPaths)]);
  const soql = `SELECT ${[...paths].join(', ')} FROM ${objectName}${where} ORDER BY ${title} LIMIT ${SHOWN_MATCHES}`;
  const { records } = await query(soql);
  return records.map((record) => ({
    id: record.Id,
    name: record[title] ?? record.Id,
    detail: details.flatMap((field) => (record[field.name] ? plainText(fieldText(field, record)) : [])).join(' · '),
  }));
}

function plainText(content) {
  return typeof content === 'string' ? content : content.textContent;
}

function offer(state, view, matches, written) {
  state.matches = matches;
  state.active = -1;
  view.list.replaceChildren(
    ...matches.map((match, index) =>
      element(
        'li',
        {
          id: `${view.list.id}-${index}`,
          role: 'option',
          'aria-selected': 'false',
          onmousedown: (event) => pick(event, index, state, view),
        },
        element('span', { class: 'match-name' }, match.name),
        match.detail === '' ? null : element('span', { class: 'match-detail' }, match.detail),
      ),
    ),
  );
  view.list.hidden = matches.length === 0;
  view.input.setAttribute('aria-expanded', String(matches.length > 0));
  view.input.removeAttribute('aria-activedescendant');
  view.status.textContent = matches.length === 0 ? `Nothing is called “${written}”.` : '';
  say(matches.length === 0 ? view.status.textContent : `${matches.length} found. Arrow keys move, Enter takes.`);
}

function onKey(event, state, view) {
  const isOpen = !view.list.hidden;
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    event.preventDefault();
    if (isOpen) move(event.key === 'ArrowDown' ? 1 : -1, state, view);
    else void suggest(state, view);
  } else if (event.key === 'Enter' && isOpen && state.active >= 0) {
    pick(event, state.active, state, view);
  } else if (event.key === 'Escape' && (isOpen || view.input.value !== (state.choice?.name ?? ''))) {
    // The dialog or form around it must not take this for its own.
    event.preventDefault();
    event.stopPropagation();
    if (!isOpen) view.input.value = state.choice?.name ?? '';
    close(state, view);
  }
}

function move(step, state, view) {
  const count = state.matches.length;
  state.active = (state.active + step + count + (state.active < 0 && step < 0 ? 1 : 0)) % count;
  for (const [index, option] of [...view.list.children].entries()) option.setAttribute('aria-selected', String(index === state.active));
  const active = view.list.children[state.active];
  active.scrollIntoView({ block: 'nearest' });
  view.input.setAttribute('aria-activedescendant', active.id);
}

function pick(event, index, state, view) {
  event.preventDefault();
  state.choice = state.matches[index];
  view.input.value = state.choice.name;
  close(state, view);
  view.input.dispatchEvent(new Event('change', { bubbles: true }));
}

function close(state, view) {
  state.turn += 1;
  state.active = -1;
  view.list.hidden = true;
  view.status.textContent = '';
  view.input.setAttribute('aria-expanded', 'false');
  view.input.removeAttribute('aria-activedescendant');
}
