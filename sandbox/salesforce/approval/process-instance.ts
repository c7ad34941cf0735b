/** The rows in which an approval is kept: the instance, its steps so far, and what is asked of whom. */

import { findObject } from '../schema/catalogue.ts';
import type { RecordStore, StoredRow } from '../store/record-store.ts';
import { storedInstant } from '../wire/instant.ts';
import type { WriteMoment } from '../write/field-history.ts';

export type InstanceStatus = 'Pending' | 'Approved' | 'Rejected' | 'Removed';

export interface Instance {
  readonly id: string;
  readonly definitionId: string;
  readonly recordId: string;
  readonly submitterId: string;
  /** Place of the step that is asked now. */
  readonly step: number;
}

export interface Workitem {
  readonly id: string;
  readonly instanceId: string;
  readonly actorId: string;
}

export function openInstance(
  store: RecordStore,
  definitionId: string,
  recordId: string,
  submitterId: string,
  moment: WriteMoment,
): Instance {
  const id = insert(store, 'ProcessInstance', moment, {
    ProcessDefinitionId: definitionId,
    TargetObjectId: recordId,
    Status: 'Pending',
    SubmittedById: submitterId,
    LastActorId: submitterId,
  });
  store.run('INSERT INTO _approval_step (instance_id, step) VALUES (?, 0)', id);
  return { id, definitionId, recordId, submitterId, step: 0 };
}

export function moveInstance(store: RecordStore, { id }: Instance, step: number): void {
  store.run('UPDATE _approval_step SET step = ? WHERE instance_id = ?', step, id);
}

export function closeInstance(store: RecordStore, { id }: Instance, status: InstanceStatus, moment: WriteMoment): void {
  const now = storedInstant(moment.nowMs);
  const changes = {
    Status: status,
    CompletedDate: now,
    LastActorId: moment.userId,
    LastModifiedDate: now,
    LastModifiedById: moment.userId,
    SystemModstamp: now,
  };
  store.update(objectOf(store, 'ProcessInstance'), id, changes);
  store.run('DELETE FROM _approval_step WHERE instance_id = ?', id);
  dropWorkitems(store, id);
}

/** The approval that `recordId` is in; null where it is in none. */
export function pendingInstance(store: RecordStore, recordId: string): StoredRow | null {
  return (
    store.select(`SELECT "Id" FROM "ProcessInstance" WHERE "TargetObjectId" = ? AND "Status" = 'Pending' LIMIT 1`, recordId)[0] ?? null
  );
}

export function findInstance(store: RecordStore, id: string): Instance | null {
  const [row] = store.select(
    'SELECT i.*, s.step AS "step" FROM "ProcessInstance" i JOIN _approval_step s ON s.instance_id = i."Id" WHERE i."Id" = ?',
    id,
  );
  if (row === undefined) return null;
  return {
    id,
    definitionId: String(row['ProcessDefinitionId']),
    recordId: String(row['TargetObjectId']),
    submitterId: String(row['SubmittedById']),
    step: Number(row['step']),
  };
}

export function recordStep(
  store: RecordStore,
  instanceId: string,
  status: 'Started' | 'Approved' | 'Rejected' | 'Removed',
  originalActorId: string,
  comments: string | null,
  moment: WriteMoment,
): void {
  const actors = { OriginalActorId: originalActorId, ActorId: moment.userId };
  insert(store, 'ProcessInstanceStep', moment, { ProcessInstanceId: instanceId, StepStatus: status, ...actors, Comments: comments });
}

export function addWorkitem(store: RecordStore, instanceId: string, actorId: string, moment: WriteMoment): string {
  return insert(store, 'ProcessInstanceWorkitem', moment, { ProcessInstanceId: instanceId, OriginalActorId: actorId, ActorId: actorId });
}

export function findWorkitem(store: RecordStore, id: string): Workitem | null {
  const row = store.find(objectOf(store, 'ProcessInstanceWorkitem'), id);
  return row === null ? null : { id, instanceId: String(row['ProcessInstanceId']), actorId: String(row['ActorId']) };
}

export function workitemsOf(store: RecordStore, instanceId: string): readonly Workitem[] {
  return store
    .select('SELECT "Id", "ActorId" FROM "ProcessInstanceWorkitem" WHERE "ProcessInstanceId" = ? ORDER BY "Id"', instanceId)
    .map((row) => ({ id: String(row['Id']), instanceId, actorId: String(row['ActorId']) }));
}

export function dropWorkitem(store: RecordStore, id: string): void {
  store.run('DELETE FROM "ProcessInstanceWorkitem" WHERE "Id" = ?', id);
}

export function dropWorkitems(store: RecordStore, instanceId: string): void {
  store.run('DELETE FROM "ProcessInstanceWorkitem" WHERE "ProcessInstanceId" = ?', instanceId);
}

function insert(store: RecordStore, objectName: string, moment: WriteMoment, values: StoredRow): string {
  const definition = objectOf(store, objectName);
  const now = storedInstant(moment.nowMs);
  const by = moment.userId;
  const Id = store.newId(definition.keyPrefix);
  store.insert(definition, {
    Id,
    CreatedDate: now,
    CreatedById: by,
    LastModifiedDate: now,
    LastModifiedById: by,
    SystemModstamp: now,
    ...values,
  });
  return Id;
}

function objectOf(store: RecordStore, name: string) {
  const definition = findObject(store.schema, name);
  if (definition === null) throw new Error(`The org has no object ${name}`);
  return definition;
}
