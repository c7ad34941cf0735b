/** The objects in which Salesforce keeps the history of tracked fields. Source: Object Reference, "StandardObjectNameHistory" and "Custom Objects: History". */

import { checkBox, field, lookup, picklist, READ_ONLY, text } from './field.ts';
import type { ObjectSource } from './field.ts';

/** Opportunity is the exception: `OpportunityHistory` is the log of stages, so its fields' history has another name. */
export function historyObjectName(objectName: string): string {
  if (objectName === 'Opportunity') return 'OpportunityFieldHistory';
  return objectName.endsWith('__c') ? `${objectName.slice(0, -3)}__History` : `${objectName}History`;
}

/** The object that holds the history of `source`'s fields; null where the object keeps none. */
export function historyObjectOf(source: ObjectSource): ObjectSource | null {
  const parentField = source.historyParentField;
  if (parentField === null) return null;
  const name = historyObjectName(source.name);
  const parentRelation = parentField === 'ParentId' ? 'Parent' : source.name;
  const tracked = source.fields.filter((each) => each.field.trackHistory).map((each) => each.field.name);
  return {
    name,
    label: `${source.label} History`,
    labelPlural: `${source.label} History`,
    keyPrefix: '017',
    custom: false,
    writable: false,
    deletable: false,
    historyParentField: null,
    fields: [
      field('Id', 'Record ID', 'id', { length: 18, nillable: false, ...READ_ONLY }),
      checkBox('IsDeleted', 'Deleted', READ_ONLY),
      lookup(parentField, `${source.label} ID`, [source.name], parentRelation, 'Histories', { nillable: false, ...READ_ONLY }),
      lookup('CreatedById', 'Created By ID', ['User'], 'CreatedBy', null, { nillable: false, ...READ_ONLY }),
      field('CreatedDate', 'Created Date', 'datetime', { nillable: false, ...READ_ONLY }),
      picklist('Field', 'Changed Field', ['created', ...tracked], { nillable: false, ...READ_ONLY }),
      text('DataType', 'Datatype', 40, READ_ONLY),
      text('OldValue', 'Old Value', 255, READ_ONLY),
      text('NewValue', 'New Value', 255, READ_ONLY),
    ],
  };
}

/** True for the two columns whose type is whatever the tracked field has: numbers stay numbers in them. */
export function isAnyTypeColumn(objectName: string, fieldName: string): boolean {
  return /(__|Field)?History$/.test(objectName) && (fieldName === 'OldValue' || fieldName === 'NewValue');
}
