import { askToConfirm } from '../../../kit/page/dialog.js';
import { announce, element, errorBox, redraw } from '../../../kit/page/element.js';
import { keepFresh } from '../../../kit/page/fresh.js';
import { guardUnsaved } from '../../../kit/page/unsaved.js';
import { listAddress, recordAddress } from '../address.js';
import { CrmError } from '../crm/call.js';
import { describe, titleOf } from '../crm/definition.js';
import { deleteRecord, readRecord, updateRecord } from '../crm/record.js';
import { valueText } from '../value.js';
import { associationCards } from './associations.js';
import { decisionButtons } from './decision.js';
import { recordForm } from './form.js';
import { isMergeable, openMerge } from './merge.js';
import { editableNames, impliedBy, readOnlyNames } from './shown.js';

const LOOK_AGAIN_MS = 3000;
const GONE = { errorCode: 'OBJECT_NOT_FOUND', message: 'This record is not there: it was deleted, or never was.' };

/** A record with its properties, which can be edited, and everything that is associated with it. */
export async function openRecordPage({ typeId, id }) {
  const type = await describe(typeId);
  const record = await readRecord(type, id);
  if (record === null) throw new CrmError(404, [GONE]);
  const parts = { head: element('div', {}), fields: element('div', {}), side: element('aside', { 'aria-label': 'Associations' }) };
  const here = { type, record, parts, editor: null };
  // A record that was merged leads to the one that came of it.
  if (record.id !== id) history.replaceState(null, '', recordAddress(typeId, record.id));
  drawHead(here);
  drawFields(here);
  await drawSide(here);
  const freshness = keepFresh(
    () => lookAgain(here),
    () => LOOK_AGAIN_MS,
  );
  return {
    element: element('div', { class: 'record-page' }, parts.head, element('div', { class: 'record-body' }, parts.fields, parts.side)),
    title: titleOf(type, record),
    close: () => {
      freshness.stop();
      here.editor?.stopGuarding();
    },
    follow: async () => false,
  };
}

/** Shows what others changed; what is being edited stays. */
async function lookAgain(here) {
  const record = await readRecord(here.type, here.record.id);
  if (record === null) {
    redraw(here.parts.head, errorBox({ complaints: [GONE] }));
    return;
  }
  if (JSON.stringify(record) === JSON.stringify(here.record)) return;
  here.record = record;
  drawHead(here);
  if (here.editor === null) drawFields(here);
  await drawSide(here);
}

function drawHead(here) {
  const { type, record } = here;
  const title = titleOf(type, record);
  const button = (label, onclick, style = null) => element('button', { type: 'button', class: style, onclick }, label);
  redraw(
    here.parts.head,
    element('p', { class: 'crumb' }, element('a', { href: listAddress(type.id) }, type.labels.plural)),
    element(
      'div',
      { class: 'record-head' },
      element('h1', { tabindex: '-1' }, title),
      element(
        'div',
        { class: 'actions', role: 'group', 'aria-label': 'Actions' },
        decisionButtons(type, record, title, () => lookAgain(here)),
        button('Edit', () => edit(here)),
        isMergeable(type) ? button('Merge', () => openMerge(type, record, title)) : null,
        button('Delete', () => void remove(here, title)),
      ),
    ),
  );
}

function drawFields(here) {
  const { type, record } = here;
  const shown = (name) => {
    const property = type.byName.get(name);
    return element(
      'div',
      { class: 'field' },
      element('dt', {}, property.label),
      element('dd', {}, valueText(property, record.properties[name])),
    );
  };
  const section = (label, names, isOpen) =>
    element(
      'details',
      { class: 'card section', open: isOpen },
      element('summary', {}, element('h2', {}, label)),
      element('div', { class: 'fields' }, element('dl', {}, names.map(shown))),
    );
  redraw(
    here.parts.fields,
    section(`About this ${type.labels.singular.toLowerCase()}`, editableNames(type), true),
    section('System', readOnlyNames(type), false),
  );
}

async function drawSide(here) {
  const from = { typeId: here.type.id, id: here.record.id };
  redraw(here.parts.side, await associationCards(from, () => drawSide(here)));
}

function edit(here) {
  if (here.editor !== null) return;
  const { type } = here;
  const form = recordForm(type, editableNames(type), here.record.properties);
  const known = here.record.properties;
  const save = element('button', { type: 'submit', class: 'primary' }, 'Save');
  const done = () => {
    here.editor.stopGuarding();
    here.editor = null;
    drawFields(here);
  };
  const submit = async (event) => {
    event.preventDefault();
    save.disabled = true;
    await carryOut(here, form, known, done);
    save.disabled = false;
  };
  here.editor = { stopGuarding: guardUnsaved(form.isChanged) };
  redraw(
    here.parts.fields,
    element(
      'form',
      { class: 'editor', novalidate: true, 'aria-label': `Edit ${type.labels.singular.toLowerCase()}`, onsubmit: submit },
      form.node,
      element('div', { class: 'form-actions' }, element('button', { type: 'button', onclick: done }, 'Cancel'), save),
    ),
  );
  form.focusField();
}

/** Writes what was changed. A value that somebody else has changed meanwhile is shown first, and written over when it is saved once more. */
async function carryOut(here, form, known, done) {
  const { type } = here;
  const changes = form.changes();
  if (Object.keys(changes).length === 0) return done();
  try {
    const latest = await readRecord(type, here.record.id);
    const now = latest?.properties ?? {};
    const overtaken = Object.keys(changes).filter(
      (name) => (now[name] ?? '') !== (known[name] ?? '') && (now[name] ?? '') !== changes[name],
    );
    Object.assign(known, now);
    if (overtaken.length > 0)
      return form.showRefusal({
        complaints: overtaken.map((field) => ({
          field,
          message: `Somebody changed this to “${element('span', {}, valueText(type.byName.get(field), now[field])).textContent}” meanwhile. Save again to write over it.`,
        })),
      });
    await updateRecord(type.id, here.record.id, { ...changes, ...impliedBy(type, changes) });
    here.record = await readRecord(type, here.record.id);
  } catch (error) {
    return form.showRefusal(error);
  }
  announce('Saved.');
  done();
  return drawHead(here);
}

async function remove(here, title) {
  const isSure = await askToConfirm({
    title: `Delete ${title}?`,
    words: 'It goes to the archive, from which it can be restored for 90 days.',
    confirm: 'Delete',
    style: 'danger',
  });
  if (!isSure) return;
  try {
    await deleteRecord(here.type.id, here.record.id);
    announce(`${title} was deleted.`);
    location.hash = listAddress(here.type.id);
  } catch (error) {
    announce(error.message);
  }
}
