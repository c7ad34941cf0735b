import { announce, card, element, errorBox } from '../../../kit/page/element.js';
import { newAddress, recordAddress } from '../address.js';
import { objectTypes, titleOf } from '../crm/definition.js';
import { dissociate, readAssociated } from '../crm/record.js';
import { valueText } from '../value.js';

/** Cards of everything that is associated with a record, an object each; `changed` is called when one of them was taken away. */
export async function associationCards(from, changed) {
  const types = await objectTypes();
  const cards = await Promise.all(types.map((other) => associationCard(from, other, changed)));
  return cards.filter((each) => each !== null);
}

async function associationCard(from, other, changed) {
  try {
    const rows = await readAssociated(from, other);
    if (rows === null) return null;
    const add = element('a', { href: newAddress(other.id, from) }, `New ${other.labels.singular.toLowerCase()}`);
    const list =
      rows.length === 0
        ? element('p', { class: 'empty' }, 'None.')
        : element(
            'ul',
            {},
            rows.map((row) => associated(from, other, row, changed)),
          );
    return card(other.labels.plural, { class: 'side' }, list, element('p', { class: 'side-links' }, add));
  } catch (error) {
    return card(other.labels.plural, { class: 'side' }, errorBox(error));
  }
}

function associated(from, other, { id, labels, record }, changed) {
  const title = titleOf(other, record);
  const remove = async () => {
    try {
      await dissociate(from, { typeId: other.id, id });
      announce(`${title} is not associated any more.`);
    } catch (error) {
      announce(error.message);
    }
    await changed();
  };
  const facts = other.columns.slice(1, 3).flatMap((name) => {
    const property = other.properties.find((each) => each.name === name);
    const value = record.properties[name];
    return property === undefined || !value ? [] : [valueText({ ...property, choices: property.options }, value, true)];
  });
  const parts = [...labels.map((label) => element('span', { class: 'chip' }, label)), ...facts].flatMap((part, index) =>
    index > 0 ? [' · ', part] : [part],
  );
  return element(
    'li',
    {},
    element('a', { href: recordAddress(other.id, id) }, title),
    element('span', { class: 'facts' }, parts),
    element(
      'button',
      { type: 'button', class: 'quiet', 'aria-label': `Remove the association with ${title}`, onclick: () => void remove() },
      'Remove',
    ),
  );
}
