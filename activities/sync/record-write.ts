import type { RemoteWrite } from '../../crm/port.ts';
import { encodeRecord, fieldOf } from '../../mappings/field-mapping.ts';
import type { CanonicalRecord } from '../../program/merge-plan.ts';
import type { Lane } from './lane.ts';
import type { RowPair } from './remote-edit.ts';
import type { LocalRecord } from './two-way-record.ts';

/** A record that does not exist there: every value that is not empty, except what only they may set and nobody commanded. */
export function newRecord({ policies }: Lane, local: LocalRecord): CanonicalRecord {
  const isSaid = (field: string): boolean => policies[field] !== 'theirs' || (local.commanded ?? []).includes(field);
  return Object.fromEntries(Object.entries(local.values).filter(([field, value]) => value !== null && isSaid(field)));
}

/**
 * The write that brings `send` to the CRM. A record that exists is named by the CRM's id, so that one that was deleted meanwhile is not made again behind a
 * person's back; one that does not is made by our id, so that doing it twice makes one record. A lookup is taken from the record that it was seen to lead to, and from
 * nobody else who holds it as well.
 */
export function writeOf({ crm, mapping, port }: Lane, local: LocalRecord, pair: RowPair | null, send: CanonicalRecord): RemoteWrite {
  const ownId = mapping.externalId ?? { ours: '', theirs: '' };
  const target: RemoteWrite['target'] =
    pair === null ? { kind: 'external_id', field: ownId.theirs, value: local.localId } : { kind: 'id', id: pair.row.id };
  const parents = Object.entries(local.parents).flatMap(([field, parent]) => {
    const lookup = fieldOf(mapping, field);
    const key = crm[parent.objectType].externalId;
    if (send[field] == null || lookup === undefined || key === null) return [];
    return [[lookup.theirs, { object: crm[parent.objectType].object, field: key.theirs, value: parent.localId }] as const];
  });
  const values = Object.entries(send).filter(([field, value]) => {
    if (field === ownId.ours) return target.kind === 'id';
    return value === null || local.parents[field] === undefined;
  });
  const fields = encodeRecord(mapping, Object.fromEntries(values));
  // Only such lookups may have several holders.
  const replaces = (port.lookups === undefined ? [] : Object.keys(send)).flatMap((field) => {
    const lookup = fieldOf(mapping, field);
    return lookup?.reference === undefined ? [] : [[lookup.theirs, pair?.theirs[field] ?? null] as const];
  });
  return {
    target,
    fields,
    ...(parents.length === 0 ? {} : { parents: Object.fromEntries(parents) }),
    ...(replaces.length === 0 ? {} : { replaces: Object.fromEntries(replaces) }),
  };
}
