/** Keeps profiles, permission sets and the sample users' share of them in step with what is deployed. */

import type { KeptComponent } from '../metadata/org-metadata.ts';
import type { RecordStore } from '../store/record-store.ts';
import { writeDeployedSets } from './deployed-set.ts';
import { insertSetupRow } from './permission-row.ts';
import { ADMINISTRATOR, closeToProfiles, dropStaleGrants, openToProfiles, profileId, STANDARD_USER, writeProfiles } from './profile.ts';

/** Whether new objects and fields are given to the working profiles as they come, or to nobody before a permission set gives them. */
export type FieldAccess = 'profiles' | 'nobody';
const FIELD_ACCESS = 'fieldAccess';

/** The shipped permission set of each sample user. */
const SAMPLE_SETS: Readonly<Record<string, string>> = {
  integration: 'Dealkeeper_Integration',
  rep: 'Dealkeeper_Rep',
  rep2: 'Dealkeeper_Rep',
  manager: 'Dealkeeper_Approver',
  director: 'Dealkeeper_Approver',
  vp: 'Dealkeeper_Approver',
};

/** Makes the rows agree with `components` and the store's schema. Users without a profile get theirs, and the shipped permission set where it is deployed. */
export function furnishAccess(store: RecordStore, components: Iterable<KeptComponent>, initial: FieldAccess, nowMs: number): void {
  writeProfiles(store, nowMs);
  writeDeployedSets(store, components, nowMs);
  dropStaleGrants(store, store.schema);
  if (fieldAccess(store, initial) === 'profiles') openToProfiles(store, nowMs);
  for (const row of store.select('SELECT "Id", "Alias" FROM "User" WHERE "ProfileId" IS NULL')) {
    const alias = String(row['Alias']);
    const profile = profileId(store, alias === 'integration' ? ADMINISTRATOR : STANDARD_USER);
    store.run('UPDATE "User" SET "ProfileId" = ? WHERE "Id" = ?', profile, row['Id'] ?? null);
    assign(store, String(row['Id']), SAMPLE_SETS[alias], nowMs);
  }
}

/** From now on it is so, for what is there already too. */
export function setFieldAccess(store: RecordStore, access: FieldAccess, nowMs: number): void {
  store.writeMeta(FIELD_ACCESS, access);
  if (access === 'profiles') openToProfiles(store, nowMs);
  else closeToProfiles(store);
}

function fieldAccess(store: RecordStore, initial: FieldAccess): FieldAccess {
  const kept = store.readMeta(FIELD_ACCESS);
  return kept === 'profiles' || kept === 'nobody' ? kept : initial;
}

function assign(store: RecordStore, userId: string, name: string | undefined, nowMs: number): void {
  const [set] = name === undefined ? [] : store.select('SELECT "Id" FROM "PermissionSet" WHERE "Name" = ?', name);
  if (set === undefined) return;
  insertSetupRow(store, 'PermissionSetAssignment', { PermissionSetId: set['Id'] ?? null, AssigneeId: userId, IsActive: 1 }, nowMs);
}
