import { element, spoken } from '../../../kit/page/element.js';
import { pastValues } from './history.js';

/**
 * The way of a record through its states: every value of the picklist in its order, those in which the record ends behind the others. A state that the history
 * knows is marked as passed; the order alone would claim states that were never reached.
 */
export function pathStrip(page, description, record, history) {
  const field = page.path === null ? undefined : description.byName.get(page.path.field);
  if (field === undefined) return null;
  const current = record[field.name] ?? null;
  const past = pastValues(history, field.name);
  const isEnd = ({ value }) => page.path.ends.includes(value);
  const step = (each) => {
    const isCurrent = each.value === current;
    const isPast = !isCurrent && past.has(each.value);
    const kind = isEnd(each) ? 'end' : 'step';
    return element(
      'li',
      {
        class: [kind, isCurrent ? 'current' : '', isPast ? 'past' : ''].filter(Boolean).join(' '),
        'aria-current': isCurrent ? 'step' : null,
      },
      isPast ? element('span', { class: 'mark', 'aria-hidden': 'true' }, '✓') : null,
      isCurrent ? element('span', { class: 'mark', 'aria-hidden': 'true' }, '●') : null,
      each.label,
      spoken(isCurrent ? ' (now)' : isPast ? ' (passed)' : ''),
    );
  };
  const open = field.picklistValues.filter((each) => !isEnd(each));
  const ends = field.picklistValues.filter(isEnd);
  return element(
    'section',
    { class: 'path card', 'aria-label': `Path: ${field.label}` },
    element('ol', { class: 'steps' }, open.map(step)),
    ends.length === 0
      ? null
      : element(
          'div',
          { class: 'ends' },
          element('span', { class: 'ends-label', id: 'path-ends' }, 'Ends as'),
          element('ul', { 'aria-labelledby': 'path-ends' }, ends.map(step)),
        ),
    current === null ? element('p', { class: 'facts' }, `${field.label} is not set yet.`) : null,
  );
}
