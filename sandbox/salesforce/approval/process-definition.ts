/** Keeps the rows of `ProcessDefinition` as the deployed approval processes are. */

import { findObject } from '../schema/catalogue.ts';
import type { RecordStore } from '../store/record-store.ts';
import { storedInstant } from '../wire/instant.ts';

interface DeployedProcess {
  readonly id: string;
  readonly fullName: string;
  readonly modifiedAtMs: number;
  readonly modifiedBy: string | null;
}

/** Writes a row for each of `deployed`, and drops the others. The row has the id of the component. */
export function writeProcessDefinitions(store: RecordStore, deployed: readonly DeployedProcess[]): void {
  const definition = findObject(store.schema, 'ProcessDefinition');
  if (definition === null) return;
  store.run('DELETE FROM "ProcessDefinition"');
  for (const { id, fullName, modifiedAtMs, modifiedBy } of deployed) {
    const [objectName = '', name = ''] = fullName.split('.', 2);
    const process = findObject(store.schema, objectName)?.rules.approvals.find((each) => each.name === name);
    if (process === undefined) continue;
    const stamp = storedInstant(modifiedAtMs);
    store.insert(definition, {
      Id: id,
      Name: process.label,
      DeveloperName: name,
      Type: 'Approval',
      Description: process.description,
      TableEnumOrId: objectName,
      LockType: process.editability === 'AdminOnly' ? 'Admin' : 'Workitem',
      State: process.isActive ? 'Active' : 'Inactive',
      CreatedDate: stamp,
      CreatedById: modifiedBy,
      LastModifiedDate: stamp,
      LastModifiedById: modifiedBy,
      SystemModstamp: stamp,
    });
  }
}
