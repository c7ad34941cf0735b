/** Custom permissions, which formulas ask for as `$Permission`, and whom permission sets give them to. Source: Metadata API Developer Guide, "PermissionSet", "CustomPermission". */

import type { RecordStore } from '../store/record-store.ts';

/** Gives the permission set `setId` these, in place of what it gave before. */
export function replaceCustomPermissions(store: RecordStore, setId: string, names: readonly string[]): void {
  store.run('DELETE FROM _custom_permission WHERE set_id = ?', setId);
  for (const name of new Set(names)) store.run('INSERT INTO _custom_permission (set_id, name) VALUES (?, ?)', setId, name);
}

export function holdsCustomPermission(store: RecordStore, userId: string, name: string): boolean {
  const sql = `SELECT 1 FROM _custom_permission p JOIN "PermissionSetAssignment" a ON a."PermissionSetId" = p.set_id
    WHERE p.name = ? COLLATE NOCASE AND a."AssigneeId" = ? AND a."IsActive" = 1 LIMIT 1`;
  return store.select(sql, name, userId).length > 0;
}
