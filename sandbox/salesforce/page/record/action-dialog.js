import { newAddress } from '../address.js';
import { describe } from '../crm/description.js';
import { updateRecord } from '../crm/record.js';
import { openDialog } from '../../../kit/page/dialog.js';
import { announce, element } from '../../../kit/page/element.js';
import { recordForm } from './record-form.js';

const NUMBERS = new Set(['int', 'double', 'currency', 'percent']);

/**
 * Carries a quick action out as an org does: it asks for the fields of the action's layout and saves them together with what the action sets. Whether that is
 * allowed is the system's to say. `done` is called after it was saved.
 */
export async function runAction(action, { record, name, done }) {
  const description = await describe(action.target);
  const sets = Object.fromEntries(action.sets.map(({ field, value }) => [field, typed(description.byName.get(field), value)]));
  if (action.kind === 'Create') {
    const parent = action.parentField === null ? {} : { [action.parentField]: record.Id };
    location.hash = newAddress(action.target, { ...sets, ...parent });
    return;
  }
  const form = recordForm({
    description,
    sections: [{ label: '', columns: [action.asks], isOpen: true }],
    record,
    isEditable: (_field, behavior) => behavior !== 'Readonly',
  });
  openDialog({
    title: `${action.label} ${name}`,
    confirm: action.label,
    style: /deny|reject/i.test(action.label) ? 'danger' : 'primary',
    build: () => element('div', {}, form.node),
    submit: async (close) => {
      const { values, problems } = form.read();
      if (Object.keys(problems).length > 0) return form.showProblems(problems);
      try {
        await updateRecord(action.target, record.Id, { ...values, ...sets });
      } catch (error) {
        return form.showRefusal(error);
      }
      close();
      announce(action.successMessage ?? `${action.label}: saved.`);
      return done();
    },
  });
  form.focusField();
}

function typed(field, value) {
  if (field.type === 'boolean') return value.toLowerCase() === 'true';
  return NUMBERS.has(field.type) ? Number(value) : value;
}
