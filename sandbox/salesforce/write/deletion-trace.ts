/** Remembers what a deletion took along, so that bringing the record back brings it back too. Source: SOAP API Developer Guide, undelete(); Salesforce Help, "Restore Deleted Records". */

import { findObject } from '../schema/catalogue.ts';
import type { SObjectDefinition, SObjectField } from '../schema/definition.ts';
import { quoted } from '../store/database.ts';
import type { RecordStore } from '../store/record-store.ts';

export interface TracedRecord {
  readonly definition: SObjectDefinition;
  readonly id: string;
}

export interface TracedLookup extends TracedRecord {
  readonly fieldName: string;
}

/** `child` goes to the bin with `rootId`. */
export function traceChild(store: RecordStore, rootId: string, { definition, id }: TracedRecord): void {
  store.run("INSERT OR REPLACE INTO _deletion (root_id, record_id, object, field) VALUES (?, ?, ?, '')", rootId, id, definition.name);
}

/** Every lookup by `field` of `child` to `parentId` is about to be emptied, because of `rootId`. */
export function traceLookups(store: RecordStore, rootId: string, child: SObjectDefinition, field: SObjectField, parentId: string): void {
  const rows = `SELECT ?, "Id", ?, ? FROM ${quoted(child.name)} WHERE ${quoted(field.name)} = ?`;
  store.run(`INSERT OR REPLACE INTO _deletion (root_id, record_id, object, field) ${rows}`, rootId, child.name, field.name, parentId);
}

/** What went with `rootId`, each object known today; the trace is at its end. */
export function takeTrace(
  store: RecordStore,
  rootId: string,
): { readonly children: readonly TracedRecord[]; readonly lookups: readonly TracedLookup[] } {
  const rows = store.select('SELECT record_id, object, field FROM _deletion WHERE root_id = ? ORDER BY record_id', rootId);
  store.run('DELETE FROM _deletion WHERE root_id = ?', rootId);
  const traced = rows.flatMap((row): readonly TracedLookup[] => {
    const definition = findObject(store.schema, String(row['object']));
    return definition === null ? [] : [{ definition, id: String(row['record_id']), fieldName: String(row['field']) }];
  });
  return { children: traced.filter(({ fieldName }) => fieldName === ''), lookups: traced.filter(({ fieldName }) => fieldName !== '') };
}
