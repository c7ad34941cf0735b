import { likeLiteral, literal, query } from './crm.js';
import { element } from './element.js';

const SHOWN_MATCHES = 12;
const PAUSE_MS = 200;
let lists = 0;

/**
 * An input that finds a record by its name; `input.readId()` answers the id, null where it is empty, or what was typed where nothing matches
 * (an id, or a text that the CRM then refuses).
 */
export function lookupInput(field, record) {
  lists += 1;
  const listId = `matches-${lists}`;
  const parent = record[field.relationshipName];
  const object = parent?.attributes?.type ?? field.referenceTo[0];
  const known = new Map();
  if (parent?.Name) known.set(parent.Name, record[field.name]);

  const options = element('datalist', { id: listId });
  const input = element('input', {
    type: 'text',
    list: listId,
    value: parent?.Name ?? record[field.name] ?? '',
    placeholder: 'Type a name',
    autocomplete: 'off',
  });
  let turn = 0;
  const suggest = async () => {
    turn += 1;
    const mine = turn;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    if (mine !== turn) return;
    const answer = await query(suggestionQuery(object, input.value.trim(), record)).catch(() => ({ records: [] }));
    if (mine !== turn) return;
    for (const match of answer.records) known.set(match.Name, match.Id);
    options.replaceChildren(...answer.records.map((match) => element('option', { value: match.Name })));
  };
  input.addEventListener('input', suggest);
  input.addEventListener('focus', suggest, { once: true });

  const box = element('span', { class: 'lookup' }, input, options);
  box.readId = () => (input.value.trim() === '' ? null : (known.get(input.value.trim()) ?? input.value.trim()));
  box.focusInput = () => input.select();
  return box;
}

function suggestionQuery(object, typed, record) {
  const conditions = typed === '' ? [] : [`Name LIKE ${likeLiteral(typed)}`];
  // A registration belongs to an opportunity of its customer: offer those first.
  if (object === 'Opportunity' && record.Customer__c && typed === '') conditions.push(`AccountId = ${literal(record.Customer__c)}`);
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  return `SELECT Id, Name FROM ${object}${where} ORDER BY Name LIMIT ${SHOWN_MATCHES}`;
}
