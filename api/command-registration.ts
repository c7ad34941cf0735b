import type { Refusal } from '../program/failures.ts';
import { MESSAGES, registrationWorkflowId, type CommandAnswer } from '../program/messages.ts';
import { refusalOf } from '../program/command-refusal.ts';
import type { RegistrationCommand } from '../program/registration-life.ts';
import { recordAudit } from '../store/audit.ts';
import { findCommand, saveCommandOutcome, storeCommand, type StoredCommand } from '../store/command.ts';
import { findRegistration } from '../store/registration.ts';
import { commandIdOf, idempotencyKeyOf } from './command-id.ts';
import type { ApiDependencies } from './dependencies.ts';
import { canonicalJson } from '../program/canonical-json.ts';
import { presentRegistration } from './presenters/registration.ts';
import { problem, refused, type Problem } from './problem.ts';
import { notFound, recordIdOf } from './record-id.ts';
import { ok, type Answer } from './route.ts';
import type { RegistrationAnswer } from './schemas/registration.ts';
import { sendUpdate } from './send-update.ts';
import { registrationStart } from './workflow-start.ts';

export interface RequestedCommand {
  readonly command: RegistrationCommand;
  readonly comment: string;
  /** The values of an amendment, or the evidence of an appeal. */
  readonly values?: object;
  readonly idempotencyKey: string | undefined;
}

/**
 * Carries out a command on a registration and answers how the registration stands then.
 *
 * The command is stored first, with what a person wrote, and is sent by its id alone. The same id is carried out once and always answers the same.
 */
export async function commandRegistration(
  deps: ApiDependencies,
  id: string | undefined,
  requested: RequestedCommand,
): Promise<Answer<RegistrationAnswer>> {
  const named = commandIdOf(requested.idempotencyKey, deps.newId);
  if (named.kind === 'problem') return named;
  const registrationId = recordIdOf(id);
  if (registrationId === null || (await findRegistration(deps.db, registrationId)) === null) return notFound('registration', id);

  const answer = await carryOut(deps, registrationId, named.commandId, requested);
  if (answer.kind === 'problem') return answer;
  if (answer.kind === 'refused') return refused(answer);
  const registration = await findRegistration(deps.db, registrationId);
  return registration === null ? notFound('registration', id) : ok(await presentRegistration(deps.db, registration));
}

async function carryOut(
  deps: ApiDependencies,
  registrationId: string,
  commandId: string,
  requested: RequestedCommand,
): Promise<CommandAnswer | Problem> {
  const { command, comment, values } = requested;
  const written = { commandId, command, comment: comment === '' ? null : comment, ...(values === undefined ? {} : { amendment: values }) };
  const stored = await storeCommand(deps.db, registrationId, written, deps.now());
  if (stored === 'known') {
    const known = await findCommand(deps.db, registrationId, commandId);
    if (known !== null && !isSameCommand(known, written)) {
      const detail = `The key ${idempotencyKeyOf(commandId)} belongs to another command on this registration; send this one with a key of its own.`;
      return problem('command-id-in-use', detail);
    }
    if (known !== null && known.outcome !== null) return known.outcome;
  }
  const start = registrationStart(registrationId, (await findRegistration(deps.db, registrationId))?.partnerId ?? null);
  for (let attempt = 1; ; attempt++) {
    const result = await sendUpdate(deps.temporal, {
      start,
      update: MESSAGES.commandRegistration,
      message: { commandId, command },
    });
    switch (result.kind) {
      case 'answered':
        return result.answer;
      case 'rejected': {
        const refusal = await confirmRefusal(deps, registrationId, command, result.refusal);
        if (refusal === null && attempt < ATTEMPTS) continue;
        await keepRefusal(deps, registrationId, commandId, command, refusal ?? result.refusal);
        return refusal ?? result.refusal;
      }
      case 'unanswered':
        return unanswered(commandId);
    }
  }
}

/** How often a command is sent to a workflow whose copy of the registration is behind the store. */
const ATTEMPTS = 5;

/**
 * Asks the stored registration whether it refuses the command too: another transaction (a case that was settled, say) may have moved it
 * a moment before its workflow heard of it. Null when it does not refuse: the workflow is told to read again, and the command is worth another attempt.
 */
async function confirmRefusal(
  deps: ApiDependencies,
  registrationId: string,
  command: RegistrationCommand,
  refusal: Refusal,
): Promise<Refusal | null> {
  const registration = await findRegistration(deps.db, registrationId);
  if (registration === null) return refusal;
  const confirmed = refusalOf(registration.state, command, deps.now());
  if (confirmed !== null) return confirmed;
  await deps.temporal.workflow
    .getHandle(registrationWorkflowId(registrationId))
    .signal(MESSAGES.refreshRegistration, { reevaluate: false });
  return null;
}

/** A validator leaves no trace: what it refused is written down here, so that the audit has it and the same command id gets the same answer. */
async function keepRefusal(
  deps: ApiDependencies,
  registrationId: string,
  commandId: string,
  command: RegistrationCommand,
  refusal: Refusal,
): Promise<void> {
  const details = { commandId, command: command.kind, code: refusal.code };
  await deps.db.transaction().execute(async (trx) => {
    await recordAudit(trx, {
      subject: registrationWorkflowId(registrationId),
      kind: 'refused',
      actor: command.actor,
      details,
      at: deps.now(),
    });
    // After what is recorded: everybody locks the claim's history before its command.
    await saveCommandOutcome(trx, registrationId, commandId, refusal);
  });
}

/** What to answer when nobody knows whether a command was carried out. */
export function unanswered(commandId: string): Problem {
  const detail =
    'The command was not answered in time; it may still be carried out. Read the record again, or send the same request again with the header ' +
    `Idempotency-Key: ${idempotencyKeyOf(commandId)} — it is carried out once at most.`;
  return problem('unavailable', detail, [], { 'retry-after': '5' });
}

function isSameCommand(known: StoredCommand, written: { command: object; comment: string | null; amendment?: object }): boolean {
  const content = [written.command, written.comment, written.amendment ?? null];
  return canonicalJson([known.command, known.comment, known.amendment]) === canonicalJson(content);
}
