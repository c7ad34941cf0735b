import type { RemoteWrite, WriteOutcome } from '../port.ts';
import type { ObjectDefinition } from './object-definition.ts';
import { checkName } from './soql-literal.ts';

/** A row as one write call carries it. `index` is its place in what the caller asked for. */
export interface PreparedRow {
  readonly index: number;
  readonly row: RemoteWrite;
  /** Rows with the same route share a call. */
  readonly route: string;
  readonly record: Readonly<Record<string, unknown>>;
}

export type Preparation =
  | { readonly kind: 'prepared'; readonly prepared: PreparedRow }
  | { readonly kind: 'refused'; readonly index: number; readonly outcome: WriteOutcome };

/**
 * Turns a row into the record of a Collections call: by id, or by external id, whose value Collections wants in the record itself.
 * Neither may carry an `Id` beside its target. Parents given by external id are nested under the name of the relationship.
 *
 * What cannot be carried is refused here, before any call. `definition` may be null where no row has parents.
 */
export function prepareRow(object: string, index: number, row: RemoteWrite, definition: ObjectDefinition | null): Preparation {
  const refuse = (code: 'CRM_REQUEST_INVALID' | 'CRM_FIELD_UNKNOWN', message: string, fields: readonly string[]): Preparation => ({
    kind: 'refused',
    index,
    outcome: { kind: 'refused', code, retryable: false, message, fields },
  });
  const record: Record<string, unknown> = { attributes: { type: object } };
  for (const [name, value] of Object.entries(row.fields)) {
    if (/^(id|attributes)$/i.test(name))
      return refuse('CRM_REQUEST_INVALID', `A row of ${object} carries ${name} beside its target`, [name]);
    if (row.parents?.[name] === undefined) record[checkName(name)] = value;
  }
  for (const [name, parent] of Object.entries(row.parents ?? {})) {
    const relationship = definition?.relationships.get(name);
    if (relationship === undefined)
      return refuse('CRM_FIELD_UNKNOWN', `${object}.${name} is not a lookup that can be set by external id`, [name]);
    const isPolymorphic = (definition?.fields.get(name)?.referenceTo.length ?? 1) > 1;
    record[relationship] = { ...(isPolymorphic ? { attributes: { type: parent.object } } : {}), [checkName(parent.field)]: parent.value };
  }
  const { target } = row;
  switch (target.kind) {
    case 'id':
      return { kind: 'prepared', prepared: { index, row, route: '/composite/sobjects', record: { ...record, id: target.id } } };
    case 'external_id': {
      if (target.value === '') return refuse('CRM_REQUEST_INVALID', `A row of ${object} has an empty external id`, [target.field]);
      const route = `/composite/sobjects/${object}/${checkName(target.field)}`;
      return { kind: 'prepared', prepared: { index, row, route, record: { ...record, [target.field]: target.value } } };
    }
  }
}

/** Names the record a row is aimed at, to tell rows for the same record apart from others. */
export function targetKey(row: RemoteWrite): string {
  return row.target.kind === 'id' ? `id ${row.target.id.slice(0, 15)}` : `${row.target.field} ${row.target.value}`;
}
