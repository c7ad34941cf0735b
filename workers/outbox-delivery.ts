import type { Client } from '@temporalio/client';
import { caseStart, registrationStart } from '../api/workflow-start.ts';
import { MESSAGES, subjectOf } from '../program/messages.ts';
import { outboxMessage } from '../program/outbox-message.ts';
import { findCommand } from '../store/command.ts';
import type { Database } from '../store/database.ts';
import type { OutboxEntry } from '../store/outbox.ts';
import { findRegistration } from '../store/registration.ts';

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
    const start = subject.kind === 'case' ? caseStart(subject.id) : registrationStart(subject.id, await partnerOf(db, subject.id));
    const { workflowType, ...options } = start;
    switch (message.kind) {
      case 'start_registration':
      case 'start_case':
        await client.workflow.start(workflowType, options);
        return;
      case 'refresh_registration':
        await client.workflow.signalWithStart(workflowType, {
          ...options,
          signal: MESSAGES.refreshRegistration,
          signalArgs: [message.payload],
        });
        return;
      case 'command_registration': {
        const { commandId } = message.payload;
        const stored = await findCommand(db, subject.id, commandId);
        if (stored === null || stored.outcome !== null) return;
        await client.workflow.signalWithStart(workflowType, {
          ...options,
          signal: MESSAGES.commandRegistrationLater,
          signalArgs: [{ commandId, command: stored.command }],
        });
        return;
      }
      case 'refresh_case':
        await client.workflow.signalWithStart(workflowType, { ...options, signal: MESSAGES.refreshCase, signalArgs: [message.payload] });
        return;
    }
  };
  // A server that does not answer must not hold back the messages of others.
  return (entry) => client.withDeadline(Date.now() + DEADLINE_MS, () => deliver(entry));
}

async function partnerOf(db: Database, registrationId: string): Promise<string | null> {
  return (await findRegistration(db, registrationId))?.partnerId ?? null;
}
