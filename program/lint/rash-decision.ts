import type { Program } from '../definition/program.ts';
import { finding, type LintFinding } from './finding.ts';

/** L125, L126: claims that are lost to what came later, or to a match that nobody has looked at. */
export function lintRashDecisions({ directOpportunities, rules }: Program): readonly LintFinding[] {
  const isAsked = rules.order.some(({ id }) => id === 'C05_direct_early_stage' || id === 'C06_direct_late_active');
  const late =
    isAsked && directOpportunities.countsWhenCreatedAfterReceipt
      ? [
          finding(
            'L125',
            ['directOpportunities', 'countsWhenCreatedAfterReceipt'],
            'an opportunity counts that was created after the claim was received',
          ),
        ]
      : [];
  const guesses = rules.order.flatMap((row, at) => {
    const outcome = row.on['probable']?.outcome;
    return outcome === 'deny' || outcome === 'free_lines' || outcome === 'approve'
      ? [finding('L126', ['rules', 'order', at, 'on', 'probable'], `${row.id}: a probable match leads to ${outcome}`)]
      : [];
  });
  return [...late, ...guesses];
}
