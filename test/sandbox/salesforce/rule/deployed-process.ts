import type { DeployResult } from 'jsforce/lib/api/metadata.js';
import { connect, deployBy, metadataFile, zipOf } from '../metadata/packaged.ts';

export interface ProcessText {
  /** A formula, or an element of its own. */
  readonly entry?: string;
  readonly editability?: 'AdminOnly' | 'AdminOrCurrentApprover';
  /** Inner elements of each step's `assignedApprover`. */
  readonly steps?: readonly string[];
  readonly stepExtras?: string;
  readonly extras?: string;
}

export const BY_MANAGER = '<approver><type>userHierarchyField</type></approver>';
export const byUser = (alias: string): string => `<approver><name>${alias}@acme.example</name><type>user</type></approver>`;

const OBJECT = 'Deal_Registration__c';
const UPDATES = ['Sent', 'Yes', 'No', 'Back'].map(
  (word) =>
    `<fieldUpdates><fullName>${word}</fullName><field>Sync_Note__c</field><literalValue>${word}</literalValue><name>${word}</name><notifyAssignee>false</notifyAssignee><operation>Literal</operation><protected>false</protected></fieldUpdates>`,
);
const action = (element: string, name: string): string =>
  `<${element}><action><name>${name}</name><type>FieldUpdate</type></action></${element}>`;

/** Deploys the approval process `Deal_Desk` for registrations; its actions write their word into the note. */
export function deployProcess(url: string, text: ProcessText = {}): Promise<DeployResult> {
  const { entry = 'Estimated_Value__c > 100', editability = 'AdminOnly', steps = [BY_MANAGER], stepExtras = '', extras = '' } = text;
  const criteria = entry.startsWith('<') ? entry : `<formula><![CDATA[${entry}]]></formula>`;
  const process = metadataFile(
    'ApprovalProcess',
    `<active>true</active><allowRecall>true</allowRecall><allowedSubmitters><type>allInternalUsers</type></allowedSubmitters>
    ${steps.map((approvers, index) => `<approvalStep><allowDelegate>false</allowDelegate><assignedApprover>${approvers}</assignedApprover><label>Step ${index}</label><name>Step_${index}</name>${stepExtras}</approvalStep>`).join('')}
    <description>The desk</description><entryCriteria>${criteria}</entryCriteria>
    ${action('finalApprovalActions', 'Yes')}${action('finalRejectionActions', 'No')}${action('initialSubmissionActions', 'Sent')}
    <label>Deal Desk</label>${action('recallActions', 'Back')}
    <nextAutomatedApprover><useApproverFieldOfRecordOwner>false</useApproverFieldOfRecordOwner><userHierarchyField>Manager</userHierarchyField></nextAutomatedApprover>
    <recordEditability>${editability}</recordEditability><showApprovalHistory>true</showApprovalHistory>${extras}`,
  );
  return deployBy(
    connect(url),
    zipOf(
      { ApprovalProcess: [`${OBJECT}.Deal_Desk`], Workflow: [OBJECT] },
      {
        [`approvalProcesses/${OBJECT}.Deal_Desk.approvalProcess`]: process,
        [`workflows/${OBJECT}.workflow`]: metadataFile('Workflow', UPDATES.join('')),
      },
    ),
  );
}
