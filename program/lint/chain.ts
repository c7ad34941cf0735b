import { definedSteps, isParallel, type DefinedStage, type DefinedStep } from '../approval/planned-stage.ts';
import type { Program } from '../definition/program.ts';
import type { Path } from '../definition/source-place.ts';
import type { Duration } from '../duration.ts';

/** Stages that the program asks for one after another. */
export interface Chain {
  /** Where it is ordered. */
  readonly path: Path;
  /** The role that is asked before the stages; null where they are all. */
  readonly first: string | null;
  readonly stages: readonly DefinedStage[];
  readonly stagesPath: Path;
}

/** Every chain that the program can ask: about claims, conflicts, extensions, appeals and transfers. */
export function chainsOf({ appeal, protection, routing, rules, transfer }: Program): readonly Chain[] {
  const { decidedBy, then } = protection.extension;
  return [
    ...routing.rows.map(({ steps }, at) => chainOf(['routing', 'rows', at, 'steps'], null, steps)),
    ...rules.order.flatMap(({ on }, at) =>
      Object.entries(on).flatMap(([situation, outcome]) => {
        if (outcome.outcome !== 'review') return [];
        const path: Path = ['rules', 'order', at, 'on', situation];
        return [chainOf(path, outcome.decider, outcome.then, [...path, 'then'])];
      }),
    ),
    chainOf(['protection', 'extension', 'decidedBy'], decidedBy, then, ['protection', 'extension', 'then']),
    chainOf(['appeal', 'steps'], null, appeal.steps),
    chainOf(['transfer', 'steps'], null, transfer.steps),
  ];
}

function chainOf(path: Path, first: string | null, stages: readonly DefinedStage[], stagesPath: Path = path): Chain {
  return { path, first, stages, stagesPath };
}

/** A step of a chain with its own deadline, or else that of its role, and where it stands. */
export interface PlacedStep {
  readonly path: Path;
  readonly step: DefinedStep;
  readonly deadline: Duration;
}

export function placedSteps(program: Program): readonly PlacedStep[] {
  return chainsOf(program).flatMap(({ stagesPath, stages }) =>
    stages.flatMap((stage, at) => placedStepsOf(program, [...stagesPath, at], stage)),
  );
}

/** The steps of one stage that stands at `path`. */
export function placedStepsOf({ governance: { ladder, desks } }: Program, path: Path, stage: DefinedStage): readonly PlacedStep[] {
  return definedSteps(stage).flatMap((step, index) => {
    const deadline = step.deadline ?? [...ladder, ...desks].find(({ role }) => role === step.role)?.deadline;
    return deadline === undefined ? [] : [{ path: isParallel(stage) ? [...path, 'parallel', index] : path, step, deadline }];
  });
}
