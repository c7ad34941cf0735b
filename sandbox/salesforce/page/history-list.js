import { literal, query } from './crm.js';
import { element, errorBox } from './element.js';
import { fieldText, instantText } from './field-text.js';

const SHOWN_ROWS = 50;

/** A card of who changed which tracked field when, latest first. */
export async function historyList({ object, by }, id, fields) {
  const card = element('section', { class: 'card history' }, element('h2', {}, 'Field history'));
  try {
    const soql = `SELECT Field, OldValue, NewValue, CreatedDate, CreatedBy.Name FROM ${object} WHERE ${by} = ${literal(id)} ORDER BY CreatedDate DESC, Id DESC LIMIT ${SHOWN_ROWS}`;
    const { records } = await query(soql);
    card.append(
      records.length === 0
        ? element('p', { class: 'empty' }, 'No changes yet.')
        : element(
            'ol',
            {},
            records.map((row) => change(row, fields)),
          ),
    );
  } catch (error) {
    card.append(errorBox(error));
  }
  return card;
}

function change(row, fields) {
  const field = fields.get(row.Field);
  const who = element('span', { class: 'who' }, row.CreatedBy?.Name ?? 'Someone', ' · ', instantText(row.CreatedDate));
  if (field === undefined) return element('li', {}, element('span', {}, row.Field === 'created' ? 'Created.' : row.Field), who);
  const text = (value) => fieldText(field.type === 'reference' ? { ...field, type: 'string' } : field, { [field.name]: value });
  return element(
    'li',
    {},
    element('span', {}, element('strong', {}, field.label), ' ', text(row.OldValue), ' → ', text(row.NewValue)),
    who,
  );
}
