import type { RuleOutcome } from './conflict-rule.ts';
import { speak } from './spoken-value.ts';

type Step = Extract<RuleOutcome, { readonly outcome: 'review' }>['then'][number];

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

/** `director (5 business days, silence: approve), then vp`; nobody where there is no step. */
export function speakSteps(steps: readonly Step[]): string {
  if (steps.length === 0) return 'nobody';
  return steps
    .map(({ role, deadline, from, silence }) => {
      const own = [
        ...(deadline === undefined ? [] : [speak(deadline)]),
        ...(from === undefined ? [] : [`from ${from}`]),
        ...(silence === undefined ? [] : [`silence: ${silence}`]),
      ];
      return own.length === 0 ? role : `${role} (${own.join(', ')})`;
    })
    .join(', then ');
}
