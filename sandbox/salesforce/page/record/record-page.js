import { listAddress } from '../address.js';
import { CrmError } from '../crm/call.js';
import { describe, labelOf, titleField } from '../crm/description.js';
import { deleteRecord, readRecord, updateRecord } from '../crm/record.js';
import { openDialog } from '../../../kit/page/dialog.js';
import { announce, element, redraw } from '../../../kit/page/element.js';
import { fieldText } from '../field/text.js';
import { keepFresh } from '../../../kit/page/fresh.js';
import { OBJECT_PAGES } from '../object-page.js';
import { actionsOf, relatedListsOf, sectionsOf } from '../screen.js';
import { ANSWER_PAUSE_MS, followAnswer } from './answer.js';
import { runAction } from './action-dialog.js';
import { recordDetail } from './detail.js';
import { openEditor } from './editor.js';
import { historyCard, readHistory } from './history.js';
import { pathStrip } from './path.js';
import { relatedList } from './related-list.js';

const LOOK_AGAIN_MS = 4000;
const GONE = [{ errorCode: 'NOT_FOUND', message: 'This record does not exist, or was deleted.' }];

/** One record: what stands out, its path, the buttons, its fields for reading and editing, related records and history. */
export async function openRecordPage({ objectName, id }) {
  const description = await describe(objectName);
  const page = OBJECT_PAGES[objectName];
  const record = await readRecord(objectName, id);
  if (record === null) throw new CrmError(404, GONE);
  const here = {
    description,
    page,
    record,
    sections: sectionsOf(description),
    answer: followAnswer(page, description),
    parts: {
      head: element('div', {}),
      fields: element('div', { class: 'sections' }),
      side: element('aside', { 'aria-label': 'Related records' }),
    },
    /** The form while the record is edited. */
    editor: null,
  };
  here.answer.note(record);
  await drawAround(here);
  drawHead(here);
  drawFields(here);
  here.freshness = keepFresh(
    () => lookAgain(here),
    () => (here.answer.isWaiting() ? ANSWER_PAUSE_MS : LOOK_AGAIN_MS),
  );
  return {
    element: element(
      'div',
      { class: 'record-page' },
      here.parts.head,
      element('div', { class: 'record-body' }, here.parts.fields, here.parts.side),
    ),
    title: titleOf(here),
    close: () => {
      here.freshness.stop();
      here.editor?.close();
    },
    follow: async () => false,
  };
}

function titleOf({ description, record, page }) {
  const subtitle = page.subtitle === null ? null : record[page.subtitle];
  return [record[titleField(description).name] ?? record.Id, subtitle].filter(Boolean).join(' · ');
}

/** Reads the record anew and shows what others changed; while it is edited, only that they did. */
async function lookAgain(here) {
  const record = await readRecord(here.description.name, here.record.Id);
  if (record === null) {
    here.freshness.stop();
    announce(GONE[0].message);
    here.isGone = true;
    drawHead(here);
    return;
  }
  here.answer.note(record);
  const isSame = JSON.stringify(record) === JSON.stringify(here.record);
  if (!isSame) await show(here, record);
  // Drawn anew only where it says something else: a button must not vanish under a finger.
  else if (here.answer.node()?.textContent !== here.shownAnswer) drawHead(here);
}

async function show(here, record) {
  here.record = record;
  await drawAround(here);
  drawHead(here);
  if (here.editor === null) drawFields(here);
}

/** Reads again after something was saved here. */
async function reload(here) {
  const record = await readRecord(here.description.name, here.record.Id);
  here.answer.note(record);
  await show(here, record);
  here.freshness.soon();
}

function drawHead(here) {
  const { description, page, record, history, parts } = here;
  const title = titleField(description);
  const answer = here.answer.node();
  here.shownAnswer = answer?.textContent;
  redraw(
    parts.head,
    element('p', { class: 'crumb' }, element('a', { href: listAddress(description.name) }, description.labelPlural)),
    element(
      'div',
      { class: 'record-head' },
      element(
        'h1',
        { tabindex: '-1' },
        record[title.name] ?? record.Id,
        page.subtitle !== null && record[page.subtitle] ? element('span', { class: 'subtitle' }, ` ${record[page.subtitle]}`) : null,
      ),
      element('div', { class: 'actions', role: 'group', 'aria-label': 'Actions' }, buttons(here)),
    ),
    here.isGone ? element('p', { class: 'message warning', role: 'alert' }, GONE[0].message) : null,
    answer,
    pathStrip(page, description, record, history),
    highlights(page, description, record),
    messages(here),
  );
}

