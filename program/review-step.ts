import type { SilenceAnswer } from './definition/governance.ts';
import type { Program } from './definition/program.ts';
import { addDuration, type Duration } from './duration.ts';
import type { Instant } from './vocabulary.ts';
import type { WorkingCalendar } from './working-time.ts';

/** A question that is planned: what it does not say itself is said by its role's rung of the ladder. */
export interface PlannedStep {
  readonly role: string;
  readonly deadline: Duration | null;
  readonly silence: SilenceAnswer | null;
  /** From when its time runs where that is not when it is asked: from the receipt of the claim. It needs no deadline of its own. */
  readonly from?: 'submission';
}

/** One open question to people: who is asked, who else may answer, until when, and what silence means. Fixed when it opens. */
export interface ReviewStep {
  /** The step as the API and the CRM show it: the role that is asked. */
  readonly name: string;
  readonly role: string;
  /** Null where nobody of the ladder is free to decide: the step stays open and needs attention. */
  readonly approver: string | null;
  readonly mayDecide: readonly string[];
  readonly openedAt: Instant;
  readonly dueAt: Instant;
  readonly silence: SilenceAnswer;
  /** The time that is given each time the step is put, where it is not that of its role's rung. */
  readonly deadline?: Duration;
}

/** Who is free to answer. */
export interface Deciders {
  /** With a stake in the deal, or inactive: never asked. */
  readonly excluded: ReadonlySet<string>;
  /** Those who granted an earlier step of the same chain: asked only where nobody else is left. */
  readonly spent?: ReadonlySet<string>;
}

/**
 * Opens the step of `role`, or of a planned one, whose deadline and answer to silence hold as long as its own role is asked.
 *
 * Asked is the partner's manager where the step is the first of the ladder and that user decides at all, otherwise the program's default there, otherwise the
 * role's first member. `excluded` users (with a stake in the deal, inactive) are passed over: to another member, then to the next role up, which then sets the
 * deadline. So are those who granted an earlier step (`spent`), unless nobody else is left on the ladder. May decide: whoever is asked, and the members of that role
 * and of those above. A role that is not on the ladder is a bug of the caller: definitions are checked for it.
 *
 * A step whose time runs from the submission is due that long after `submittedAt`, and at once where that is over already. Only the first time: who is asked again,
 * and whoever stands in higher up, has the full time from then on.
 */
export function openStep(
  program: Program,
  asked: string | PlannedStep,
  partnerManager: string | null,
  free: ReadonlySet<string> | Deciders,
  openedAt: Instant,
  calendar: WorkingCalendar,
  submittedAt: Instant = openedAt,
): ReviewStep {
  const planned = typeof asked === 'string' ? { role: asked, deadline: null, silence: null } : asked;
  const { excluded, spent = NOBODY }: Deciders = 'excluded' in free ? free : { excluded: free };
  const from = rungIndex(program, planned.role);
  const { ladder } = program.governance;
  for (const passedOver of spent.size === 0 ? [excluded] : [new Set([...excluded, ...spent]), excluded]) {
    for (let at = from; at < ladder.length; at += 1) {
      const approver = candidates(program, at, partnerManager).find((alias) => !passedOver.has(alias));
      if (approver !== undefined) return describeStep(program, at, planned, approver, passedOver, openedAt, calendar, submittedAt);
    }
  }
  return describeStep(program, ladder.length - 1, planned, null, excluded, openedAt, calendar, submittedAt);
}

const NOBODY: ReadonlySet<string> = new Set();

export type SilenceResult =
  | { readonly kind: 'escalated'; readonly step: ReviewStep }
  /** Another member of the same role is asked. */
  | { readonly kind: 'reassigned'; readonly step: ReviewStep }
  /** The same people are asked again, until a new deadline; somebody should look after it. */
  | { readonly kind: 'asked_again'; readonly step: ReviewStep; readonly needsAttention: true }
  /** Silence is an answer. Before a yes the caller asks the rules again; where they do not allow it, it asks on (`askOn`). */
  | { readonly kind: 'deemed'; readonly decision: 'approve' | 'deny' };

/**
 * What follows when `step` passed its deadline unanswered at `now`, as the program says: an answer; another member of the role, and then the next role up; the next
 * role; or, where nobody of these is free, the same step with a new deadline. The step keeps the time it was opened at when it is asked again.
 * Who may decide is determined anew, since people come and go.
 */
