import type { Duration } from '../duration.ts';
import type { Instant } from '../vocabulary.ts';
import { acknowledge, type Approval, type Grant } from './approval.ts';
import { calendarOfQuestion, type Asking } from './asking.ts';
import { markEndorsements } from './endorsement.ts';
import { stepsOf, type PlannedStage, type PlannedStep } from './planned-stage.ts';
import { dueAfter, openStep, type ReviewStep, type StepReason } from './step.ts';

/** Asks the first of `stages`. `lastNumber`: of the questions that were put about the subject before. */
export function openApproval(given: Asking, stages: readonly [PlannedStage, ...PlannedStage[]], lastNumber: number): Approval {
  const restarted = lastNumber > 0 ? { restartedAt: given.at } : {};
  const asking = countedFrom(given, restarted);
  const [first, ...rest] = markEndorsements(asking, stages);
  const { clocks } = asking.program;
  const { kind } = asking.question;
  const whole = kind === 'case' ? clocks.dispute : kind === 'registration' || kind === 'appeal' ? clocks.whole : null;
  const isClaim = kind === 'registration';
  return {
    kind,
    ...openStage(asking, first, [], lastNumber),
    stage: 0,
    granted: [],
    rest,
    openedAt: asking.at,
    ...restarted,
    whole: whole === null ? null : { dueAt: clockEnd(asking, whole), silence: whole.silence },
    acknowledgement:
      isClaim && clocks.acknowledge !== null ? { dueAt: clockEnd(asking, clocks.acknowledge), at: null, isMissed: false } : null,
  };
}

/** Clocks that run from the submission run from the restart, where there was one. */
function countedFrom(asking: Asking, { restartedAt }: Pick<Approval, 'restartedAt'>): Asking {
  return restartedAt === undefined ? asking : { ...asking, question: { ...asking.question, submittedAt: restartedAt } };
}

function clockEnd(asking: Asking, clock: { readonly within: Duration; readonly from?: 'arrival' | 'submission' }): Instant {
  const from = clock.from === 'submission' ? asking.question.submittedAt : asking.at;
  return dueAfter(from, clock.within, asking.at, calendarOfQuestion(asking));
}

function openStage(
  asking: Asking,
  stage: PlannedStage,
  granted: readonly Grant[],
  lastNumber: number,
): Pick<Approval, 'steps' | 'needs' | 'lastNumber'> {
  const steps = openTogether(asking, stepsOf(stage), 'asked', granted, lastNumber);
  return { steps, needs: 'parallel' in stage ? stage.needs : 'all', lastNumber: lastNumber + steps.length };
}

/** Steps that are asked at once go to different people, as long as there are enough. */
export function openTogether(
  asking: Asking,
  planned: readonly [PlannedStep, ...PlannedStep[]],
  reason: StepReason,
  granted: readonly Grant[],
  lastNumber: number,
): readonly [ReviewStep, ...ReviewStep[]] {
  const opened: ReviewStep[] = [];
  for (const step of planned) {
    const spent = new Set([...granted.map(({ by }) => by), ...opened.flatMap(({ approver }) => approver ?? [])]);
    opened.push(openStep(asking, step, { number: lastNumber + opened.length + 1, reason, spent }));
  }
  const [first, ...others] = opened;
  return [first as ReviewStep, ...others];
}

/** Who answered for one step answers for the others no more, unless asked there, too. */
function withoutAnswer(step: ReviewStep, by: string): ReviewStep {
  return step.asked.includes(by) ? step : { ...step, mayDecide: step.mayDecide.filter((alias) => alias !== by) };
}

/** `open`: others are asked, beside or after. `complete`: that was the last yes that it needs. */
export type Granted =
  { readonly kind: 'open'; readonly approval: Approval } | { readonly kind: 'complete'; readonly granted: readonly Grant[] };

/** A yes to one of the open steps. Where it completes the stage, the next one is asked. */
export function grantStep(asking: Asking, approval: Approval, step: ReviewStep, by: string): Granted {
  const granted = [...approval.granted, { role: step.role, by, onBehalfOf: step.standIns[by] ?? null }];
  const [left, ...others] = approval.needs === 'any' ? [] : approval.steps.filter(({ number }) => number !== step.number);
  const acknowledged = acknowledge(approval, asking.at);
  if (left !== undefined) {
    return {
      kind: 'open',
      approval: { ...acknowledged, granted, steps: [withoutAnswer(left, by), ...others.map((other) => withoutAnswer(other, by))] },
    };
  }
  const [next, ...rest] = approval.rest;
  if (next === undefined) return { kind: 'complete', granted };
  const opened = openStage(countedFrom(asking, approval), next, granted, approval.lastNumber);
  return { kind: 'open', approval: { ...acknowledged, ...opened, stage: approval.stage + 1, granted, rest } };
}
