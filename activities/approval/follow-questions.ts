import type { Approval } from '../../program/approval/approval.ts';
import type { ReviewStep } from '../../program/approval/step.ts';
import type { Instant } from '../../program/vocabulary.ts';
import { closeQuestions, putQuestions, touchQuestion } from '../../store/question.ts';
import type { Transaction } from '../../store/database.ts';

interface Follow {
  /** `registration/<id>` or `case/<id>`. */
  readonly subject: string;
  /** On whose record the questions are seen. */
  readonly registrationId: string;
  readonly before: readonly Approval[];
  readonly after: readonly Approval[];
  /** Who moved it, and how: what the questions that end are answered with. */
  readonly by: string;
  readonly answer: string;
  readonly at: Instant;
}

/**
 * Keeps the list of questions in step with what is open: those that are put now are added, those that are no more are closed with what ended them. It belongs in the
 * transaction that moved them, and is the one place that knows both sides, so whoever was asked is told there.
 */
export async function followQuestions(trx: Transaction, { subject, registrationId, before, after, by, answer, at }: Follow): Promise<void> {
  const was = stepsByNumber(before);
  const is = stepsByNumber(after);
  const put = [...is.values()].filter(({ step }) => !was.has(step.number));
  const closed = [...was.keys()].filter((number) => !is.has(number));
  await closeQuestions(trx, subject, closed, { by, answer }, at);
  await putQuestions(
    trx,
    put.map(({ kind, step }) => ({
      subject,
      number: step.number,
      kind,
      registrationId,
      role: step.role,
      reason: step.reason,
      approver: step.approver,
      onBehalfOf: step.onBehalfOf,
      asked: step.asked,
      dueAt: step.dueAt,
    })),
    at,
  );
  for (const { step } of is.values()) {
    const earlier = was.get(step.number)?.step;
    if (earlier !== undefined && (earlier.dueAt !== step.dueAt || earlier.remindedAt !== step.remindedAt)) {
      await touchQuestion(trx, subject, step.number, step);
    }
  }
}

function stepsByNumber(
  approvals: readonly Approval[],
): ReadonlyMap<number, { readonly kind: Approval['kind']; readonly step: ReviewStep }> {
  return new Map(approvals.flatMap(({ kind, steps }) => steps.map((step) => [step.number, { kind, step }] as const)));
}
