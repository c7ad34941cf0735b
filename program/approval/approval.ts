import type { Program } from '../definition/program.ts';
import type { Instant } from '../vocabulary.ts';
import type { PlannedStage } from './planned-stage.ts';
import type { QuestionKind } from './question.ts';
import type { ReviewStep } from './step.ts';

/** A yes that was given: who said it, in which role, and in whose place. `program`: silence said it. */
export interface Grant {
  readonly role: string;
  readonly by: string;
  readonly onBehalfOf: string | null;
}

type WholeSilence = NonNullable<Program['clocks']['whole']>['silence'];

/**
 * A question to people as far as it has got: the steps that are open now, of one stage, and the stages that follow. It is hosted by what it is about: a registration,
 * with its extensions, transfers and appeals, or a case. The last yes answers it, and any no.
 */
export interface Approval {
  readonly kind: QuestionKind;
  /** The place of the open stage among all, from 0. */
  readonly stage: number;
  readonly steps: readonly [ReviewStep, ...ReviewStep[]];
  readonly needs: 'all' | 'any';
  readonly granted: readonly Grant[];
  readonly rest: readonly PlannedStage[];
  readonly openedAt: Instant;
  /** From when its clocks run that run from the submission, where questions were put about the subject before: whoever is asked anew is not late already. */
  readonly restartedAt?: Instant;
  /** Until when all of it is answered, and what follows otherwise; null where only the steps have clocks, and once it has passed. */
  readonly whole: { readonly dueAt: Instant; readonly silence: WholeSilence } | null;
  /** Until when somebody is in touch with the partner; null where the program has no such clock. `at`: when that was. */
  readonly acknowledgement: { readonly dueAt: Instant; readonly at: Instant | null; readonly isMissed: boolean } | null;
  /** The number of the latest step that was put, so that no two questions about one subject have the same. */
  readonly lastNumber: number;
}

/** The step that is shown where only one can be: of several the one that is due first. */
export function leadingStep(approval: Approval): ReviewStep {
  return approval.steps.reduce((first, step) => (Date.parse(step.dueAt) < Date.parse(first.dueAt) ? step : first));
}

/**
 * Whether somebody should look after it: nobody is free or only the fallback is, the top of the ladder stays silent, a silent yes was not possible, the partner waits for
 * a first word, or the time for all of it is over.
 */
export function needsAttention({ steps, acknowledgement }: Approval): boolean {
  const isStuck = ({ approver, isFallback, reason }: ReviewStep): boolean =>
    approver === null || isFallback || reason === 'asked_again' || reason === 'not_deemed';
  return steps.some(isStuck) || (acknowledgement !== null && acknowledgement.isMissed && acknowledgement.at === null);
}

/** The step that `actor` answers: the one put to that person before those that the person may answer besides; null where there is none. */
export function answeredBy({ steps }: Approval, actor: string): ReviewStep | null {
  return (
    steps.find(({ asked }) => asked.includes(actor)) ??
    steps.find(({ mayDecide, standIns }) => mayDecide.includes(actor) && standIns[actor] !== undefined) ??
    steps.find(({ mayDecide }) => mayDecide.includes(actor)) ??
    null
  );
}

/** Everybody who may answer one of the open steps. */
export function answerersOf({ steps }: Approval): readonly string[] {
  return [...new Set(steps.flatMap(({ mayDecide }) => mayDecide))];
}

/** Who has said yes already: asked again only where nobody else is left. */
export function spentBy({ granted }: Approval): ReadonlySet<string> {
  return new Set(granted.map(({ by }) => by));
}

/** Somebody was in touch with the partner at `at`; only the first time counts. */
export function acknowledge(approval: Approval, at: Instant): Approval {
  const { acknowledgement } = approval;
  if (acknowledgement === null || acknowledgement.at !== null) return approval;
  return { ...approval, acknowledgement: { ...acknowledgement, at } };
}

/** The approval with one of its open steps put anew. */
export function withStep(approval: Approval, number: number, step: ReviewStep): Approval {
  const [first, ...others] = approval.steps.map((open) => (open.number === number ? step : open));
  return { ...approval, steps: [first as ReviewStep, ...others], lastNumber: Math.max(approval.lastNumber, step.number) };
}
