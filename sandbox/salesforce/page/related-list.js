import { describe, literal, query } from './crm.js';
import { element, errorBox } from './element.js';
import { fieldText, selectedPaths } from './field-text.js';
import { OBJECT_PAGES, RELATED_COLUMNS } from './object-page.js';

const SHOWN_ROWS = 10;

/** A card of the records whose lookup `by` holds what stands in the record's field `from`. */
export async function relatedList({ title, object, by, from }, record) {
  const value = record[from];
  const card = element('section', { class: 'card related' });
  const head = (count) => element('h2', {}, title, element('span', { class: 'count' }, count));
  if (!value) {
    card.append(head('0'), element('p', { class: 'empty' }, 'None.'));
    return card;
  }
  try {
    const description = await describe(object);
    const fields = RELATED_COLUMNS[object].flatMap((name) => description.fields.find((field) => field.name === name) ?? []);
    const paths = new Set(['Id', ...fields.flatMap(selectedPaths)]);
    const where = `${by} = ${literal(value)}`;
    const answer = await query(
      `SELECT ${[...paths].join(', ')} FROM ${object} WHERE ${where} ORDER BY CreatedDate DESC LIMIT ${SHOWN_ROWS + 1}`,
    );
    const rows = answer.records.filter((each) => each.Id !== record.Id);
    card.append(head(rows.length > SHOWN_ROWS ? `${SHOWN_ROWS}+` : String(rows.length)), body(object, fields, rows.slice(0, SHOWN_ROWS)));
  } catch (error) {
    card.append(head('?'), errorBox(error));
  }
  return card;
}

function body(object, fields, rows) {
  if (rows.length === 0) return element('p', { class: 'empty' }, 'None.');
  const [first, ...rest] = fields;
  return element(
    'ul',
    {},
    rows.map((row) =>
      element(
        'li',
        {},
        object in OBJECT_PAGES
          ? element('a', { href: `#/${object}/${row.Id}` }, row[first.name] ?? row.Id)
          : element('strong', {}, row[first.name] ?? row.Id),
        element(
          'span',
          { class: 'facts' },
          rest
            .filter((field) => row[field.name] !== null)
            .map((field) => element('span', { title: field.label }, fieldText(field, row, true))),
        ),
      ),
    ),
  );
}
