import { listAddress, newAddress } from '../address.js';
import { query } from '../crm/call.js';
import { describe, labelOf, titleField } from '../crm/description.js';
import { literal } from '../crm/soql.js';
import { card, element, errorBox, spoken } from '../../../kit/page/element.js';
import { fieldText, recordLink } from '../field/text.js';
import { listPaths } from '../list/list-query.js';
import { OBJECT_PAGES } from '../object-page.js';

const SHOWN_ROWS = 5;

/**
 * A card of the records of `object` whose `field` holds what stands in the record's field `of`. `columns` are the layout's; `isOwn` says that new ones can be added here, `isOne` that
 * there is no more than one. A list that cannot be read says why, and the rest of the page stands.
 */
export async function relatedList({ title, object, field, of, columns = null, isOwn = false, isOne = false }, record, objectName) {
  const value = record[of];
  if (!value) return card(title, { class: 'side' }, element('p', { class: 'empty' }, emptyWords(of, isOne)));
  try {
    const { description, rows, hasMore } = await readRows({ object, field, columns }, value, record.Id);
    const add = isOwn && description.createable && object in OBJECT_PAGES;
    return card(
      title,
      { class: 'side' },
      rows.length === 0
        ? element('p', { class: 'empty' }, 'None.')
        : element(
            'ul',
            {},
            rows.map((row) => related(row, description)),
          ),
      element(
        'p',
        { class: 'side-links' },
        hasMore
          ? element('a', { href: listAddress(object, { view: allViewOf(object), by: field, of: value }) }, 'Show all', spoken(`: ${title}`))
          : null,
        add
          ? element(
              'a',
              { href: newAddress(object, { [field]: value, ...inherited(object, objectName, record) }) },
              `New ${description.label}`,
              // Two lists of one object are told apart by ear as well.
              title === description.labelPlural ? null : spoken(` in ${title}`),
            )
          : null,
      ),
    );
  } catch (error) {
    return card(title, { class: 'side' }, errorBox(error));
  }
}

async function readRows({ object, field, columns }, value, ownId) {
  const description = await describe(object);
  const shown = columns ?? OBJECT_PAGES[object]?.relatedColumns ?? ['Name'];
  const fields = shown.flatMap((name) => description.byName.get(name) ?? []).filter((each) => each.name !== field);
  const title = titleField(description);
  const money = description.byName.has('Estimated_Currency__c') ? ['Estimated_Currency__c'] : [];
  const where = `${field} = ${literal(value)} AND Id != ${literal(ownId)}`;
  const soql = `SELECT ${listPaths(title, fields, money)} FROM ${object} WHERE ${where} ORDER BY CreatedDate DESC, Id DESC LIMIT ${SHOWN_ROWS + 1}`;
  const { records } = await query(soql);
  return { description: { ...description, shown: fields }, rows: records.slice(0, SHOWN_ROWS), hasMore: records.length > SHOWN_ROWS };
}

function related(row, description) {
  const title = titleField(description);
  const facts = description.shown.filter((field) => field.name !== title.name && row[field.name] !== null && row[field.name] !== '');
  return element(
    'li',
    {},
    recordLink(description.name, row.Id, row[title.name] ?? row.Id),
    element(
      'span',
      { class: 'facts' },
      facts.map((field, index) => [
        index > 0 ? ' · ' : null,
        element('span', {}, spoken(`${labelOf(field)}: `), fieldText(field, row, { short: true })),
      ]),
    ),
  );
}

/** What a new record takes over beside the lookup: an opportunity's account is the customer of its registration. */
function inherited(object, from, record) {
  return object === 'Deal_Registration__c' && from === 'Opportunity' && record.AccountId ? { Customer__c: record.AccountId } : {};
}

function allViewOf(object) {
  return OBJECT_PAGES[object]?.views.find((view) => view.name.startsWith('All'))?.name ?? 'All';
}

function emptyWords(of, isOne) {
  if (of === 'Customer__c') return 'No customer account is linked yet.';
  return isOne ? 'No opportunity is linked yet.' : 'None.';
}
