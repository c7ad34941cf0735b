import type { SilenceAnswer } from './definition/governance.ts';
import type { Program } from './definition/program.ts';
import type { Instant } from './vocabulary.ts';
import { addBusinessDays, type WorkingCalendar } from './working-time.ts';

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
}

/**
 * Opens the step of `role`.
 *
 * Asked is the partner's manager where the step is the first of the ladder and that user decides at all, otherwise the program's default there, otherwise the
 * role's first member. `excluded` users (with a stake in the deal, inactive) are passed over: to another member, then to the next role up, which then sets the
 * deadline. May decide: whoever is asked, and the members of that role and of those above.
 * A role that is not on the ladder is a bug of the caller: definitions are checked for it.
 */
export function openStep(
  program: Program,
  role: string,
  partnerManager: string | null,
  excluded: ReadonlySet<string>,
  openedAt: Instant,
  calendar: WorkingCalendar,
): ReviewStep {
  const from = rungIndex(program, role);
  for (let at = from; at < program.governance.ladder.length; at += 1) {
    const approver = candidates(program, at, partnerManager).find((alias) => !excluded.has(alias));
    if (approver !== undefined) return describeStep(program, at, approver, excluded, openedAt, calendar);
  }
  return describeStep(program, program.governance.ladder.length - 1, null, excluded, openedAt, calendar);
}

export type SilenceResult =
  | { readonly kind: 'escalated'; readonly step: ReviewStep }
  /** The same people are asked again, until a new deadline; somebody should look after it. */
  | { readonly kind: 'asked_again'; readonly step: ReviewStep; readonly needsAttention: true };

/**
 * What follows when `step` passed its deadline unanswered at `now`: the next role up, or, where the program says so or nobody above is free, the same step with
 * a new deadline. The step keeps the time it was opened at when it is asked again. Who may decide is determined anew, since people come and go.
 */
export function nextStep(
  program: Program,
  step: ReviewStep,
  partnerManager: string | null,
  excluded: ReadonlySet<string>,
  now: Instant,
  calendar: WorkingCalendar,
): SilenceResult {
  const above = program.governance.ladder[rungIndex(program, step.role) + 1];
  if (step.silence === 'escalate' && above !== undefined) {
    const escalated = openStep(program, above.role, partnerManager, excluded, now, calendar);
    if (escalated.approver !== null) return { kind: 'escalated', step: escalated };
  }
  const again = openStep(program, step.role, partnerManager, excluded, now, calendar);
  return { kind: 'asked_again', step: { ...again, openedAt: step.openedAt }, needsAttention: true };
}

function describeStep(
  program: Program,
  at: number,
  approver: string | null,
  excluded: ReadonlySet<string>,
  openedAt: Instant,
  calendar: WorkingCalendar,
): ReviewStep {
  const rung = program.governance.ladder[at];
  if (rung === undefined) throw new RangeError(`the ladder has no rung ${at}`);
  const fromHereUp = program.governance.ladder.slice(at).flatMap((higher) => membersOf(program, higher.role));
  const mayDecide = [...new Set(approver === null ? fromHereUp : [approver, ...fromHereUp])].filter((alias) => !excluded.has(alias));
  return {
    name: rung.role,
    role: rung.role,
    approver,
    mayDecide,
    openedAt,
    dueAt: addBusinessDays(openedAt, rung.deadlineBusinessDays, calendar),
    silence: rung.silence,
  };
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
