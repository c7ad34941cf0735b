/** The objects in which an org keeps its approvals. Source: Object Reference, "ProcessDefinition", "ProcessInstance", "ProcessInstanceStep", "ProcessInstanceWorkitem". */

import { field, lookup, picklist, READ_ONLY, text } from './field.ts';
import type { FieldSource, ObjectSource } from './field.ts';
import { setupObject } from './setup-object.ts';

const STATUSES = ['Started', 'Pending', 'Approved', 'Rejected', 'Removed', 'Fault', 'Held', 'NoResponse', 'Reassigned'];
const REQUIRED = { nillable: false, ...READ_ONLY };

/** `targetIds` are the objects whose records can be submitted. */
export function processObjects(targetIds: readonly string[]): readonly ObjectSource[] {
  return [
    setupObject('ProcessDefinition', '04a', [
      text('Name', 'Name', 255, REQUIRED),
      text('DeveloperName', 'Process Name', 80, REQUIRED),
      picklist('Type', 'Type', ['Approval', 'State-based'], REQUIRED),
      text('Description', 'Description', 255, READ_ONLY),
      picklist('TableEnumOrId', 'Custom Object Definition ID', targetIds, REQUIRED),
      picklist('LockType', 'Lock Type', ['Total', 'Admin', 'Owner', 'Workitem', 'Node', 'none'], REQUIRED),
      picklist('State', 'State', ['Active', 'Inactive', 'Obsolete'], REQUIRED),
    ]),
    setupObject('ProcessInstance', '04g', [
      lookup('ProcessDefinitionId', 'Process Definition ID', ['ProcessDefinition'], 'ProcessDefinition', null, REQUIRED),
      lookup('TargetObjectId', 'Target Object ID', targetIds, 'TargetObject', 'ProcessInstances', REQUIRED),
      picklist('Status', 'Status', STATUSES, REQUIRED),
      field('CompletedDate', 'Completed Date', 'datetime', READ_ONLY),
      lookup('LastActorId', 'Last Actor', ['User'], 'LastActor', null, READ_ONLY),
      lookup('SubmittedById', 'Submitted By', ['User'], 'SubmittedBy', null, READ_ONLY),
    ]),
    setupObject('ProcessInstanceStep', '04h', [
      lookup('ProcessInstanceId', 'Process Instance ID', ['ProcessInstance'], 'ProcessInstance', 'Steps', REQUIRED),
      picklist('StepStatus', 'Step Status', STATUSES, REQUIRED),
      ...actors(),
      text('Comments', 'Comments', 4000, READ_ONLY),
    ]),
    setupObject(
      'ProcessInstanceWorkitem',
      '04i',
      [lookup('ProcessInstanceId', 'Process Instance ID', ['ProcessInstance'], 'ProcessInstance', 'Workitems', REQUIRED), ...actors()],
      { label: 'Approval Request' },
    ),
  ];
}

/** Whoever was asked, and whoever acts for them. */
function actors(): readonly FieldSource[] {
  return [
    lookup('OriginalActorId', 'Original Actor', ['User'], 'OriginalActor', null, REQUIRED),
    lookup('ActorId', 'Actor', ['User'], 'Actor', null, REQUIRED),
  ];
}
