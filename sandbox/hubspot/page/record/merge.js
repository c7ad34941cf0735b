import { openDialog } from '../../../kit/page/dialog.js';
import { announce, element, errorBox, redraw } from '../../../kit/page/element.js';
import { recordAddress } from '../address.js';
import { titleOf } from '../crm/definition.js';
import { mergeRecords, searchRecords } from '../crm/record.js';

const MOST_FOUND = 7;
/** Tasks and notes cannot be merged. */
const NEVER_MERGED = ['0-27', '0-46'];

export function isMergeable(type) {
  return !NEVER_MERGED.includes(type.id);
}

/** Asks which record of the same object becomes one with this, and goes to the one that comes of them. */
export function openMerge(type, record, title) {
  const singular = type.labels.singular.toLowerCase();
  const found = element('div', { class: 'choices' });
  const search = element('input', { id: 'merge-search', type: 'search', autocomplete: 'off' });
  const find = async () => {
    try {
      const page = { search: search.value.trim(), sort: 'hs_object_id', isDescending: true, offset: 0, limit: MOST_FOUND };
      const { results } = await searchRecords(type, page);
      redraw(
        found,
        choices(
          type,
          results.filter(({ id }) => id !== record.id),
          singular,
        ),
      );
    } catch (error) {
      redraw(found, errorBox(error));
    }
  };
  const findOnEnter = (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    void find();
  };
  search.addEventListener('keydown', findOnEnter);
  openDialog({
    title: `Merge ${title}`,
    confirm: 'Merge',
    style: 'danger',
    build: () =>
      element(
        'div',
        {},
        element('p', {}, `Both become one new record, in which the values of ${title} win. This cannot be undone.`),
        element('label', { for: 'merge-search' }, `Which other ${singular}?`),
        element('div', { class: 'with-button' }, search, element('button', { type: 'button', onclick: () => void find() }, 'Find')),
        found,
      ),
    submit: async (close) => {
      const chosen = found.querySelector('input:checked')?.value;
      if (chosen === undefined) return redraw(found, element('p', { role: 'alert' }, `Find the other ${singular}, and choose it.`));
      try {
        const { id } = await mergeRecords(type.id, record.id, chosen);
        close();
        announce('Merged.');
        location.hash = recordAddress(type.id, id);
      } catch (error) {
        redraw(found, errorBox(error));
      }
      return undefined;
    },
  });
  search.focus();
}

function choices(type, records, singular) {
  if (records.length === 0) return element('p', { role: 'status' }, `No other ${singular} was found.`);
  const choice = (record) =>
    element(
      'label',
      { class: 'choice' },
      element('input', { type: 'radio', name: 'merge-with', value: record.id }),
      `${titleOf(type, record)} (${record.id})`,
    );
  return element('fieldset', {}, element('legend', {}, 'Found'), records.map(choice));
}
