import type { SilenceAnswer } from '../definition/governance.ts';
import type { Program } from '../definition/program.ts';
import { bareStep, isParallel, leadingRole, stepsOf, type PlannedStage, type PlannedStep } from '../approval/planned-stage.ts';
import { rungOf } from '../approval/rung.ts';
import { dueAfter } from '../approval/step.ts';
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
      return { subject: verdict.conflict?.rule ?? 'routing', roles: rolesIn(verdict.steps) };
    case 'needs_ruling':
      return { subject: 'ruling', roles: [verdict.role] };
  }
}

function rolesIn(stages: readonly PlannedStage[]): readonly string[] {
  return stages.flatMap((stage) => stepsOf(stage).map(({ role }) => role));
}

/** The question as it opens: its first stage. */
export function openingOf(verdict: Asking): OpenQuestion {
  const stages = verdict.outcome === 'review' ? verdict.steps : [];
  const [stage = bareStep(verdict.role), ...rest] = stages;
  return { question: questionOf(verdict), role: leadingRole(stage), stage, rest, passedOn: 0 };
}

/** The question of what the program leaves unclear: to those whom it names for whatever no row covers. */
export function rulingOf({ routing }: Program): OpenQuestion {
  const role = routing.otherwise;
  return { question: { subject: 'ruling', roles: [role] }, role, stage: bareStep(role), rest: [], passedOn: 0 };
}

/** When the time of the open stage is up: of those who are asked at once the last one's, or the first one's where one is enough. */
export function dueAt(standing: Standing, open: OpenQuestion, at: EpochMs): EpochMs {
  return dueOf(standing, decisiveStep(standing, open, at), at);
}

function dueOf({ program, calendar, claim }: Standing, step: PlannedStep, at: EpochMs): EpochMs {
  const openedAt = instantOf(at);
  const deadline = step.deadline ?? rungOf(program, step.role).deadline;
  return Date.parse(dueAfter(step.from === 'submission' ? claim.submittedAt : openedAt, deadline, openedAt, calendar));
}

/** The step whose time ends that of the stage. */
function decisiveStep(standing: Standing, { stage }: OpenQuestion, at: EpochMs): PlannedStep {
  const isOneEnough = isParallel(stage) && stage.needs === 'any';
  return stepsOf(stage).reduce((last, step) => {
    const [due, latest] = [dueOf(standing, step, at), dueOf(standing, last, at)];
    return (isOneEnough ? due < latest : due > latest) ? step : last;
  });
}

/** What the program says of the silence of whoever is asked; of several that of the first. */
function silenceOf(program: Program, { stage }: OpenQuestion): SilenceAnswer {
  const [step] = stepsOf(stage);
  return step.silence ?? rungOf(program, step.role).silence;
}

/** Whether silence changes nothing: the same people are asked for ever. */
export function isAskedForEver(program: Program, open: OpenQuestion): boolean {
  const silence = silenceOf(program, open);
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
  const silence = silenceOf(program, open);
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
  return above === null ? { kind: 'keep_asking' } : { kind: 'ask', open: { ...open, role: above, stage: bareStep(above), passedOn: 0 } };
}

function roleAbove(program: Program, role: string): string | null {
  return rungOf(program, role).above;
}
