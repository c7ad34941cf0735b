import { orgNow } from '../crm/call.js';
import { announce, element } from '../../../kit/page/element.js';
import { picklistLabel } from '../field/text.js';

/** How often an answer is looked for, and when waiting is long. */
export const ANSWER_PAUSE_MS = 1500;
const LONG_WAIT_MS = 60_000;

/**
 * Follows what a button asked for: waiting while the command field holds it, and the answer once the field is empty again. `page.command` names both fields.
 * `note` is told of every reading of the record and of every command that is set on this page; `node` shows what stands.
 */
export function followAnswer(page, description) {
  const field = page.command === null ? undefined : description.byName.get(page.command.field);
  const state = { asked: null, sinceMs: 0, answer: null };
  if (field === undefined) return { note: () => undefined, isWaiting: () => false, isAnswered: () => false, node: () => null };
  return {
    note: (record) => {
      const asked = record[field.name] ?? null;
      if (asked !== null) {
        if (state.asked !== asked) state.sinceMs = orgNow();
        Object.assign(state, { asked, answer: null });
      } else if (state.asked !== null) {
        state.answer = { to: state.asked, words: record[page.command.answer] ?? 'It was carried out.' };
        state.asked = null;
        announce(`Answer to ${picklistLabel(field, state.answer.to)}: ${state.answer.words}`);
      }
    },
    isWaiting: () => state.asked !== null,
    isAnswered: () => state.answer !== null,
    node: () => messageOf(state, field),
  };
}

function messageOf({ asked, sinceMs, answer }, field) {
  if (asked !== null) {
    const isLong = orgNow() - sinceMs > LONG_WAIT_MS;
    return element(
      'p',
      { class: 'message busy' },
      element('span', { class: 'spinner', 'aria-hidden': 'true' }),
      element('strong', {}, `Waiting for the answer to “${picklistLabel(field, asked)}”.`),
      isLong
        ? ' It takes longer than usual. The request is kept and is answered when Dealkeeper is back.'
        : ' It usually takes some seconds.',
    );
  }
  if (answer === null) return null;
  return element(
    'p',
    { class: 'message answer' },
    element('strong', {}, `Answer to “${picklistLabel(field, answer.to)}”`),
    ` ${answer.words}`,
  );
}
