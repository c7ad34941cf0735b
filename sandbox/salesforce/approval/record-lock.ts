/** Records that their approval keeps from being edited. Source: Salesforce Help, "Approval Process: Record Editability"; Apex Reference, "Approval.lock". */

import type { RecordStore } from '../store/record-store.ts';
import type { ApiError } from '../wire/api-error.ts';
import { ENTITY_LOCKED } from '../wire/rule-error.ts';

export type Editability = 'AdminOnly' | 'AdminOrCurrentApprover';

const ADMINISTRATORS = 'approvalAdministrators';

export function lockRecord(store: RecordStore, recordId: string, instanceId: string, editability: Editability): void {
  store.run(
    'INSERT OR REPLACE INTO _record_lock (record_id, instance_id, editability) VALUES (?, ?, ?)',
    recordId,
    instanceId,
    editability,
  );
}

export function unlockRecord(store: RecordStore, recordId: string): void {
  store.run('DELETE FROM _record_lock WHERE record_id = ?', recordId);
}

/** Why this user cannot write or delete the record now; null where it is not locked, or not for them. */
export function lockOn(store: RecordStore, recordId: string, userId: string): ApiError | null {
  const [lock] = store.select('SELECT instance_id, editability FROM _record_lock WHERE record_id = ?', recordId);
  if (lock === undefined || isAdministrator(store, userId)) return null;
  const isApprover =
    lock['editability'] === 'AdminOrCurrentApprover' &&
    store.select(
      'SELECT 1 FROM "ProcessInstanceWorkitem" WHERE "ProcessInstanceId" = ? AND "ActorId" = ? LIMIT 1',
      lock['instance_id'] ?? null,
      userId,
    ).length > 0;
  return isApprover ? null : ENTITY_LOCKED;
}

/** Who edits locked records and decides in place of approvers, as administrators do; nobody unless somebody is named (DIFFERENCES.md). */
export function isAdministrator(store: RecordStore, userId: string): boolean {
  return administrators(store).includes(userId);
}

export function nameAdministrators(store: RecordStore, userIds: readonly string[]): void {
  store.writeMeta(ADMINISTRATORS, JSON.stringify(userIds));
}

function administrators(store: RecordStore): readonly string[] {
  return JSON.parse(store.readMeta(ADMINISTRATORS) ?? '[]') as readonly string[];
}
