import { openDialog } from '../../../kit/page/dialog.js';
import { announce, element } from '../../../kit/page/element.js';
import { updateRecord } from '../crm/record.js';
import { recordForm } from './form.js';

/** What the card of Dealkeeper's app shows as buttons: choices that are made by being entered, with a comment. */
const REQUEST = 'requested_decision';
const COMMENT = 'decision_comment';

/** A button for each decision that can be asked for on a record of `type`; none where it has none. `done` is called after one was saved. */
export function decisionButtons(type, record, title, done) {
  const request = type.byName.get(REQUEST);
  const isAsked = request !== undefined && !request.modificationMetadata.readOnlyValue && type.byName.has(COMMENT);
  if (!isAsked) return [];
  return request.choices.map((choice) =>
    element('button', { type: 'button', onclick: () => ask({ type, record, title, choice, done }) }, choice.label),
  );
}

function ask({ type, record, title, choice, done }) {
  const form = recordForm(type, [COMMENT], {});
  openDialog({
    title: `${choice.label} ${title}`,
    confirm: choice.label,
    style: choice.value === 'deny' ? 'danger' : 'primary',
    build: () => element('div', {}, form.node),
    submit: async (close) => {
      try {
        await updateRecord(type.id, record.id, { ...form.changes(), [REQUEST]: choice.value });
      } catch (error) {
        return form.showRefusal(error);
      }
      close();
      announce(`${choice.label}: asked for.`);
      return done();
    },
  });
  form.focusField(COMMENT);
}
