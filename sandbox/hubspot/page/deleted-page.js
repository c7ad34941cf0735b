import { announce, element, errorBox, redraw } from '../../kit/page/element.js';
import { currentAlias } from '../../kit/page/session.js';
import { listAddress, recordAddress } from './address.js';
import { describe, titleOf } from './crm/definition.js';
import { readDeleted, restoreRecord } from './crm/record.js';
import { valueText } from './value.js';

const DELETED_AT = { type: 'datetime' };

/** What was deleted of an object and can be restored, the first hundred as HubSpot lists them. */
export async function openDeletedPage({ typeId }) {
  const type = await describe(typeId);
  const rows = element('div', { class: 'results' });
  await fill(type, rows);
  const title = `Deleted ${type.labels.plural.toLowerCase()}`;
  return {
    element: element(
      'div',
      { class: 'list-page' },
      element('p', { class: 'crumb' }, element('a', { href: listAddress(typeId) }, type.labels.plural)),
      element('div', { class: 'list-head' }, element('h1', { tabindex: '-1' }, title)),
      rows,
    ),
    title,
    close: () => undefined,
    follow: async () => false,
  };
}

async function fill(type, rows) {
  try {
    const { results: records } = await readDeleted(type);
    if (records.length === 0) {
      redraw(rows, element('p', { class: 'empty card' }, `No deleted ${type.labels.plural.toLowerCase()}.`));
      return;
    }
    redraw(
      rows,
      element(
        'div',
        { class: 'card side' },
        element(
          'ul',
          { 'aria-label': `Deleted ${type.labels.plural.toLowerCase()}` },
          records.map((record) => deleted(type, record, rows)),
        ),
      ),
    );
  } catch (error) {
    redraw(rows, errorBox(error));
  }
}

function deleted(type, record, rows) {
  const title = titleOf(type, record);
  const restore = async () => {
    try {
      await restoreRecord(type.id, record.id, currentAlias());
      announce(`${title} was restored.`);
      location.hash = recordAddress(type.id, record.id);
    } catch (error) {
      announce(error.message);
      await fill(type, rows);
    }
  };
  return element(
    'li',
    {},
    title,
    element('span', { class: 'facts' }, 'Deleted ', valueText(DELETED_AT, record.archivedAt, true)),
    element('button', { type: 'button', class: 'quiet', 'aria-label': `Restore ${title}`, onclick: () => void restore() }, 'Restore'),
  );
}
