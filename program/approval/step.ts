import type { SilenceAnswer } from '../definition/governance.ts';
import { addDuration, type Duration } from '../duration.ts';
import type { Instant } from '../vocabulary.ts';
import type { WorkingCalendar } from '../working-time.ts';
import { calendarOfPerson, type Asking } from './asking.ts';
import { answerersFor, candidatesFor, isFree, type Candidate } from './candidate.ts';
import { putUpTo, type PlannedStep } from './planned-stage.ts';
import { rolesFrom, rungOf } from './rung.ts';
import { firstReturn, nextAbsence } from './staff.ts';

/**
 * Why a step is put to somebody. `asked`: its turn came. After silence: `escalated` to the next role, `passed_on` to another member, `asked_again`; `not_deemed`: silence
 * would have been a yes, and that was not possible. `replaced`: whoever was asked is away, gone, or has a stake now. `delegated` and `reassigned`: somebody said so.
 */
export type StepReason = 'asked' | 'escalated' | 'passed_on' | 'asked_again' | 'not_deemed' | 'replaced' | 'delegated' | 'reassigned';

/** One open question to people: who is asked, who else may answer, until when, and what silence means. Fixed when it opens. */
export interface ReviewStep {
  /** The step as the API shows it: the role that is asked. The CRM shows the label of the role. */
  readonly name: string;
  readonly role: string;
  /** The n-th question about its subject: who is asked anew is asked another one. */
  readonly number: number;
  readonly reason: StepReason;
  /** Null where nobody is free to decide: the step stays open and needs attention. */
  readonly approver: string | null;
  /** In whose place the approver answers. */
  readonly onBehalfOf: string | null;
  /** Everybody who is asked at once: the approver, or the members of a queue. */
  readonly asked: readonly string[];
  /** Who was asked in this role before and stayed silent, where silence passes the question on. */
  readonly tried: readonly string[];
  readonly mayDecide: readonly string[];
  /** Of those who may decide, who does so in whose place. */
  readonly standIns: Readonly<Record<string, string>>;
  /** Nobody of the role or above it is free; the program's fallback is asked. */
  readonly isFallback: boolean;
  readonly openedAt: Instant;
  readonly dueAt: Instant;
  readonly silence: SilenceAnswer;
  /** When whoever is asked is still to be reminded, ascending; all before `dueAt`. */
  readonly reminders: readonly Instant[];
  readonly remindedAt: Instant | null;
  /** When the approver's next absence begins, or, where nobody is free, the first one ends: then it is looked at again who is asked. */
  readonly awayFrom: Instant | null;
  /** What was planned, for when the step is put again. */
  readonly planned: PlannedStep;
}

export interface Opening {
  readonly number: number;
  readonly reason: StepReason;
  /** Those who granted an earlier step: asked only where nobody else is left. */
  readonly spent?: ReadonlySet<string>;
}

/**
 * Puts a planned step to somebody. Its deadline and answer to silence hold as long as its own role is asked.
 *
 * Where nobody of the role is free, the next role up is asked, which then sets the deadline; where nobody is free up to the top, the program's fallback, until somebody is. Who granted an
 * earlier step (`spent`) is passed over, unless nobody else is left. May decide: whoever is asked, and the free members of that role and of those above.
 *
 * The deadline counts the working time of whoever is asked. A step whose time runs from the submission is due that long after it, and at once where that is over
 * already: only the first time; who is asked again, and whoever stands in higher up, has the full time from then on.
 */
