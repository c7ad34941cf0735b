import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  continueAsNew,
  log,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';
import {
  isRegistrationMessage,
  wishOf,
  type PendingRefresh,
  type CommandAnswer,
  type RegistrationMessage,
  type RegistrationProgress,
  type RegistrationWorkflowInput,
} from '../program/messages.ts';
import { leadingStep } from '../program/approval/approval.ts';
import { refusalOf } from '../program/command-refusal.ts';
import { isComplete, nextDeadline, nextMove } from '../program/registration-deadline.ts';
import type { RegistrationState } from '../program/registration-life.ts';
import { restoreProgress } from '../program/restore-state.ts';
import { decisions } from './activity-classes.ts';
import { untilDone } from './failure-code.ts';
import { commandRegistration, commandRegistrationLater, refreshRegistration } from './message-definitions.ts';
import { createVisibility } from './search-attributes.ts';
import { Serial } from './serial.ts';
import { isLong } from './long-history.ts';

const COMMAND_SHAPE =
  'expected {commandId, command: {kind: decide|amend|withdraw|extend|appeal|close|reopen|revoke|transfer|delegate|reassign|comment|link|relink|unlink|create_opportunity, actor, …}}';

/**
 * One claim for its whole life: it is judged, waits for people and deadlines, and completes when nothing can happen any more.
 *
 * The store holds the state and every transition is one transaction there; this workflow says when the next one is due and lets one happen at a time.
 * `progress` is its copy, which lets a command that is not possible be refused before it enters the history.
 */
export async function registration(input: RegistrationWorkflowInput): Promise<{ readonly status: string }> {
  const { registrationId } = input;
  const serial = new Serial();
  const show = createVisibility();
  // A history may begin with what an earlier release knew.
  let progress: RegistrationProgress | null = input.progress === undefined ? null : restoreProgress(input.progress);
  let changes = 0;
  let pendingRefresh: PendingRefresh = input.pendingRefresh ?? 'no';
  let wakes = 0;
  let wasTried = false;

  const learn = (next: RegistrationProgress): void => {
    progress = restoreProgress(next);
    changes++;
    describe(progress, show);
  };
  const onStuck = (code: string): void => {
    wasTried = true;
    showStuck(code, show);
  };
  // Between attempts the registration is free for commands: a claim whose evidence is away can still be withdrawn.
  const advance = async (work: () => Promise<RegistrationProgress>): Promise<void> =>
    untilDone(
      () => serial.run(async () => learn(await work())),
      onStuck,
      () => wakes,
    );
  const carryOutRefresh = (wanted: Exclude<PendingRefresh, 'no'>): Promise<RegistrationProgress> => {
    switch (wanted) {
      case 'evaluate':
        return decisions.evaluateRegistration(registrationId, 'changed inputs', now());
      case 'reconsider':
        return decisions.passDeadline(registrationId, now());
      case 'load':
        return decisions.loadRegistration(registrationId);
    }
  };
  const carryOut = async (message: RegistrationMessage): Promise<CommandAnswer> => {
    // A command that comes with the start is carried out after the first verdict was tried, not before it.
    await condition(() => progress !== null || wasTried);
    return serial.run(async () => {
      const { answer, progress: next } = await decisions.carryOutCommand(registrationId, message, now());
      learn(next);
      return answer;
    });
  };

  setHandler(commandRegistration, carryOut, {
    description:
      'A command on this registration: decide, amend, withdraw, extend, appeal, close, reopen, revoke, transfer, delegate, reassign, comment, link, relink, unlink or create_opportunity. Its comment and values are stored before under commandId.',
    validator: (given) => {
      if (!isRegistrationMessage(given))
        throw ApplicationFailure.create({ type: 'COMMAND_INVALID', message: COMMAND_SHAPE, nonRetryable: true });
      if (progress === null) return;
      const refusal = refusalOf({ ...progress, decision: null } satisfies RegistrationState, given.command, now());
      if (refusal !== null) throw ApplicationFailure.create({ type: refusal.code, message: refusal.message, nonRetryable: true });
    },
  });
  setHandler(
    commandRegistrationLater,
    async (given) => {
      if (!isRegistrationMessage(given)) return log.warn('a command of another form was ignored');
      await untilDone(
        () => carryOut(given),
        onStuck,
        () => wakes,
      );
    },
    { description: 'The same, from the CRM; the answer is written on the record.' },
  );
  setHandler(
    refreshRegistration,
    (given) => {
      wakes++;
      const wish = wishOf(given);
      const isFirst = (wished: PendingRefresh): boolean => RANK.indexOf(wished) > RANK.indexOf(pendingRefresh);
      const wished = wish.reevaluate === true ? 'evaluate' : wish.reconsider === true ? 'reconsider' : 'load';
      if (isFirst(wished)) pendingRefresh = wished;
    },
    {
      description:
        'Reads the registration again; with {"reevaluate": true} it is judged again, with {"reconsider": true} it is looked at again who is asked. Wakes a flow that is stuck.',
    },
  );

  if (progress === null) await advance(() => decisions.evaluateRegistration(registrationId, 'receipt', now()));
  for (;;) {
    // First of all, so that a stream of refreshes cannot put it off; what is not read again yet is read by the next run.
    if (isLong() && serial.idle) {
      await condition(allHandlersFinished);
      await continueAsNew<typeof registration>({ registrationId, progress: progress as unknown as RegistrationProgress, pendingRefresh });
    }
    if (pendingRefresh !== 'no') {
      const wanted: Exclude<PendingRefresh, 'no'> = pendingRefresh;
      pendingRefresh = 'no';
      await advance(() => carryOutRefresh(wanted));
      continue;
    }
    const current = { ...(progress as unknown as RegistrationProgress), decision: null };
    if (isComplete(current) && serial.idle) {
      await condition(allHandlersFinished);
      if (pendingRefresh === 'no' && isComplete({ ...(progress as unknown as RegistrationProgress), decision: null }))
        return { status: current.status };
      continue;
    }
    const seen = changes;
    const moved = (): boolean => changes !== seen || pendingRefresh !== 'no';
    const deadline = nextDeadline(current);
    if (deadline === null) {
      await condition(() => moved() || (isLong() && serial.idle));
      continue;
    }
    const remainingMs = Date.parse(deadline.at) - Date.now();
    const inTime = remainingMs > 0 && (await condition(moved, remainingMs, { summary: `${deadline.kind} at ${deadline.at}` }));
    if (!inTime && !moved()) await advance(() => decisions.passDeadline(registrationId, now()));
  }
}

