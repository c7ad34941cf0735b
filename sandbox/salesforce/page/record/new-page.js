import { goBack, listAddress, recordAddress } from '../address.js';
import { describe } from '../crm/description.js';
import { createRecord, readRecord } from '../crm/record.js';
import { announce, element } from '../../../kit/page/element.js';
import { OBJECT_PAGES } from '../object-page.js';
import { sectionsOf } from '../screen.js';
import { guardUnsaved } from '../../../kit/page/unsaved.js';
import { recordForm } from './record-form.js';

/** The form of a new record. What the address says of its fields is filled in; the owner is whoever enters it. */
export async function openNewPage({ objectName, params }) {
  const description = await describe(objectName);
  const page = OBJECT_PAGES[objectName];
  const known = await knownValues(description, params);
  const asked = sectionsOf(description)
    .map((section) => ({ ...section, columns: askedColumns(section.columns, (item) => isAsked(description, page, item)) }))
    .filter(({ columns }) => columns.length > 0);
  const form = recordForm({ description, sections: asked, record: known, isEditable: () => true });
  const stopGuarding = guardUnsaved(form.isChanged);
  const save = element('button', { type: 'submit', class: 'primary' }, 'Save');
  const submit = async (event) => {
    event.preventDefault();
    if (save.disabled) return;
    save.disabled = true;
    await carryOut({ form, description, known, stopGuarding });
    save.disabled = false;
  };
  return {
    element: element(
      'form',
      { class: 'editor new-page', novalidate: true, 'aria-label': `New ${description.label}`, onsubmit: submit },
      element('h1', { tabindex: '-1' }, `New ${description.label}`),
      form.node,
      element(
        'div',
        { class: 'form-actions' },
        element('button', { type: 'button', onclick: () => goBack(listAddress(description.name)) }, 'Cancel'),
        save,
      ),
    ),
    title: `New ${description.label}`,
    close: stopGuarding,
    follow: async () => false,
    /** Where the focus goes when the page opens: somebody who comes here wants to type. */
    focus: () => form.focusField(),
  };
}

/** The columns of what is asked for. Where one of two is left empty, the other is spread over both. */
function askedColumns(columns, isAskedFor) {
  const kept = columns.map((column) => column.filter(isAskedFor));
  const all = kept.flat();
  if (all.length === 0) return [];
  if (columns.length === 1 || kept.every((column) => column.length > 0)) return kept;
  return [all.filter((_item, index) => index % 2 === 0), all.filter((_item, index) => index % 2 === 1)];
}

function isAsked(description, page, { field: name, behavior }) {
  const field = description.byName.get(name);
  return field.createable && behavior !== 'Readonly' && name !== 'OwnerId' && !page.notAtCreation.includes(name);
}

/** Defaults of the object, and what the address says: lookups with the names behind them. */
async function knownValues(description, params) {
  const values = {};
  for (const field of description.fields) {
    const usual = field.picklistValues.find((each) => each.defaultValue)?.value ?? (field.type === 'boolean' ? field.defaultValue : null);
    values[field.name] = params.get(field.name) ?? usual;
  }
  const lookups = description.fields.filter((field) => field.type === 'reference' && params.has(field.name));
  await Promise.all(
    lookups.map(async (field) => {
      const id = params.get(field.name);
      const objectName = await objectOf(field, id);
      const parent = objectName === null ? null : await readRecord(objectName, id);
      if (parent !== null) values[field.relationshipName] = { attributes: parent.attributes, Name: parent.Name ?? parent.Subject };
    }),
  );
  return values;
}

/** Where a lookup leads to several objects, the first three characters of an id say to which. */
async function objectOf(field, id) {
  if (field.referenceTo.length === 1) return field.referenceTo[0];
  const descriptions = await Promise.all(field.referenceTo.map(describe));
  return descriptions.find((each) => each.keyPrefix === id.slice(0, 3))?.name ?? null;
}

async function carryOut({ form, description, known, stopGuarding }) {
  const { values, problems } = form.read();
  if (Object.keys(problems).length > 0) return form.showProblems(problems);
  const given = Object.entries({ ...hiddenValues(form, known), ...values }).filter(([, value]) => value !== null);
  try {
    const id = await createRecord(description.name, Object.fromEntries(given));
    stopGuarding();
    announce(`The ${description.label.toLowerCase()} was created.`);
    location.hash = recordAddress(description.name, id);
  } catch (error) {
    form.showRefusal(error);
  }
  return undefined;
}

/** What the address says of fields that the form does not ask for; defaults are the CRM's to set. */
function hiddenValues(form, known) {
  return Object.fromEntries(
    [...new URLSearchParams(location.hash.split('?')[1])].filter(([name]) => name in known && !form.isAskedFor(name)),
  );
}