export function nextStep(
  program: Program,
  step: ReviewStep,
  partnerManager: string | null,
  free: ReadonlySet<string> | Deciders,
  now: Instant,
  calendar: WorkingCalendar,
): SilenceResult {
  switch (step.silence) {
    case 'approve':
    case 'deny':
      return { kind: 'deemed', decision: step.silence };
    case 'escalate':
    case 'reassign':
    case 'keep_asking':
      return askOn(program, step, partnerManager, free, now, calendar);
  }
}

/** As `nextStep`, where silence may not be taken for an answer: a step that silence would approve is put to the next role up. */
export function askOn(
  program: Program,
  step: ReviewStep,
  partnerManager: string | null,
  free: ReadonlySet<string> | Deciders,
  now: Instant,
  calendar: WorkingCalendar,
): Exclude<SilenceResult, { kind: 'deemed' }> {
  const at = rungIndex(program, step.role);
  const deciders: Deciders = 'excluded' in free ? free : { excluded: free };
  const own: PlannedStep = { role: step.role, deadline: step.deadline ?? null, silence: step.silence };
  if (step.silence === 'reassign') {
    const next = memberAfter(program, at, step.approver, deciders);
    if (next !== null) {
      const passedOver = new Set([...deciders.excluded, ...(deciders.spent ?? [])]);
      return { kind: 'reassigned', step: describeStep(program, at, own, next, passedOver, now, calendar) };
    }
  }
  const above = program.governance.ladder[at + 1];
  if (step.silence !== 'keep_asking' && above !== undefined) {
    const escalated = openStep(program, above.role, partnerManager, free, now, calendar);
    if (escalated.approver !== null) return { kind: 'escalated', step: escalated };
  }
  const again = openStep(program, own, partnerManager, free, now, calendar);
  return { kind: 'asked_again', step: { ...again, openedAt: step.openedAt }, needsAttention: true };
}

/** The role's next member after `approver` who is free; null behind the last, so that a question goes round once and then up. */
function memberAfter(program: Program, at: number, approver: string | null, { excluded, spent = NOBODY }: Deciders): string | null {
  const members = membersOf(program, program.governance.ladder[at]?.role ?? '');
  return (
    members.slice(members.indexOf(approver ?? '') + 1).find((alias) => alias !== approver && !excluded.has(alias) && !spent.has(alias)) ??
    null
  );
}

function describeStep(
  program: Program,
  at: number,
  planned: PlannedStep,
  approver: string | null,
  excluded: ReadonlySet<string>,
  openedAt: Instant,
  calendar: WorkingCalendar,
  submittedAt: Instant = openedAt,
): ReviewStep {
  const rung = program.governance.ladder[at];
  if (rung === undefined) throw new RangeError(`the ladder has no rung ${at}`);
  const fromHereUp = program.governance.ladder.slice(at).flatMap((higher) => membersOf(program, higher.role));
  const mayDecide = [...new Set(approver === null ? fromHereUp : [approver, ...fromHereUp])].filter((alias) => !excluded.has(alias));
  const isPlanned = rung.role === planned.role;
  const deadline = isPlanned ? planned.deadline : null;
  return {
    name: rung.role,
    role: rung.role,
    approver,
    mayDecide,
    openedAt,
    dueAt: dueAfter(isPlanned && planned.from === 'submission' ? submittedAt : openedAt, deadline ?? rung.deadline, openedAt, calendar),
    silence: (isPlanned ? planned.silence : null) ?? rung.silence,
    ...(deadline === null ? {} : { deadline }),
  };
}

/** When a time of `length` from `start` is over, and not before `openedAt`: nobody is asked in the past. */
export function dueAfter(start: Instant, length: Duration, openedAt: Instant, calendar: WorkingCalendar): Instant {
  const due = addDuration(start, length, calendar);
  return Date.parse(due) < Date.parse(openedAt) ? openedAt : due;
}

/** Who could be asked on a rung, the preferred one first. On the first rung that is the partner's own manager, if that user decides anything. */
function candidates(program: Program, at: number, partnerManager: string | null): readonly string[] {
  const { ladder, defaultManager } = program.governance;
  const members = membersOf(program, ladder[at]?.role ?? '');
  if (at > 0) return members;
  const deciders = ladder.flatMap((rung) => membersOf(program, rung.role));
  const own = partnerManager !== null && deciders.includes(partnerManager) ? [partnerManager] : [];
  return [...own, defaultManager, ...members];
}

function membersOf(program: Program, role: string): readonly string[] {
  return program.governance.roles.find((candidate) => candidate.id === role)?.members ?? [];
}

function rungIndex(program: Program, role: string): number {
  const at = program.governance.ladder.findIndex((rung) => rung.role === role);
  if (at === -1) throw new RangeError(`role ${role} is not on the ladder of program ${program.id}`);
  return at;
}
