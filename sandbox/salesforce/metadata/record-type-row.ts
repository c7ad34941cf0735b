/** The org's record types, as rows that queries find. Source: Object Reference, "RecordType". */

import { insertSetupRow } from '../access/permission-row.ts';
import type { RecordStore } from '../store/record-store.ts';

/** Writes a row for each record type of the org's objects; rows of others are gone. */
export function writeRecordTypes(store: RecordStore, nowMs: number): void {
  const stored = new Map(store.select('SELECT * FROM "RecordType"').map((row) => [String(row['Id']), row]));
  for (const definition of store.schema.values()) {
    for (const { id, developerName, label, description, isActive } of definition.recordTypes) {
      const values = {
        Name: label,
        DeveloperName: developerName,
        Description: description,
        SobjectType: definition.name,
        IsActive: isActive ? 1 : 0,
      };
      const known = stored.get(id);
      stored.delete(id);
      if (known !== undefined && Object.entries(values).every(([column, value]) => known[column] === value)) continue;
      if (known !== undefined) store.run('DELETE FROM "RecordType" WHERE "Id" = ?', id);
      insertSetupRow(store, 'RecordType', { Id: id, ...values }, nowMs);
    }
  }
  for (const id of stored.keys()) store.run('DELETE FROM "RecordType" WHERE "Id" = ?', id);
}
