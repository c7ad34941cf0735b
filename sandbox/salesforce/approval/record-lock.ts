/** Records that their approval keeps from being edited. Source: Salesforce Help, "Approval Process: Record Editability"; Apex Reference, "Approval.lock". */

import type { SObjectDefinition } from '../schema/definition.ts';
import type { RecordStore } from '../store/record-store.ts';
import type { ApiError } from '../wire/api-error.ts';
import { ENTITY_LOCKED } from '../wire/rule-error.ts';
import type { WriteMoment } from '../write/field-history.ts';

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

/** Why whoever acts cannot write or delete the record of `definition` now; null where it is not locked, or not for them. */
export function lockOn(store: RecordStore, definition: SObjectDefinition, recordId: string, moment: WriteMoment): ApiError | null {
  const [lock] = store.select('SELECT instance_id, editability FROM _record_lock WHERE record_id = ?', recordId);
  if (lock === undefined || isAdministrator(store, definition, moment)) return null;
  const isApprover =
    lock['editability'] === 'AdminOrCurrentApprover' &&
    store.select(
      'SELECT 1 FROM "ProcessInstanceWorkitem" WHERE "ProcessInstanceId" = ? AND "ActorId" = ? LIMIT 1',
      lock['instance_id'] ?? null,
      moment.userId,
    ).length > 0;
  return isApprover ? null : ENTITY_LOCKED;
}

/**
 * Whether whoever acts edits locked records and decides in place of approvers: they may modify all data, or all records of the object. Where a control call named
 * administrators, it is they and nobody else.
 */
export function isAdministrator(store: RecordStore, definition: SObjectDefinition, { userId, access }: WriteMoment): boolean {
  const named = store.readMeta(ADMINISTRATORS) ?? '';
  if (named !== '') return (JSON.parse(named) as readonly string[]).includes(userId);
  return access?.modifiesAll(definition) ?? false;
}

/** Null: permissions say who. */
export function nameAdministrators(store: RecordStore, userIds: readonly string[] | null): void {
  store.writeMeta(ADMINISTRATORS, userIds === null ? '' : JSON.stringify(userIds));
}
