import { allHandlersFinished, ApplicationFailure, condition, continueAsNew, setCurrentDetails, setHandler } from '@temporalio/workflow';
import { leadingStep } from '../program/approval/approval.ts';
import { nextAnswerDue, nextDue } from '../program/approval/next-due.ts';
import { isResolution, refusalOfArbiter, type CaseState } from '../program/case-life.ts';
import { refuse, type Refusal } from '../program/failures.ts';
import { isCaseMessage, wishOf, type CaseMessage, type CaseProgress, type CaseWorkflowInput } from '../program/messages.ts';
import { restoreCaseState } from '../program/restore-state.ts';
import { decisions } from './activity-classes.ts';
import { untilDone } from './failure-code.ts';
import { refreshCase, resolveCase } from './message-definitions.ts';
import { createVisibility } from './search-attributes.ts';
import { Serial } from './serial.ts';
import { isLong } from './long-history.ts';

const COMMAND_SHAPE =
  'expected {commandId, command: {outcome: uphold|award|split|deny|co_sell|revoke, registrationId, actor}}, or a command of kind delegate|reassign {to, actor}, comment {audience, actor} or statement {registrationId, actor}';

/**
 * One conflict until people settle it. When the arbiter stays silent past the deadline the next role on the ladder is asked;
 * at its top the question is put again and needs attention.
 */
export async function conflictCase(input: CaseWorkflowInput): Promise<{ readonly outcome: string | null }> {
  const { caseId } = input;
  const serial = new Serial();
  const show = createVisibility();
  // A history may begin with what an earlier release knew.
  let progress: CaseProgress | null = input.progress === undefined ? null : restoreCaseState(input.progress);
  let changes = 0;
  let stale = input.isStale ?? false;
  let isToBeReconsidered = input.isToBeReconsidered ?? false;
  let wakes = 0;
  let wasTried = false;

  const learn = (given: CaseProgress): void => {
    const next = restoreCaseState(given);
    progress = next;
    changes++;
    describe(next, show);
  };

  const onStuck = (code: string): void => {
    wasTried = true;
    show({ step: null, dueAt: null, needsAttention: true, failureCode: code });
    setCurrentDetails(`**${code}** · nothing is lost; it is tried again every minute, or at once by the signal refreshCase`);
  };
  const advance = (work: () => Promise<CaseProgress>): Promise<void> =>
    untilDone(
      () => serial.run(async () => learn(await work())),
      onStuck,
      () => wakes,
    );

  setHandler(
    resolveCase,
    async (message) => {
      await condition(() => progress !== null || wasTried);
      return serial.run(async () => {
        const { answer, progress: next } = await decisions.settleCase(caseId, message, new Date().toISOString());
        learn(next);
        return answer;
      });
    },
    {
      description: 'Settles the case: uphold, award, split, deny, co_sell or revoke, by somebody whom the open step allows.',
      validator: (given) => {
        if (!isCaseMessage(given)) throw ApplicationFailure.create({ type: 'COMMAND_INVALID', message: COMMAND_SHAPE, nonRetryable: true });
        const refusal = progress === null ? null : refusalOfMessage(progress, given);
        if (refusal !== null) throw ApplicationFailure.create({ type: refusal.code, message: refusal.message, nonRetryable: true });
      },
    },
  );
  setHandler(
    refreshCase,
    (given) => {
      wakes++;
      if (wishOf(given).reconsider === true) isToBeReconsidered = true;
      else stale = true;
    },
    { description: 'Reads the case again; with {"reconsider": true} it is looked at again who is asked. Wakes a flow that is stuck.' },
  );

  if (progress === null) stale = true;
  for (;;) {
    // First of all, so that a stream of refreshes cannot put it off; what is not read again yet is read by the next run.
    if (isLong() && serial.idle) {
      await condition(allHandlersFinished);
      const { progress: known, stale: isStale } = { progress, stale };
      const kept = known === null ? {} : { progress: known };
      await continueAsNew<typeof conflictCase>({ caseId, isStale, isToBeReconsidered, ...kept });
    }
    if (stale) {
      stale = false;
      await advance(() => decisions.loadCase(caseId));
      continue;
    }
    if (isToBeReconsidered) {
      isToBeReconsidered = false;
      await advance(() => decisions.escalateCase(caseId, new Date().toISOString()));
      continue;
    }
    const current = progress as unknown as CaseProgress;
    if (current.approval === null && serial.idle) {
      await condition(allHandlersFinished);
      if (!stale) return { outcome: current.outcome?.kind ?? null };
      continue;
    }
    const seen = changes;
    const moved = (): boolean => stale || isToBeReconsidered || changes !== seen;
    const due = current.approval === null ? null : nextDue(current.approval);
    const remainingMs = due === null ? 0 : Date.parse(due.at) - Date.now();
    const inTime =
      due === null
        ? (await condition(moved), true)
        : remainingMs > 0 && (await condition(moved, remainingMs, { summary: `${due.kind} at ${due.at}` }));
    if (!inTime && !moved()) await advance(() => decisions.escalateCase(caseId, new Date().toISOString()));
  }
}

function refusalOfMessage(state: CaseState, { command }: CaseMessage): Refusal | null {
  if (isResolution(command)) return refusalOfArbiter(state, command.actor);
  if (command.kind === 'comment' || state.approval !== null) return null;
  return refuse('STATE_DOES_NOT_ALLOW', `The case is ${state.status}; nobody is asked any more.`);
}

function describe({ approval, status, outcome, needsAttention }: CaseState, show: ReturnType<typeof createVisibility>): void {
  const step = approval === null ? null : leadingStep(approval);
  const dueAt = approval === null ? null : nextAnswerDue(approval);
  show({ step: step?.name ?? null, dueAt, needsAttention, failureCode: null });
  setCurrentDetails(
    approval === null
      ? `**${status}** · outcome: ${outcome?.kind ?? 'none'}`
      : `**${status}** · waits for ${approval.steps.map(({ approver, name, dueAt: until }) => `${approver ?? 'nobody'} (${name}) until ${until}`).join(' and ')}`,
  );
}
