/** What the layout describes answer, made from the shipped layouts. Source: REST API Developer Guide, "sObject Layouts"; SOAP API, DescribeLayoutResult. */

import type { SObjectDefinition, SObjectField } from '../schema/definition.ts';
import type { Layout, LayoutSection } from '../screen/layout.ts';
import { describeField, describeValues, recordTypeInfos } from './describe.ts';

/** An org has a layout for every object that people edit; where none is shipped, all fields stand in one section of two columns. */
export interface NamedLayout {
  readonly id: string;
  readonly layout: Pick<Layout, 'sections'> | null;
}

type Item = LayoutSection['columns'][number][number];

/** All layouts of `definition`, and which of them records of each kind have: here they share one. */
export function describeLayouts(definition: SObjectDefinition, named: NamedLayout, version: string): Record<string, unknown> {
  return {
    layouts: [describeLayout(definition, named)],
    recordTypeMappings: recordTypeInfos(definition, version).map((info) => ({
      ...info,
      layoutId: named.id,
      picklistsForRecordType: picklistsOf(definition, String(info['recordTypeId'])),
    })),
    recordTypeSelectorRequired: [definition.recordTypes.some(({ isActive }) => isActive)],
  };
}

export function describeLayout(definition: SObjectDefinition, { id, layout }: NamedLayout): Record<string, unknown> {
  const sections = layout?.sections ?? [wholeSection(definition)];
  return {
    buttonLayoutSection: { detailButtons: [] },
    detailLayoutSections: sections.map((section) => describeSection(definition, section, id)),
    editLayoutSections: sections.map((section) => describeSection(definition, section, id)),
    feedView: null,
    highlightsPanelLayoutSection: null,
    id,
    multirowEditLayoutSections: [],
    offlineLinks: [],
    quickActionList: { quickActionListItems: [] },
    relatedContent: null,
    relatedLists: [],
    saveOptions: [],
  };
}

/** The values that records of the kind may take, by picklist. */
function picklistsOf(definition: SObjectDefinition, recordTypeId: string): readonly object[] {
  const kind = definition.recordTypes.find(({ id }) => id === recordTypeId);
  return definition.fields
    .filter(({ type }) => type === 'picklist' || type === 'multipicklist')
    .map((field) => {
      const allowed = kind?.picklistValues.get(field.name);
      const picklistValues = field.picklistValues.filter(({ value }) => allowed?.has(value) !== false);
      return { picklistName: field.name, picklistValues: describeValues(definition, { ...field, picklistValues }) };
    });
}

function wholeSection({ label, fields }: SObjectDefinition): LayoutSection {
  const items = fields
    .filter(({ type, name }) => type !== 'id' && name !== 'IsDeleted' && name !== 'SystemModstamp')
    .map((field): Item => ({ field: field.name, behavior: !field.updateable ? 'Readonly' : field.nillable ? 'Edit' : 'Required' }));
  const half = Math.ceil(items.length / 2);
  return { label: `${label} Information`, columns: [items.slice(0, half), items.slice(half)] };
}

/** Rows go across the columns. */
function describeSection(definition: SObjectDefinition, { label, columns }: LayoutSection, layoutId: string): object {
  const rows = Math.max(0, ...columns.map((column) => column.length));
  return {
    collapsed: false,
    columns: columns.length,
    heading: label,
    layoutRows: Array.from({ length: rows }, (_each, row) => ({
      layoutItems: columns.map((column) => describeItem(definition, column[row])),
      numItems: columns.length,
    })),
    parentLayoutId: layoutId,
    rows,
    tabOrder: 'TopToBottom',
    useCollapsibleSection: false,
    useHeading: label !== '',
  };
}

function describeItem(definition: SObjectDefinition, item: Item | undefined): object {
  const field = definition.fields.find(({ name }) => name === item?.field);
  if (item === undefined || field === undefined)
    return { editableForNew: false, editableForUpdate: false, label: '', layoutComponents: [], placeholder: true, required: false };
  return {
    editableForNew: item.behavior !== 'Readonly' && field.createable,
    editableForUpdate: item.behavior !== 'Readonly' && field.updateable,
    label: field.label,
    layoutComponents: [
      { details: describeField(definition, field), displayLines: linesOf(field), tabOrder: 0, type: 'Field', value: field.name },
    ],
    placeholder: false,
    required: item.behavior === 'Required' || (!field.nillable && field.createable),
  };
}

function linesOf({ type }: SObjectField): number {
  return type === 'textarea' ? 4 : 1;
}
