import { spentBy, withStep, type Approval } from './approval.ts';
import { nextDue, type Due } from './next-due.ts';
import type { Asking } from './asking.ts';
import { bareStep } from './planned-stage.ts';
import { replaceStep } from './replace-step.ts';
import { rolesFrom } from './rung.ts';
import { passSilence, type Silence } from './silence.ts';
import { openStep, type ReviewStep } from './step.ts';

export type Passed =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'moved'; readonly due: Due; readonly approval: Approval }
  /** Silence is an answer: to `step`, or, where that is null, to all of it. */
  | { readonly kind: 'deemed'; readonly due: Due; readonly decision: 'approve' | 'deny'; readonly step: ReviewStep | null };

/** The first thing that is due at `asking.at`, carried out as far as it needs no rules. */
export function passTime(asking: Asking, approval: Approval): Passed {
  const due = nextDue(approval);
  if (Date.parse(asking.at) < Date.parse(due.at)) return { kind: 'nothing' };
  const moved = (next: Approval): Passed => ({ kind: 'moved', due, approval: next });
  switch (due.kind) {
    case 'whole':
      return passWhole(asking, approval, due);
    case 'silence':
      return described(passSilence(asking, approval, due.step as ReviewStep), due);
    case 'absence':
      return moved(replaceStep(asking, approval, due.step as ReviewStep));
    case 'acknowledgement':
      return moved({ ...approval, acknowledgement: { dueAt: due.at, at: null, isMissed: true } });
    case 'reminder':
      return moved(remind(asking, approval, due.step as ReviewStep));
  }
}

function described(silence: Silence, due: Due): Passed {
  return silence.kind === 'moved' ? { kind: 'moved', due, approval: silence.approval } : { ...silence, due };
}

/** The time for all of it is over: silence is an answer, the last role is asked at once, or somebody has to look after it. */
function passWhole(asking: Asking, approval: Approval, due: Due): Passed {
  const silence = approval.whole?.silence ?? 'keep_asking';
  switch (silence) {
    case 'approve':
    case 'deny':
      return { kind: 'deemed', due, decision: silence, step: null };
    case 'escalate':
    case 'keep_asking':
      return { kind: 'moved', due, approval: askTheTop(asking, approval, silence) };
  }
}

/** Puts all that is open to the last role of the ladder; where that is the one that is asked, or silence changes nothing, to the same people, and it needs attention. */
export function askTheTop(asking: Asking, approval: Approval, silence: 'escalate' | 'keep_asking' | 'not_deemed'): Approval {
  const number = approval.lastNumber + 1;
  const [step] = approval.steps;
  const top = rolesFrom(asking.program, step.role).at(-1) ?? step.role;
  const isAsked = approval.steps.length === 1 && step.role === top;
  const isPutUp = silence !== 'keep_asking' && !isAsked;
  const reason = silence === 'not_deemed' ? 'not_deemed' : isPutUp ? 'escalated' : 'asked_again';
  const opened = openStep(asking, isPutUp ? bareStep(top) : step.planned, { number, reason, spent: spentBy(approval) });
  const kept = isPutUp ? [] : approval.steps.slice(1);
  return {
    ...approval,
    steps: [opened, ...kept],
    rest: isPutUp ? [] : approval.rest,
    whole: null,
    lastNumber: number,
  };
}

function remind(asking: Asking, approval: Approval, step: ReviewStep): Approval {
  const reminders = step.reminders.filter((at) => Date.parse(at) > Date.parse(asking.at));
  return withStep(approval, step.number, { ...step, reminders, remindedAt: asking.at });
}
