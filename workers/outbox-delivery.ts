import { WorkflowIdConflictPolicy, type Client } from '@temporalio/client';
import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';
import { MESSAGES, subjectOf, TASK_QUEUE } from '../program/messages.ts';
import { outboxMessage } from '../program/outbox-message.ts';
import { findCommand } from '../store/command.ts';
import type { Database } from '../store/database.ts';
import type { OutboxEntry } from '../store/outbox.ts';
import { findRegistration } from '../store/registration.ts';

const partnerIdKey = defineSearchAttributeKey('PartnerId', 'KEYWORD');

const DEADLINE_MS = 10_000;

/**
 * Delivers one outbox message to the workflow that owns its subject, which is started where it is not running. Delivered twice, it does no harm:
 * a start uses the one that runs, a refresh reads again, and a command is carried out once by its id.
 */
export function createDelivery(client: Client, db: Database): (entry: OutboxEntry) => Promise<void> {
  const deliver = async (entry: OutboxEntry): Promise<void> => {
    const message = outboxMessage.parse({ kind: entry.kind, payload: entry.payload });
    const subject = subjectOf(entry.subject);
    if (subject === null) throw new Error(`outbox entry ${entry.id}: ${entry.subject} is no workflow id`);
    const registration = { workflowId: entry.subject, taskQueue: TASK_QUEUE, args: [{ registrationId: subject.id }] };
    const conflictCase = { workflowId: entry.subject, taskQueue: TASK_QUEUE, args: [{ caseId: subject.id }] };
    switch (message.kind) {
      case 'start_registration':
        await client.workflow.start('registration', {
          ...registration,
          workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
          staticSummary: `Deal registration ${subject.id}`,
          typedSearchAttributes: await partnerOf(db, subject.id),
        });
        return;
      case 'refresh_registration':
        await client.workflow.signalWithStart('registration', {
          ...registration,
          signal: MESSAGES.refreshRegistration,
          signalArgs: [message.payload],
        });
        return;
      case 'command_registration': {
        const { commandId } = message.payload;
        const stored = await findCommand(db, subject.id, commandId);
        if (stored === null || stored.outcome !== null) return;
        await client.workflow.signalWithStart('registration', {
          ...registration,
          signal: MESSAGES.commandRegistrationLater,
          signalArgs: [{ commandId, command: stored.command }],
        });
        return;
      }
      case 'start_case':
        await client.workflow.start('conflictCase', {
          ...conflictCase,
          workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
          staticSummary: `Channel conflict ${subject.id}`,
        });
        return;
      case 'refresh_case':
        await client.workflow.signalWithStart('conflictCase', { ...conflictCase, signal: MESSAGES.refreshCase });
        return;
    }
  };
  // A server that does not answer must not hold back the messages of others.
  return (entry) => client.withDeadline(Date.now() + DEADLINE_MS, () => deliver(entry));
}

/** What operators search a registration by from its start; what changes later the workflow tells itself. */
async function partnerOf(db: Database, registrationId: string): Promise<SearchAttributePair[]> {
  const registration = await findRegistration(db, registrationId);
  return registration === null ? [] : [{ key: partnerIdKey, value: registration.partnerId }];
}
