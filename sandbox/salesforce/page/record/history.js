import { query } from '../crm/call.js';
import { literal } from '../crm/soql.js';
import { card, element } from '../../../kit/page/element.js';
import { fieldText, instantText } from '../field/text.js';

const READ_ROWS = 50;

/** Who changed which tracked field when, latest first; nothing where the object keeps no history. */
export async function readHistory(page, id) {
  if (page.history === null) return [];
  const { object, by } = page.history;
  const soql = `SELECT Field, DataType, OldValue, NewValue, CreatedDate, CreatedBy.Name FROM ${object} WHERE ${by} = ${literal(id)} ORDER BY CreatedDate DESC, Id DESC LIMIT ${READ_ROWS}`;
  const { records } = await query(soql);
  // A lookup gives two rows, of which the one with ids is for programs.
  return records.filter((row) => row.DataType !== 'EntityId');
}

/** The values that `field` has had, as far as the history tells. */
export function pastValues(history, field) {
  return new Set(history.filter((row) => row.Field === field).flatMap((row) => [row.OldValue, row.NewValue]));
}

export function historyCard(history, description) {
  if (history.length === 0) return card('Field history', { class: 'side' }, element('p', { class: 'empty' }, 'No changes yet.'));
  return card(
    'Field history',
    { class: 'side history' },
    element(
      'ol',
      {},
      history.map((row) => change(row, description)),
    ),
  );
}

function change(row, description) {
  const who = element('span', { class: 'facts' }, row.CreatedBy?.Name ?? 'Someone', ' · ', instantText(row.CreatedDate));
  const field = description.byName.get(row.Field) ?? description.fields.find((each) => each.relationshipName === row.Field);
  if (field === undefined) return element('li', {}, element('span', {}, row.Field === 'created' ? 'Created' : row.Field), who);
  const label = field.label.replace(/ ID$/, '');
  // Long texts keep no values.
  if (row.OldValue === null && row.NewValue === null)
    return element('li', {}, element('span', {}, element('strong', {}, label), ' changed'), who);
  const shown = field.type === 'reference' ? { ...field, type: 'string' } : field;
  const text = (value) => fieldText(shown, { [field.name]: value }, { short: true });
  return element(
    'li',
    {},
    element('span', {}, element('strong', {}, label), ' from ', text(row.OldValue), ' to ', text(row.NewValue)),
    who,
  );
}
