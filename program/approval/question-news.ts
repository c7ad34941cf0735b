import { needsAttention, type Approval } from './approval.ts';
import type { QuestionKind } from './question.ts';
import type { ReviewStep } from './step.ts';

/** A step that is open, or was, with what it is about. */
export interface AskedStep {
  readonly kind: QuestionKind;
  readonly step: ReviewStep;
}

/**
 * What became of the questions about a subject. `put`: somebody is asked anew; `from`: whose question it was before, where it moved. `moved`: it is with somebody else now.
 * `answered`: nobody is asked in its place, whoever answered it. `reminded`: those who are asked were to be reminded. `changed`: there is another deadline.
 * `left`: of those who are asked together some are not any more, the `asked` of its step; the question goes on with the others.
 */
export type QuestionNews =
  | { readonly what: 'put'; readonly asked: AskedStep; readonly from: AskedStep | null }
  | { readonly what: 'moved'; readonly asked: AskedStep; readonly to: AskedStep }
  | { readonly what: 'answered' | 'reminded' | 'changed'; readonly asked: AskedStep }
  | { readonly what: 'left'; readonly asked: AskedStep; readonly remaining: ReviewStep }
  /** Somebody should look after it; `why` in words. */
  | { readonly what: 'attention'; readonly asked: AskedStep; readonly why: string };

/** What became of the questions from `before` to `after`, those that are gone first. */
export function newsOfQuestions(before: readonly Approval[], after: readonly Approval[]): readonly QuestionNews[] {
  const kinds = [...new Set([...before, ...after].map(({ kind }) => kind))];
  const news = kinds.map((kind) => newsOf(kind, approvalOf(before, kind), approvalOf(after, kind)));
  return [...news.flatMap(({ gone }) => gone), ...news.flatMap(({ come }) => come)];
}

function approvalOf(approvals: readonly Approval[], kind: QuestionKind): Approval | null {
  return approvals.find((approval) => approval.kind === kind) ?? null;
}

function newsOf(
  kind: QuestionKind,
  before: Approval | null,
  after: Approval | null,
): { readonly gone: readonly QuestionNews[]; readonly come: readonly QuestionNews[] } {
  const [was, is] = [before?.steps ?? [], after?.steps ?? []];
  const closed = was.filter(({ number }) => !is.some((step) => step.number === number));
  const put = is.filter(({ number }) => !was.some((step) => step.number === number));
  // Whoever is asked after a yes is asked something else; otherwise one question takes the place of another.
  const isNextStage = before !== null && after !== null && after.granted.length > before.granted.length;
  const successor = (index: number): ReviewStep | undefined => (isNextStage ? undefined : (put[index] ?? put.at(-1)));
  const predecessor = (index: number): ReviewStep | undefined => (isNextStage ? undefined : (closed[index] ?? closed.at(-1)));
  const asked = (step: ReviewStep): AskedStep => ({ kind, step });
  return {
    gone: closed.map((step, index): QuestionNews => {
      const to = successor(index);
      return to === undefined ? { what: 'answered', asked: asked(step) } : { what: 'moved', asked: asked(step), to: asked(to) };
    }),
    come: [
      ...put.map((step, index): QuestionNews => {
        const from = predecessor(index);
        return { what: 'put', asked: asked(step), from: from === undefined ? null : asked(from) };
      }),
      ...is.flatMap((step): readonly QuestionNews[] => {
        const earlier = was.find(({ number }) => number === step.number);
        if (earlier === undefined) return [];
        const left = earlier.asked.filter((alias) => !step.asked.includes(alias));
        return [
          ...(left.length === 0 ? [] : [{ what: 'left' as const, asked: asked({ ...earlier, asked: left }), remaining: step }]),
          ...(earlier.dueAt === step.dueAt ? [] : [{ what: 'changed' as const, asked: asked(step) }]),
          ...(earlier.remindedAt === step.remindedAt ? [] : [{ what: 'reminded' as const, asked: asked(step) }]),
        ];
      }),
      ...attentionNews(kind, before, after, put),
    ],
  };
}

/** Told once for each question that needs it, and once when the partner has waited too long for a first word. */
function attentionNews(
  kind: QuestionKind,
  before: Approval | null,
  after: Approval | null,
  put: readonly ReviewStep[],
): readonly QuestionNews[] {
  if (after === null || !needsAttention(after)) return [];
  const isMissed = after.acknowledgement?.isMissed === true && before?.acknowledgement?.isMissed !== true;
  const unheard = isMissed ? [{ step: after.steps[0], why: 'Nobody has been in touch with the partner in time.' }] : [];
  const stuck = put.flatMap((step) => {
    const why = whyStuck(step);
    return why === null ? [] : [{ step, why }];
  });
  return [...stuck, ...unheard].map(({ step, why }) => ({ what: 'attention', asked: { kind, step }, why }));
}

function whyStuck({ approver, isFallback, reason, role }: ReviewStep): string | null {
  if (approver === null) return `Nobody of ${role} or above is free to decide: all are away, gone, or have a stake in it.`;
  if (isFallback) return `Nobody of ${role} or above is free to decide; ${approver} is asked, as the program declares for that case.`;
  if (reason === 'asked_again')
    return `${approver} did not answer in time and is asked again, since the question goes no further by itself.`;
  if (reason === 'not_deemed') return `Silence would have been a yes, and the rules speak against that now; ${approver} is asked.`;
  return null;
}
