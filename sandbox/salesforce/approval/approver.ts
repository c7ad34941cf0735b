/** Who is asked at a step. Source: Salesforce Help, "Choose Approvers"; Metadata API Developer Guide, "ApprovalProcess", "Approver". */

import type { ApprovalProcess, Approver, ApprovalStep } from '../schema/approval-process.ts';
import type { SObjectDefinition } from '../schema/definition.ts';
import type { RecordStore, StoredRow } from '../store/record-store.ts';
import type { ApiError } from '../wire/api-error.ts';
import { MANAGER_NOT_DEFINED, nextApproversMissing } from '../wire/rule-error.ts';

export interface Queue {
  readonly id: string;
  readonly usernames: readonly string[];
}

/** What approvals need to know of the org. */
export interface ApprovalOrg {
  readonly store: RecordStore;
  readonly queues: () => ReadonlyMap<string, Queue>;
}

interface Question {
  readonly definition: SObjectDefinition;
  readonly process: ApprovalProcess;
  readonly step: ApprovalStep;
  readonly row: StoredRow;
  readonly submitterId: string;
  /** Users whom the submitter or the last approver chose. */
  readonly chosen: readonly string[];
}

export type Approvers =
  { readonly kind: 'approvers'; readonly ids: readonly string[] } | { readonly kind: 'refused'; readonly error: ApiError };

/** The users and queues of a step, each once. */
export function approversOf(org: ApprovalOrg, question: Question): Approvers {
  const ids: string[] = [];
  for (const approver of question.step.approvers) {
    const found = idsOf(org, question, approver);
    if (found.kind === 'refused') return found;
    ids.push(...found.ids);
  }
  return { kind: 'approvers', ids: [...new Set(ids)] };
}

/** True for the user whom an item is for, and for the members of the queue that it is for. */
export function isAsked(org: ApprovalOrg, actorId: string, userId: string): boolean {
  if (actorId === userId) return true;
  const queue = [...org.queues().values()].find(({ id }) => id === actorId);
  const [user] = queue === undefined ? [] : org.store.select('SELECT "Username" FROM "User" WHERE "Id" = ?', userId);
  return queue?.usernames.includes(String(user?.['Username'])) ?? false;
}

function idsOf(org: ApprovalOrg, question: Question, { type, name = '' }: Approver): Approvers {
  const { definition, process, row, submitterId, chosen } = question;
  switch (type) {
    case 'adhoc':
      return chosen.length > 0 ? { kind: 'approvers', ids: chosen } : { kind: 'refused', error: nextApproversMissing() };
    case 'user':
      return asked(org.store.select('SELECT "Id" FROM "User" WHERE "Username" = ? AND "IsActive" = 1', name)[0]?.['Id']);
    case 'queue':
      return asked(org.queues().get(name)?.id);
    case 'relatedUserField':
      return asked(row[lookupNamed(definition, name)]);
    case 'userHierarchyField': {
      const whose = process.hierarchy.isOfOwner ? String(row['OwnerId']) : submitterId;
      const column = name === '' ? process.hierarchy.field : name;
      const user = org.store.schema.get('user');
      return asked(user === undefined ? null : org.store.find(user, whose)?.[lookupNamed(user, column)]);
    }
  }
}

/** Metadata names standard lookups by their relationship: `Manager`, `Owner`. */
function lookupNamed(definition: SObjectDefinition, name: string): string {
  return definition.fields.find((field) => field.name === name || field.relationshipName === name)?.name ?? name;
}

function asked(id: unknown): Approvers {
  return typeof id === 'string' ? { kind: 'approvers', ids: [id] } : { kind: 'refused', error: MANAGER_NOT_DEFINED };
}
