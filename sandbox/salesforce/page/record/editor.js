import { updateRecord } from '../crm/record.js';
import { element } from '../../../kit/page/element.js';
import { fieldText } from '../field/text.js';
import { guardUnsaved } from '../../../kit/page/unsaved.js';
import { isEditable } from './detail.js';
import { recordForm } from './record-form.js';

/**
 * The form of a record that is edited. Only changed fields are written. Before that, the record is read again (`latest`): a field that somebody else has changed
 * meanwhile is shown with their value, and written over only when it is saved once more.
 */
export function openEditor({ description, sections, record, latest, saved, cancelled }) {
  const form = recordForm({ description, sections, record, isEditable });
  const stopGuarding = guardUnsaved(form.isChanged);
  const known = { ...record };
  const save = element('button', { type: 'submit', class: 'primary' }, 'Save');
  const submit = async (event) => {
    event.preventDefault();
    if (save.disabled) return;
    save.disabled = true;
    await carryOut({ form, description, known, latest, saved, cancelled });
    save.disabled = false;
  };
  const onkeydown = (event) => {
    if (event.key === 'Escape' && !event.defaultPrevented && !form.isChanged()) cancelled();
  };
  const node = element(
    'form',
    { class: 'editor', novalidate: true, 'aria-label': `Edit ${description.label}`, onsubmit: submit, onkeydown },
    form.node,
    element('div', { class: 'form-actions' }, element('button', { type: 'button', onclick: cancelled }, 'Cancel'), save),
  );
  return { node, focusField: form.focusField, close: stopGuarding };
}

async function carryOut({ form, description, known, latest, saved, cancelled }) {
  const { changes, problems } = form.read();
  if (Object.keys(problems).length > 0) return form.showProblems(problems);
  if (Object.keys(changes).length === 0) return cancelled();
  try {
    const now = await latest();
    const overtaken = now === null ? {} : findOvertaken(description, changes, known, now);
    Object.assign(known, now);
    if (Object.keys(overtaken).length > 0) return form.showProblems(overtaken);
    await updateRecord(description.name, known.Id, changes);
  } catch (error) {
    return form.showRefusal(error);
  }
  return saved();
}

/** Words for each field that is about to be written and was changed by somebody else since it was read. */
function findOvertaken(description, changes, known, now) {
  const names = Object.keys(changes).filter((name) => known[name] !== now[name] && now[name] !== changes[name]);
  const who = now.LastModifiedBy?.Name ?? 'Somebody';
  return Object.fromEntries(
    names.map((name) => {
      const shown = element('span', {}, fieldText(description.byName.get(name), now));
      return [name, `${who} changed this to “${shown.textContent}” meanwhile. Save again to write over it.`];
    }),
  );
}
