import { z } from 'zod';
import { RULE_IDS } from '../rules/catalogue.ts';
import { flag, id, listOf, section, word } from './scalar.ts';

/**
 * What follows when a rule fires. `note` decides nothing and is shown in the trace. `decider` is a role of the ladder.
 * `review` opens a case; `wait` lets the earlier claims be decided first.
 */
const outcome = z.discriminatedUnion(
  'outcome',
  [
    section({ outcome: z.literal('deny'), waitlist: flag }),
    section({ outcome: z.literal('review'), decider: id }),
    section({ outcome: z.literal('wait') }),
    section({ outcome: z.literal('needs_ruling'), decider: id }),
    section({ outcome: z.literal('note') }),
  ],
  { error: 'expected one of deny, review, wait, needs_ruling, note' },
);
export type RuleOutcome = z.output<typeof outcome>;

/**
 * The rules in their order. `first`: the first finding that decides wins. `strictest`: of all findings the strictest wins (deny, wait, needs_ruling, review),
 * among equals the first. `on` gives the outcome of every situation that the rule tells apart.
 */
export const conflictRules = section({
  hitPolicy: word(['first', 'strictest']),
  order: listOf(section({ id: word(RULE_IDS), on: z.record(id, outcome, { error: 'expected a mapping of situations to outcomes' }) })),
});
