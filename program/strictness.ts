import type { RuleOutcome } from './definition/conflict-rule.ts';

/** Outcomes that decide something, the strictest first: what cannot be granted, then what has to be settled before, then what needs a person. */
export const STRICTNESS: readonly Exclude<RuleOutcome['outcome'], 'note'>[] = [
  'free_lines',
  'deny',
  'return',
  'wait',
  'needs_ruling',
  'review',
  'approve',
];