function buttons(here) {
  const { description, page, record } = here;
  const name = titleOf(here);
  const actions = actionsOf(description.name).map((action) =>
    element(
      'button',
      { type: 'button', onclick: () => void runAction(action, { record: here.record, name, done: () => reload(here) }) },
      action.label,
    ),
  );
  const canEdit = description.updateable && !page.isReadOnly;
  return [
    actions,
    description.name === 'Task' && !record.IsClosed
      ? element('button', { type: 'button', class: 'primary', onclick: () => void completeTask(here) }, 'Mark complete')
      : null,
    canEdit ? element('button', { type: 'button', class: 'quiet', onclick: () => edit(here) }, 'Edit') : null,
    description.deletable && !page.isReadOnly
      ? element('button', { type: 'button', class: 'quiet', onclick: () => confirmDelete(here) }, 'Delete')
      : null,
  ];
}

function highlights(page, description, record) {
  const items = page.highlights.flatMap((name) => {
    const field = description.byName.get(name);
    return field === undefined ? [] : [element('div', {}, element('dt', {}, labelOf(field)), element('dd', {}, fieldText(field, record)))];
  });
  return element('dl', { class: 'highlights card', 'aria-label': 'Highlights' }, items);
}

function messages({ page, description, record, answer }) {
  return page.messages.map(({ field: name, tone }) => {
    const field = description.byName.get(name);
    // The answer stands above in the same words.
    const isSaid = answer.isAnswered() && name === page.command.answer;
    if (field === undefined || !record[name] || isSaid) return null;
    return element('p', { class: `message ${tone}` }, element('strong', {}, labelOf(field)), ` ${record[name]}`);
  });
}

function drawFields(here) {
  const { description, sections, record, page, parts } = here;
  const canEdit = description.updateable && !page.isReadOnly;
  const open = new Map([...parts.fields.querySelectorAll('details')].map((each) => [each.querySelector('h2').textContent, each.open]));
  const shown = sections.map((section) => ({ ...section, isOpen: open.get(section.label) ?? section.isOpen }));
  redraw(parts.fields, recordDetail({ description, sections: shown, record, edit: canEdit ? (name) => edit(here, name) : null }));
}

/** Related records and the history, all at once. */
async function drawAround(here) {
  const { description, page, record, parts } = here;
  const lists = relatedListsOf(description.name).map((related) => relatedList(related, record, description.name));
  const [history, ...cards] = await Promise.all([readHistory(page, record.Id), ...lists]);
  here.history = history;
  redraw(parts.side, cards, page.history === null ? null : historyCard(history, description));
}

function edit(here, fieldName) {
  if (here.editor !== null) {
    here.editor.focusField(fieldName);
    return;
  }
  here.editor = openEditor({
    description: here.description,
    sections: here.sections,
    record: here.record,
    latest: () => readRecord(here.description.name, here.record.Id),
    saved: async () => {
      leaveEditor(here);
      announce('Saved.');
      await reload(here);
      returnFocus(here, fieldName);
    },
    cancelled: () => {
      leaveEditor(here);
      drawFields(here);
      returnFocus(here, fieldName);
    },
  });
  here.parts.fields.replaceChildren(here.editor.node);
  here.editor.focusField(fieldName);
}

function leaveEditor(here) {
  here.editor.close();
  here.editor = null;
}

/** To the button that opened the form. */
function returnFocus(here, fieldName) {
  const label = fieldName === undefined ? null : `Edit ${labelOf(here.description.byName.get(fieldName))}`;
  const pencil = label === null ? null : here.parts.fields.querySelector(`[aria-label="${CSS.escape(label)}"]`);
  const button = [...here.parts.head.querySelectorAll('button')].find((each) => each.textContent === 'Edit');
  (pencil ?? button)?.focus();
}

async function completeTask(here) {
  try {
    await updateRecord('Task', here.record.Id, { Status: 'Completed' });
    announce('Completed.');
    await reload(here);
    here.parts.head.querySelector('h1').focus();
  } catch (error) {
    announce(error.message);
  }
}

function confirmDelete(here) {
  const { description, record } = here;
  const problem = element('p', { class: 'problem', role: 'alert' });
  openDialog({
    title: `Delete ${titleOf(here)}?`,
    confirm: 'Delete',
    style: 'danger',
    build: () => element('div', {}, element('p', {}, `This ${description.label.toLowerCase()} goes to the recycle bin.`), problem),
    submit: async (close) => {
      try {
        await deleteRecord(description.name, record.Id);
      } catch (error) {
        problem.textContent = error.message;
        return;
      }
      here.editor?.close();
      close();
      location.hash = listAddress(description.name);
      announce(`${titleOf(here)} was deleted.`);
    },
  });
}
