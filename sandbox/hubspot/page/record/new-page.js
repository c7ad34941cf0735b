import { announce, element } from '../../../kit/page/element.js';
import { currentAlias } from '../../../kit/page/session.js';
import { guardUnsaved } from '../../../kit/page/unsaved.js';
import { listAddress, recordAddress } from '../address.js';
import { describe, readOwners } from '../crm/definition.js';
import { associate, createRecord } from '../crm/record.js';
import { recordForm } from './form.js';
import { editableNames, impliedBy } from './shown.js';

/** The form of a new record. It belongs to whoever enters it, unless they choose somebody else. */
export async function openNewPage({ typeId, params }) {
  const [type, owners] = await Promise.all([describe(typeId), readOwners()]);
  const form = recordForm(type, editableNames(type), {});
  const stopGuarding = guardUnsaved(form.isChanged);
  const owner = owners.find(({ alias }) => alias === currentAlias());
  const defaults = owner !== undefined && type.byName.has('hubspot_owner_id') ? { hubspot_owner_id: owner.id } : {};
  const [otherType, otherId] = (params.get('with') ?? '').split(':');
  const other = otherId === undefined ? null : { typeId: otherType, id: otherId };
  const save = element('button', { type: 'submit', class: 'primary' }, 'Save');
  const submit = async (event) => {
    event.preventDefault();
    save.disabled = true;
    await carryOut({ type, form, defaults, other, stopGuarding });
    save.disabled = false;
  };
  const singular = type.labels.singular.toLowerCase();
  const back = other === null ? listAddress(typeId) : recordAddress(other.typeId, other.id);
  return {
    element: element(
      'form',
      { class: 'editor new-page', novalidate: true, 'aria-label': `New ${singular}`, onsubmit: submit },
      element('h1', { tabindex: '-1' }, `New ${singular}`),
      form.node,
      element('div', { class: 'form-actions' }, element('a', { class: 'button', href: back }, 'Cancel'), save),
    ),
    title: `New ${singular}`,
    close: stopGuarding,
    follow: async () => false,
    focus: () => form.focusField(),
  };
}

async function carryOut({ type, form, defaults, other, stopGuarding }) {
  const changes = form.changes();
  try {
    const { id } = await createRecord(type.id, { ...defaults, ...changes, ...impliedBy(type, changes) });
    stopGuarding();
    if (other !== null) await associate({ typeId: type.id, id }, other);
    announce(`The ${type.labels.singular.toLowerCase()} was created.`);
    location.hash = recordAddress(type.id, id);
  } catch (error) {
    form.showRefusal(error);
  }
}
