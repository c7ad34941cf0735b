/** How records are shown: what the project ships, and what `object-page.js` says where it ships nothing. */

import { OBJECT_PAGES } from './object-page.js';

const SCREENS = '/page/screens.json';
/** Kept by the org, shown in a section of their own. */
const SYSTEM_FIELDS = ['CreatedDate', 'CreatedById', 'LastModifiedDate', 'LastModifiedById', 'SystemModstamp', 'Id'];
/** A system field too, unless a section has it: it is read together with the deal. */
const LAST_ACTIVITY = 'LastActivityDate';
/** Unless a section has it: as in an org, a record type is shown where the layout places it. */
const NEVER_SHOWN = ['IsDeleted', 'MasterRecordId', 'Id', 'RecordTypeId'];

let shipped = {};

export async function loadScreens() {
  const answer = await fetch(SCREENS);
  shipped = await answer.json();
}

/** True for objects that have a list and a page for each record. */
export function hasPage(objectName) {
  return objectName in OBJECT_PAGES;
}

/** The shipped list views, then those that every org has. */
export function listViewsOf(objectName) {
  return [...(shipped[objectName]?.listViews ?? []), ...OBJECT_PAGES[objectName].views];
}

export function actionsOf(objectName) {
  return shipped[objectName]?.actions ?? [];
}

/** Lists of records that lead to one of this object: the page's own, then one for each shipped lookup. */
export function relatedListsOf(objectName) {
  const own = OBJECT_PAGES[objectName].related;
  const added = shipped[objectName]?.relatedLists ?? [];
  return [...own, ...added.map(({ label, ...list }) => ({ ...list, title: label, of: 'Id', isOwn: true }))];
}

/**
 * The sections of a record of this object. Fields that no section has come after them: the org's own (custom) ones open, so that a field that is shipped later
 * is seen, and the others closed.
 */
export function sectionsOf(description) {
  const page = OBJECT_PAGES[description.name];
  const sections = (shipped[description.name]?.layout?.sections ?? page.sections)
    .map(({ label, columns }) => ({
      label,
      columns: columns.map((column) => column.filter(({ field }) => description.byName.has(field))),
      isOpen: true,
    }))
    .filter(({ columns }) => columns.some((column) => column.length > 0));
  const placed = new Set([
    ...sections.flatMap(({ columns }) => columns.flat().map(({ field }) => field)),
    ...SYSTEM_FIELDS,
    ...NEVER_SHOWN,
  ]);
  const rest = description.fields.filter(({ name }) => !placed.has(name) && name !== LAST_ACTIVITY);
  const custom = rest.filter((field) => field.custom);
  const standard = rest.filter((field) => !field.custom && field.name !== 'Name');
  return [
    ...sections,
    ...(custom.length === 0 ? [] : [sectionOf('Custom fields', custom, true)]),
    ...(standard.length === 0 ? [] : [sectionOf('Other fields', standard, false)]),
  ];
}

/** What the CRM itself keeps of a record; `sections` are those that are shown above. */
export function systemFieldsOf(description, sections) {
  const placed = new Set(sections.flatMap(({ columns }) => columns.flat().map(({ field }) => field)));
  const own = placed.has(LAST_ACTIVITY) ? SYSTEM_FIELDS : [LAST_ACTIVITY, ...SYSTEM_FIELDS];
  return own.filter((name) => description.byName.has(name));
}

function sectionOf(label, fields, isOpen) {
  const items = fields.map((field) => ({ field: field.name, behavior: 'Edit' }));
  const half = Math.ceil(items.length / 2);
  return { label, columns: [items.slice(0, half), items.slice(half)], isOpen };
}
