import { CrmFailure } from '../failures.ts';
import type { RemoteRow, RemoteValue } from '../port.ts';
import { textOrNull, type JsonObject } from '../answer-shape.ts';
import type { ObjectDefinition } from './object-definition.ts';
import { checkName } from './soql-literal.ts';

/** What a row carries beside its fields. Not every object has all of them: users cannot be deleted, and few objects can be merged. */
const ROW_COLUMNS = ['IsDeleted', 'MasterRecordId', 'CreatedById', 'LastModifiedById'] as const;

/** The columns of a SELECT that brings `fields` and what a `RemoteRow` needs. */
export function columnsOf(definition: ObjectDefinition, fields: readonly string[]): string {
  const present = ROW_COLUMNS.filter((column) => definition.fields.has(column));
  return [...new Set(['Id', 'SystemModstamp', ...present, ...fields.map(checkName)])].join(', ');
}

/** One record of a query. Only what was asked for is in `fields`, under the name it was asked by; nested values are left out. */
export function readRow(record: JsonObject, fields: readonly string[]): RemoteRow {
  const id = textOrNull(record['Id']);
  const stamp = instantOf(record['SystemModstamp']);
  if (id === null || stamp === null) throw new CrmFailure('CRM_UNAVAILABLE', 'A row of the answer has no Id or no SystemModstamp');
  return {
    id,
    stamp,
    deleted: record['IsDeleted'] === true,
    mergedInto: textOrNull(record['MasterRecordId']),
    createdBy: textOrNull(record['CreatedById']),
    modifiedBy: textOrNull(record['LastModifiedById']),
    fields: Object.fromEntries(fields.flatMap((field) => (isValue(record[field]) ? [[field, record[field]] as const] : []))),
  };
}

/** REST writes `2013-05-20T20:49:32.000+0000`; the port speaks of instants in UTC with a Z. */
export function instantOf(value: unknown): string | null {
  const instant = typeof value === 'string' ? Date.parse(value.replace(/([+-]\d{2})(\d{2})$/, '$1:$2')) : Number.NaN;
  return Number.isNaN(instant) ? null : new Date(instant).toISOString();
}

export function isValue(value: unknown): value is RemoteValue {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
