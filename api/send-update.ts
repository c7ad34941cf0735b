import {
  ApplicationFailure,
  isGrpcServiceError,
  ServiceError,
  WithStartWorkflowOperation,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type Client,
} from '@temporalio/client';
import { REFUSALS, type Refusal, type RefusalCode } from '../program/failures.ts';
import type { CaseMessage, CommandAnswer, RegistrationMessage } from '../program/messages.ts';
import type { WorkflowStart } from './workflow-start.ts';

/** How long a caller waits for the answer of a workflow. The command goes on without the caller. */
const DEADLINE_MS = 10_000;

export interface WorkflowUpdate {
  readonly start: WorkflowStart;
  readonly update: string;
  readonly message: RegistrationMessage | CaseMessage;
}

/**
 * `answered`: the command was carried out or refused in the workflow, which keeps a record of it. `rejected`: refused before it entered the history, without a
 * trace. `unanswered`: nobody knows yet; the same command id may be sent again.
 */
export type UpdateResult =
  | { readonly kind: 'answered'; readonly answer: CommandAnswer }
  | { readonly kind: 'rejected'; readonly refusal: Refusal }
  | { readonly kind: 'unanswered' };

/**
 * Asks the workflow that owns a record to carry out a command, and waits for its answer.
 *
 * A workflow that was not started yet, or that has completed, is started with it: it loads the record and answers.
 */
export async function sendUpdate(temporal: Client, { start, update, message }: WorkflowUpdate): Promise<UpdateResult> {
  const { workflowType, ...options } = start;
  const startWorkflowOperation = new WithStartWorkflowOperation(workflowType, options);
  try {
    const answer = await temporal.withDeadline(Date.now() + DEADLINE_MS, () =>
      temporal.workflow.executeUpdateWithStart<never, CommandAnswer, [object]>(update, {
        args: [message],
        updateId: message.commandId,
        startWorkflowOperation: startWorkflowOperation as never,
      }),
    );
    return { kind: 'answered', answer };
  } catch (error) {
    const refusal = refusalIn(error);
    if (refusal !== null) return { kind: 'rejected', refusal };
    if (isWithoutAnswer(error)) return { kind: 'unanswered' };
    throw error;
  }
}

/** A validator's no is a failure whose type is one of the codes that all sides share. */
function refusalIn(error: unknown): Refusal | null {
  if (!(error instanceof WorkflowUpdateFailedError)) return null;
  const { cause } = error;
  if (!(cause instanceof ApplicationFailure) || !isRefusalCode(cause.type)) return null;
  return { kind: 'refused', code: cause.type, message: cause.message };
}

function isRefusalCode(type: string | null | undefined): type is RefusalCode {
  return typeof type === 'string' && Object.hasOwn(REFUSALS, type);
}

/** Too late, the server away, or the workflow ending at that very moment: the command may or may not have been carried out. */
function isWithoutAnswer(error: unknown): boolean {
  return (
    error instanceof WorkflowUpdateRPCTimeoutOrCancelledError ||
    error instanceof WorkflowUpdateFailedError ||
    error instanceof WorkflowNotFoundError ||
    error instanceof ServiceError ||
    isGrpcServiceError(error)
  );
}
