import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  continueAsNew,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { refuse } from '../program/failures.ts';
import { isCaseMessage, type CaseProgress, type CaseWorkflowInput } from '../program/messages.ts';
import { decisions } from './activity-classes.ts';
import { untilDone } from './failure-code.ts';
import { refreshCase, resolveCase } from './message-definitions.ts';
import { createVisibility } from './search-attributes.ts';
import { Serial } from './serial.ts';

const COMMAND_SHAPE = 'expected {commandId, command: {outcome: uphold|award|split|deny|co_sell|revoke, registrationId, actor}}';

/**
 * One conflict until people settle it. When the arbiter stays silent past the deadline the next role on the ladder is asked;
 * at its top the question is put again and needs attention.
 */
export async function conflictCase(input: CaseWorkflowInput): Promise<{ readonly outcome: string | null }> {
  const { caseId } = input;
  const serial = new Serial();
  const show = createVisibility();
  let progress: CaseProgress | null = input.progress ?? null;
  let changes = 0;
  let stale = input.isStale ?? false;
  let wakes = 0;
  let wasTried = false;

  const learn = (next: CaseProgress): void => {
    progress = next;
    changes++;
    show({ step: next.step?.name ?? null, dueAt: next.step?.dueAt ?? null, needsAttention: next.needsAttention, failureCode: null });
    setCurrentDetails(
      next.step === null
        ? `**${next.status}** · outcome: ${next.outcome?.kind ?? 'none'}`
        : `**${next.status}** · waits for ${next.step.approver} (${next.step.name}) until ${next.step.dueAt}`,
    );
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
        if (progress === null) return;
        const refusal =
          progress.step === null
            ? refuse('STATE_DOES_NOT_ALLOW', `The case is ${progress.status}; it was settled before.`)
            : progress.step.mayDecide.includes(given.command.actor)
              ? null
              : refuse(
                  'ACTOR_MAY_NOT_DECIDE',
                  `${given.command.actor} may not settle this case; the step ${progress.step.name} is decided by: ${progress.step.mayDecide.join(', ')}.`,
                );
        if (refusal !== null) throw ApplicationFailure.create({ type: refusal.code, message: refusal.message, nonRetryable: true });
      },
    },
  );
  setHandler(
    refreshCase,
    () => {
      wakes++;
      stale = true;
    },
    { description: 'Reads the case again. Wakes a flow that is stuck.' },
  );

  if (progress === null) stale = true;
  for (;;) {
    // First of all, so that a stream of refreshes cannot put it off; what is not read again yet is read by the next run.
    if (workflowInfo().continueAsNewSuggested && serial.idle) {
      await condition(allHandlersFinished);
      const { progress: known, stale: isStale } = { progress, stale };
      await continueAsNew<typeof conflictCase>({ caseId, isStale, ...(known === null ? {} : { progress: known }) });
    }
    if (stale) {
      stale = false;
      await advance(() => decisions.loadCase(caseId));
      continue;
    }
    const current = progress as unknown as CaseProgress;
    if (current.step === null && serial.idle) {
      await condition(allHandlersFinished);
      if (!stale) return { outcome: current.outcome?.kind ?? null };
      continue;
    }
    const seen = changes;
    const moved = (): boolean => stale || changes !== seen;
    const dueAt = current.step?.dueAt ?? null;
    const remainingMs = dueAt === null ? 0 : Date.parse(dueAt) - Date.now();
    const inTime =
      dueAt === null
        ? (await condition(moved), true)
        : remainingMs > 0 && (await condition(moved, remainingMs, { summary: `arbiter is silent at ${dueAt}` }));
    if (!inTime && !moved()) await advance(() => decisions.escalateCase(caseId, new Date().toISOString()));
  }
}