/** What is asked for more includes what is asked for less: judging again looks at everybody again. */
const RANK: readonly PendingRefresh[] = ['no', 'load', 'reconsider', 'evaluate'];

function showStuck(code: string, show: ReturnType<typeof createVisibility>): void {
  show({ step: null, dueAt: null, needsAttention: true, failureCode: code });
  setCurrentDetails(`**${code}** · nothing is lost; it is tried again every minute, or at once by the signal refreshRegistration`);
}

function describe(progress: RegistrationProgress, show: ReturnType<typeof createVisibility>): void {
  const { approval, extension, transfer, caseId, status, waitingFor } = progress;
  const deadline = nextMove({ ...progress, decision: null });
  const asked = approval ?? extension?.approval ?? transfer?.approval ?? null;
  const step = asked === null ? null : leadingStep(asked);
  const dueAt = step?.dueAt ?? deadline?.at ?? null;
  show({ status, step: step?.name ?? null, dueAt, needsAttention: progress.needsAttention, failureCode: null });
  const about = approval !== null ? '' : extension !== null ? 'extension: ' : 'transfer: ';
  const waits =
    asked !== null
      ? `${about}waits for ${asked.steps.map(({ approver, name, dueAt: until }) => `${approver ?? 'nobody'} (${name}) until ${until}`).join(asked.needs === 'any' ? ' or ' : ' and ')}${caseId === null ? '' : `, in case ${caseId}`}`
      : waitingFor.length > 0
        ? `waits until ${waitingFor.length} earlier claim(s) are decided`
        : deadline === null
          ? 'waits for nothing'
          : `next: ${deadline.kind} at ${deadline.at}`;
  setCurrentDetails(`**${status}** · ${waits}`);
}

/** The workflow's time: that of the current task, the same on every replay. */
function now(): string {
  return new Date().toISOString();
}
