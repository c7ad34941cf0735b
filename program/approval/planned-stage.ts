import type { SilenceAnswer } from '../definition/governance.ts';
import type { Program } from '../definition/program.ts';
import type { Duration } from '../duration.ts';

/** Who of a role is asked: one of its members, everybody at once, or the person whom the CRM names at the customer's account. */
export type Assignment = 'members' | 'queue' | 'account_owner' | 'account_owner_manager';

/** By what the members of a role share their work. */
export type ShareOfWork = 'region' | 'territory' | 'product_line';

/** A question that is planned: what it does not say itself is said by its role's rung. */
export interface PlannedStep {
  readonly role: string;
  readonly deadline: Duration | null;
  readonly silence: SilenceAnswer | null;
  /** From when its time runs where that is not when it is asked: from the receipt of the claim. It needs no deadline of its own. */
  readonly from?: 'submission';
  readonly asks?: Exclude<Assignment, 'members'>;
  /** Only members whose share the claim is in. */
  readonly by?: readonly ShareOfWork[];
  readonly reminders?: readonly Duration[];
  /** Its yes commits nobody to the value, so that no limit is held against whoever says it; see `markEndorsements`. */
  readonly endorses?: true;
}

/** Several roles that are asked at once. `all`: each has to say yes; `any`: the first yes is enough. One no is a no either way. */
export interface ParallelSteps {
  readonly parallel: readonly [PlannedStep, ...PlannedStep[]];
  readonly needs: 'all' | 'any';
}

/** Stages are asked one after another. */
export type PlannedStage = PlannedStep | ParallelSteps;

/** A stage as a definition writes it. */
export type DefinedStage = Program['routing']['rows'][number]['steps'][number];
export type DefinedStep = Exclude<DefinedStage, { readonly parallel: unknown }>;

export function isParallel<Stage extends object>(stage: Stage): stage is Extract<Stage, { readonly parallel: unknown }> {
  return 'parallel' in stage;
}

/** The steps of a stage: one, or those that are asked at once. */
export function stepsOf(stage: PlannedStage): readonly [PlannedStep, ...PlannedStep[]] {
  return isParallel(stage) ? stage.parallel : [stage as PlannedStep];
}

/** The steps of a stage of a definition. */
export function definedSteps(stage: DefinedStage): readonly DefinedStep[] {
  return isParallel(stage) ? stage.parallel : [stage as DefinedStep];
}

/** The role of a stage; of parallel steps that of the first. */
export function leadingRole(stage: PlannedStage): string {
  return stepsOf(stage)[0].role;
}

/** A step of which everything is said by its role's rung. */
export function bareStep(role: string): PlannedStep {
  return { role, deadline: null, silence: null };
}

/** What is asked where a step is put up to `role`. */
export function putUpTo(role: string, { endorses }: PlannedStep): PlannedStep {
  return { ...bareStep(role), ...(endorses === undefined ? {} : { endorses }) };
}

/** A stage of the definition as it is planned for a claim. */
export function planStage(stage: DefinedStage): PlannedStage {
  if (!isParallel(stage)) return planStep(stage as DefinedStep);
  const [first, ...others] = stage.parallel.map(planStep);
  return { parallel: [first as PlannedStep, ...others], needs: stage.needs };
}

function planStep({ role, deadline, silence, from, asks, by, reminders }: DefinedStep): PlannedStep {
  return {
    role,
    deadline: deadline ?? null,
    silence: silence ?? null,
    ...(from === 'submission' ? { from } : {}),
    ...(asks === undefined || asks === 'members' ? {} : { asks }),
    ...(by === undefined ? {} : { by }),
    ...(reminders === undefined ? {} : { reminders }),
  };
}