export function openStep(asking: Asking, planned: PlannedStep, opening: Opening): ReviewStep {
  const spent = new Set([...(opening.spent ?? NOBODY), ...asking.question.decidedBefore]);
  const roles = rolesFrom(asking.program, planned.role);
  for (const passedOver of spent.size === 0 ? [NOBODY] : [spent, NOBODY]) {
    for (const role of roles) {
      const own = role === planned.role ? planned : putUpTo(role, planned);
      const candidates = candidatesFor(asking, role, own).filter(({ alias }) => !passedOver.has(alias));
      const [first] = candidates;
      if (first !== undefined) return describeStep(asking, role, planned, opening, first, candidates, passedOver);
    }
  }
  const { fallback } = asking.program.governance;
  const top = roles.at(-1) ?? planned.role;
  const last = fallback !== null && isFree(asking, fallback) ? { alias: fallback, onBehalfOf: null } : null;
  const step = describeStep(asking, top, planned, opening, last, [], NOBODY);
  const back = firstReturn(asking.staff, asking.question, asking.at);
  // What was planned stays planned: whoever of its own role is free again is asked before those above, and may look in before.
  const mayDecide = [...new Set([...step.mayDecide, ...answerersFor(asking, planned.role, planned).aliases])];
  return { ...step, isFallback: last !== null, mayDecide, planned, awayFrom: earlier(step.awayFrom, back) };
}

function earlier(one: Instant | null, other: Instant | null): Instant | null {
  if (one === null || other === null) return one ?? other;
  return Date.parse(other) < Date.parse(one) ? other : one;
}

const NOBODY: ReadonlySet<string> = new Set();

/** The step as it is put to `candidate`; null where nobody is free. */
export function describeStep(
  asking: Asking,
  role: string,
  planned: PlannedStep,
  { number, reason }: Opening,
  candidate: Candidate | null,
  candidates: readonly Candidate[],
  passedOver: ReadonlySet<string>,
): ReviewStep {
  const { program, question, staff, at } = asking;
  const rung = rungOf(program, role);
  const isPlanned = role === planned.role;
  const own = isPlanned ? planned : putUpTo(role, planned);
  const approver = candidate?.alias ?? null;
  const asked = own.asks === 'queue' && candidates.length > 0 ? candidates.map(({ alias }) => alias) : approver === null ? [] : [approver];
  const { aliases, standIns } = answerersFor(asking, role, own);
  const calendar = calendarOfPerson(asking, approver);
  // Only the first time a step is asked its clock may run from the submission.
  const from = own.from === 'submission' && reason === 'asked' ? question.submittedAt : at;
  const dueAt = dueAfter(from, own.deadline ?? rung.deadline, at, calendar);
  return {
    name: role,
    role,
    number,
    reason,
    approver,
    onBehalfOf: candidate?.onBehalfOf ?? null,
    asked,
    tried: [],
    mayDecide: [...new Set([...asked, ...aliases])].filter((alias) => asked.includes(alias) || !passedOver.has(alias)),
    standIns: candidate === null || candidate.onBehalfOf === null ? standIns : { ...standIns, [candidate.alias]: candidate.onBehalfOf },
    isFallback: false,
    openedAt: at,
    dueAt,
    silence: own.silence ?? rung.silence,
    reminders: remindersUntil(dueAt, at, own.reminders ?? rung.reminders, calendar),
    remindedAt: null,
    awayFrom: approver === null ? null : nextAbsence(staff, approver, question, at),
    planned: isPlanned ? planned : putUpTo(role, planned),
  };
}

/** When a time of `length` from `start` is over, and not before `openedAt`: nobody is asked in the past. */
export function dueAfter(start: Instant, length: Duration, openedAt: Instant, calendar: WorkingCalendar): Instant {
  const due = addDuration(start, length, calendar);
  return Date.parse(due) < Date.parse(openedAt) ? openedAt : due;
}

/** The points after `openedAt` that come before the deadline, each once, ascending. */
function remindersUntil(dueAt: Instant, openedAt: Instant, after: readonly Duration[], calendar: WorkingCalendar): readonly Instant[] {
  const points = after.map((length) => addDuration(openedAt, length, calendar));
  return [...new Set(points)]
    .filter((point) => Date.parse(point) < Date.parse(dueAt))
    .toSorted((left, right) => Date.parse(left) - Date.parse(right));
}
