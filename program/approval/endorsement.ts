import type { Asking } from './asking.ts';
import { isParallel, type PlannedStage, type PlannedStep } from './planned-stage.ts';
import { mayRoleApprove } from './rung.ts';

type Stages = readonly [PlannedStage, ...PlannedStage[]];

/**
 * The stages with those steps marked whose yes commits nobody to the value: all before the last stage, and of several in the last that all have to say yes, those whose
 * role may not approve as much, as long as another one's may. Against them no limit is held: a partner manager may recommend what only the VP approves.
 */
export function markEndorsements({ program, question }: Asking, stages: Stages): Stages {
  const mark = (stage: PlannedStage, at: number): PlannedStage => {
    const decides = ({ role }: PlannedStep): boolean => mayRoleApprove(program, role, question.value);
    if (at < stages.length - 1) return mapSteps(stage, endorse);
    if (!isParallel(stage) || stage.needs === 'any' || !stage.parallel.some(decides)) return stage;
    return mapSteps(stage, (step) => (decides(step) ? step : endorse(step)));
  };
  const [first, ...rest] = stages;
  return [mark(first, 0), ...rest.map((stage, at) => mark(stage, at + 1))];
}

function endorse(step: PlannedStep): PlannedStep {
  return { ...step, endorses: true };
}

function mapSteps(stage: PlannedStage, change: (step: PlannedStep) => PlannedStep): PlannedStage {
  if (!isParallel(stage)) return change(stage as PlannedStep);
  const [first, ...others] = stage.parallel;
  return { ...stage, parallel: [change(first), ...others.map(change)] };
}
