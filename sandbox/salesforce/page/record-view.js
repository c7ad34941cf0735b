import { describe, literal, query } from './crm.js';
import { decisionButtons } from './decision-panel.js';
import { element, errorBox } from './element.js';
import { editableField } from './field-editor.js';
import { fieldText, selectedPaths } from './field-text.js';
import { historyList } from './history-list.js';
import { OBJECT_PAGES } from './object-page.js';
import { relatedList } from './related-list.js';

/** Shows one record: highlights, messages, its fields for editing in place, related lists and history. */
export async function showRecord(main, objectName, id) {
  const page = OBJECT_PAGES[objectName];
  const description = await describe(objectName);
  const fields = new Map(description.fields.map((field) => [field.name, field]));
  const record = await readRecord(objectName, description, id);
  if (record === null) {
    main.replaceChildren(errorBox({ name: 'NOT_FOUND', message: 'The requested resource does not exist' }));
    return;
  }
  const reload = () => showRecord(main, objectName, id);
  const context = { objectName, id, fields, record, reload };

  main.replaceChildren(
    element(
      'div',
      { class: 'record-head' },
      element(
        'div',
        {},
        element('p', { class: 'crumb' }, element('a', { href: `#/${objectName}` }, page.tab)),
        element('h1', { tabindex: '-1' }, record.Name, titleSuffix(objectName, record)),
      ),
      element('div', { class: 'actions' }, page.decisions ? decisionButtons(context) : null, refreshButton(reload)),
    ),
    highlights(page, context),
    messages(page, context),
    element(
      'div',
      { class: 'record-body' },
      element('div', { class: 'sections' }, sections(page, context)),
      element(
        'aside',
        { 'aria-label': 'Related records and history' },
        await Promise.all(page.related.map((related) => relatedList(related, record))),
        await historyList(page.history, id, fields),
      ),
    ),
  );
}

/** The record with the names behind its lookups; null where there is none. */
export async function readRecord(objectName, description, id) {
  const paths = description.fields.flatMap(selectedPaths);
  const answer = await query(`SELECT ${paths.join(', ')} FROM ${objectName} WHERE Id = ${literal(id)}`);
  return answer.records[0] ?? null;
}

function titleSuffix(objectName, record) {
  return objectName === 'Deal_Registration__c' && record.Customer_Name__c ? element('small', {}, record.Customer_Name__c) : null;
}

function refreshButton(reload) {
  return element('button', { type: 'button', class: 'quiet', onclick: reload, title: 'Read the record again' }, 'Refresh');
}

function highlights(page, { fields, record }) {
  const items = page.highlights.flatMap((name) => {
    const field = fields.get(name);
    return field === undefined ? [] : element('div', {}, element('dt', {}, shortLabel(field)), element('dd', {}, fieldText(field, record)));
  });
  return element('dl', { class: 'highlights', 'aria-label': 'Highlights' }, items);
}

function messages(page, { fields, record }) {
  return element(
    'div',
    { class: 'messages' },
    page.messages.map(({ field: name, tone }) => {
      const value = record[name];
      if (!value) return null;
      return element('p', { class: `message ${tone}` }, element('strong', {}, fields.get(name)?.label ?? name), ` ${value}`);
    }),
  );
}

function sections(page, context) {
  const shown = new Set(page.sections.flatMap((section) => section.fields));
  const system = ['CreatedDate', 'CreatedById', 'LastModifiedDate', 'LastModifiedById'];
  const hidden = new Set([
    ...page.messages.map((message) => message.field),
    ...page.highlights,
    ...system,
    'Id',
    'Name',
    'IsDeleted',
    'SystemModstamp',
  ]);
  const rest = [...context.fields.keys()].filter((name) => !shown.has(name) && !hidden.has(name));
  const all = [
    ...page.sections.map((section) => ({ ...section, open: true })),
    { title: 'Other fields', fields: rest, open: false },
    { title: 'System', fields: ['Id', ...system, 'SystemModstamp'], open: false },
  ];
  return all.map(({ title, fields, open }) => {
    const present = fields.flatMap((name) => context.fields.get(name) ?? []);
    if (present.length === 0) return null;
    return element(
      'details',
      { class: 'card section', open },
      element('summary', {}, element('h2', {}, title)),
      element(
        'dl',
        { class: 'fields' },
        present.map((field) => editableField(field, shortLabel(field), context)),
      ),
    );
  });
}

function shortLabel(field) {
  return field.type === 'reference' ? field.label.replace(/ ID$/, '') : field.label;
}
