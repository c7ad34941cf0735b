import type { Program } from '../definition/program.ts';
import { dueAfter, type PlannedStep } from '../review-step.ts';
import type { Verdict } from '../verdict.ts';
import type { EpochMs } from '../vocabulary.ts';
import type { Question } from './history.ts';
import type { OpenQuestion, Standing } from './standing.ts';
import { instantOf } from './world.ts';

type Asking = Extract<Verdict, { outcome: 'review' | 'needs_ruling' }>;

/** What a verdict asks people. */
export function questionOf(verdict: Asking): Question {
  switch (verdict.outcome) {
    case 'review':
      return { subject: verdict.conflict?.rule ?? 'routing', roles: verdict.steps.map(({ role }) => role) };
    case 'needs_ruling':
      return { subject: 'ruling', roles: [verdict.role] };
  }
}

/** The question as it opens: its first step. */
export function openingOf(verdict: Asking): OpenQuestion {
  const steps = verdict.outcome === 'review' ? verdict.steps : [];
  const [step, ...rest] = steps.length > 0 ? steps : [bare(verdict.role)];
  return { question: questionOf(verdict), role: (step as PlannedStep).role, step: step as PlannedStep, rest, passedOn: 0 };
}

/** The question of what the program leaves unclear: to those whom it names for whatever no row covers. */
export function rulingOf({ routing }: Program): OpenQuestion {
  const role = routing.otherwise;
  return { question: { subject: 'ruling', roles: [role] }, role, step: bare(role), rest: [], passedOn: 0 };
}

/** When the time of the open step is up; null for a role that has none. */
export function dueAt({ program, calendar, claim }: Standing, open: OpenQuestion, at: EpochMs): EpochMs | null {
  const deadline = open.step.deadline ?? rungOf(program, open.role)?.deadline ?? null;
  if (deadline === null) return null;
  const openedAt = instantOf(at);
  return Date.parse(dueAfter(open.step.from === 'submission' ? claim.submittedAt : openedAt, deadline, openedAt, calendar));
}

/** Whether silence changes nothing: the same people are asked for ever. */
export function isAskedForEver(program: Program, open: OpenQuestion): boolean {
  const silence = open.step.silence ?? rungOf(program, open.role)?.silence ?? 'keep_asking';
  return silence === 'keep_asking' || (silence === 'escalate' && roleAbove(program, open.role) === null);
}

export type Silence =
  | { readonly kind: 'approve' }
  | { readonly kind: 'deny' }
  | { readonly kind: 'ask'; readonly open: OpenQuestion }
  /** Nobody is left to pass it on to. */
  | { readonly kind: 'keep_asking' };

/** What the program says of a step that nobody answered in time. */
export function onSilence(program: Program, open: OpenQuestion): Silence {
  const silence = open.step.silence ?? rungOf(program, open.role)?.silence ?? 'keep_asking';
  switch (silence) {
    case 'approve':
    case 'deny':
      return { kind: silence };
    case 'keep_asking':
      return { kind: 'keep_asking' };
    case 'reassign': {
      const members = program.governance.roles.find(({ id }) => id === open.role)?.members.length ?? 0;
      return open.passedOn + 1 < members ? { kind: 'ask', open: { ...open, passedOn: open.passedOn + 1 } } : passedUp(program, open);
    }
    case 'escalate':
      return passedUp(program, open);
  }
}

/** The question that is not answered yet, put to the role above; nobody is there above the last. */
export function passedUp(program: Program, open: OpenQuestion): Silence {
  const above = roleAbove(program, open.role);
  return above === null ? { kind: 'keep_asking' } : { kind: 'ask', open: { ...open, role: above, step: bare(above), passedOn: 0 } };
}

function rungOf({ governance }: Program, role: string): Program['governance']['ladder'][number] | undefined {
  return governance.ladder.find((rung) => rung.role === role);
}

function roleAbove({ governance: { ladder } }: Program, role: string): string | null {
  const at = ladder.findIndex((rung) => rung.role === role);
  return at === -1 ? null : (ladder[at + 1]?.role ?? null);
}

/** A step of which everything is said by its role's rung. */
function bare(role: string): PlannedStep {
  return { role, deadline: null, silence: null };
}
