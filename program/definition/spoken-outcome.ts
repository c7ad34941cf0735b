import { isParallel, type DefinedStage, type DefinedStep } from '../approval/planned-stage.ts';
import type { RuleOutcome } from './conflict-rule.ts';
import { speak } from './spoken-value.ts';

/** What follows from a situation, as people read it: `review by director (5 business days), then vp`. */
export function speakOutcome(outcome: RuleOutcome): string {
  switch (outcome.outcome) {
    case 'deny':
      return `denial${outcome.waitlist ? ' with a place on the waitlist' : ''}${outcome.offer === undefined ? '' : `, offering "${outcome.offer}"`}`;
    case 'review':
      return `review by ${speakSteps([{ role: outcome.decider, deadline: outcome.deadline, silence: outcome.silence }, ...outcome.then])}`;
    case 'wait':
      return 'wait for the earlier claim';
    case 'needs_ruling':
      return `ruling by ${outcome.decider}`;
    case 'return':
      return `return, asking "${outcome.ask}"`;
    case 'approve':
      return 'approval';
    case 'free_lines':
      return `approval of the lines that nobody holds${outcome.waitlist ? ', with a place on the waitlist' : ''}`;
    case 'note':
      return 'note';
  }
}

/** `director (5 business days, silence: approve), then vp and finance together`; nobody where there is no stage. */
export function speakSteps(stages: readonly DefinedStage[]): string {
  if (stages.length === 0) return 'nobody';
  return stages
    .map((stage) =>
      isParallel(stage)
        ? `${stage.parallel.map(speakStep).join(stage.needs === 'any' ? ' or ' : ' and ')} ${stage.needs === 'any' ? '(any of them)' : 'at once'}`
        : speakStep(stage as DefinedStep),
    )
    .join(', then ');
}

function speakStep({ role, deadline, from, silence, asks, by, reminders }: DefinedStep): string {
  const own = [
    ...(asks === undefined ? [] : [`asks: ${speak(asks)}`]),
    ...(by === undefined ? [] : [`by ${by.map(speak).join(' and ')}`]),
    ...(deadline === undefined ? [] : [speak(deadline)]),
    ...(from === undefined ? [] : [`from ${from}`]),
    ...(silence === undefined ? [] : [`silence: ${silence}`]),
    ...(reminders === undefined ? [] : [`reminded after ${reminders.map(speak).join(', ')}`]),
  ];
  return own.length === 0 ? role : `${role} (${own.join(', ')})`;
}
