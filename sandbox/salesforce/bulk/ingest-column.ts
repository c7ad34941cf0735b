/** The columns of uploaded data: fields by name, and parents by an external id. Source: Bulk API 2.0 Developer Guide, "Relationship Fields in a Header Row". */

import { findField, findObject } from '../schema/catalogue.ts';
import type { Schema } from '../schema/catalogue.ts';
import type { SObjectDefinition, SObjectField } from '../schema/definition.ts';
import type { RecordBody } from '../write/record-body.ts';
import { UnreadableData } from './csv-dialect.ts';

/** Written in a cell, it empties the field; an empty cell leaves it as it is. */
const NULL_CELL = '#N/A';

/** The words for yes and no that the guide lists beside true and false ("Valid Date Format", "Boolean"). */
const YES = new Set(['yes', 'y', 'true', 'on', '1']);
const NO = new Set(['no', 'n', 'false', 'off', '0']);

export type IngestColumn =
  | { readonly kind: 'field'; readonly field: SObjectField }
  | {
      readonly kind: 'parent';
      readonly relationshipName: string;
      /** The object that is meant where the lookup leads to several; null for the only one. */
      readonly type: string | null;
      readonly field: SObjectField;
    };

/**
 * What each column of `header` sets. `Partner__r.Partner_Id__c` names a parent by its external id, `User:Owner.Username` one of several objects.
 *
 * @throws UnreadableData for a name that the object does not have: the whole job fails with it.
 */
export function readHeader(schema: Schema, definition: SObjectDefinition, header: readonly string[]): readonly IngestColumn[] {
  const seen = new Set<string>();
  return header.map((name) => {
    const key = name.trim().toLowerCase();
    if (seen.has(key)) throw new UnreadableData(`InvalidBatch : Field name found more than once : ${name}`);
    seen.add(key);
    const field = findField(definition, name.trim());
    if (field !== null) return { kind: 'field', field };
    const parent = readParentColumn(schema, definition, name.trim());
    if (parent === null) throw new UnreadableData(`InvalidBatch : Field name not found : ${name}`);
    return parent;
  });
}

function readParentColumn(schema: Schema, definition: SObjectDefinition, name: string): IngestColumn | null {
  const [, type, relationshipName = '', fieldName = ''] = /^(?:(\w+):)?(\w+)\.(\w+)$/.exec(name) ?? [];
  const lookup = definition.fields.find((field) => field.relationshipName?.toLowerCase() === relationshipName.toLowerCase());
  const parent = findObject(schema, type ?? lookup?.referenceTo[0] ?? '');
  const field = parent === null ? null : findField(parent, fieldName);
  if (lookup?.relationshipName == null || parent === null || field === null) return null;
  return { kind: 'parent', relationshipName: lookup.relationshipName, type: type === undefined ? null : parent.name, field };
}

/** The write that a row asks for; empty cells set nothing. */
export function bodyOfRow(columns: readonly IngestColumn[], row: readonly string[]): RecordBody {
  const body: Record<string, unknown> = {};
  for (const [index, column] of columns.entries()) {
    const cell = row[index] ?? '';
    if (cell === '') continue;
    if (column.kind === 'field') body[column.field.name] = cellValue(column.field, cell);
    else body[column.relationshipName] = cell === NULL_CELL ? null : parentBody(column.type, column.field.name, cell);
  }
  return body;
}

function parentBody(type: string | null, fieldName: string, cell: string): RecordBody {
  return { ...(type === null ? {} : { attributes: { type } }), [fieldName]: cell };
}

function cellValue(field: SObjectField, cell: string): string | boolean | null {
  if (cell === NULL_CELL) return null;
  if (field.type !== 'boolean') return cell;
  const word = cell.trim().toLowerCase();
  return YES.has(word) ? true : NO.has(word) ? false : cell;
}
