import type { CrmFailureCode } from '../failures.ts';
import { CRM_FAILURES } from '../failures.ts';
import type { ParentReference, RemoteWrite, WriteOutcome } from '../port.ts';
import { associationFieldOf, type AssociationField } from './association-field.ts';
import { writeValue } from './object-property.ts';

/** What an association is set to: a record by id, one by its external id, or none. */
export type WantedRecord =
  { readonly kind: 'id'; readonly id: string } | { readonly kind: 'parent'; readonly parent: ParentReference } | { readonly kind: 'none' };

export interface WantedAssociation {
  readonly field: AssociationField;
  readonly to: WantedRecord;
  /** As in `RemoteWrite.replaces`. */
  readonly fromId?: string | null;
}

/** A row as the calls of a write carry it. `index` is its place in what the caller asked for. */
export interface PreparedRow {
  readonly index: number;
  readonly target: RemoteWrite['target'];
  /** As HubSpot takes them: all texts. */
  readonly properties: Readonly<Record<string, string>>;
  readonly associations: readonly WantedAssociation[];
}

export type Preparation =
  { readonly kind: 'prepared'; readonly row: PreparedRow } | { readonly kind: 'refused'; readonly outcome: WriteOutcome };

/** Parts a row into its properties and its associations. What cannot be carried is refused here, before any call. */
export function prepareRow(object: string, index: number, { target, fields, parents = {}, replaces = {} }: RemoteWrite): Preparation {
  const properties: Record<string, string> = {};
  const associations: WantedAssociation[] = [];
  const associate = (field: AssociationField, to: WantedRecord): void => {
    const fromId = replaces[field.name];
    associations.push(fromId === undefined ? { field, to } : { field, to, fromId });
  };
  for (const [name, value] of Object.entries(fields)) {
    if (/^(id|hs_object_id)$/i.test(name))
      return refused('CRM_REQUEST_INVALID', `A row of ${object} carries ${name} beside its target`, [name]);
    if (parents[name] !== undefined) continue;
    const field = associationFieldOf(name);
    if (field === null) properties[name] = writeValue(object, name, value);
    else associate(field, value === null || value === '' ? { kind: 'none' } : { kind: 'id', id: String(value) });
  }
  for (const [name, parent] of Object.entries(parents)) {
    const field = associationFieldOf(name);
    if (field === null)
      return refused('CRM_FIELD_UNKNOWN', `${object}.${name} is not an association that can be set by external id`, [name]);
    associate(field, { kind: 'parent', parent });
  }
  if (target.kind === 'external_id' && target.value.trim() === '')
    return refused('CRM_REQUEST_INVALID', `A row of ${object} has an empty external id`, [target.field]);
  return { kind: 'prepared', row: { index, target, properties, associations } };
}

/** Names the record a row is aimed at. Unique values compare without regard to case. */
export function targetKey({ target }: Pick<RemoteWrite, 'target'>): string {
  return target.kind === 'id' ? `id ${target.id}` : `${target.field} ${target.value.trim().toLowerCase()}`;
}

export function refusedOutcome(
  code: CrmFailureCode,
  message: string,
  fields: readonly string[],
): WriteOutcome & { readonly kind: 'refused' } {
  return { kind: 'refused', code, retryable: CRM_FAILURES[code].retryable, message, fields };
}

function refused(code: CrmFailureCode, message: string, fields: readonly string[]): Preparation {
  return { kind: 'refused', outcome: refusedOutcome(code, message, fields) };
}
