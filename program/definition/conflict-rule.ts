import { z } from 'zod';
import { RULE_CATALOGUE, RULE_IDS, type RuleId } from '../rules/catalogue.ts';
import { condition, type Condition } from './condition.ts';
import { SILENCE_ANSWERS } from './governance.ts';
import type { DeepReadonly } from './deep-readonly.ts';
import { RULE_PARAMETERS } from './rule-parameter.ts';
import { anyOf, duration, flag, id, listOf, section, text, word } from './scalar.ts';

/**
 * One role that is asked. What a step does not say itself is said by its role's rung of the ladder, or by its desk.
 *
 * `from`: whether its time runs from when it is asked (`arrival`, the default) or from the receipt of the claim (`submission`), however long earlier steps took.
 * `asks`: one of the members (the default), all of them at once (`queue`), or whom the CRM names at the customer's account. `by`: only members whose share of the
 * work the claim is in. `reminders`: how long after being asked somebody is reminded.
 */
export const plannedStep = section({
  role: id,
  deadline: duration.optional(),
  from: word(['arrival', 'submission']).optional(),
  silence: word(SILENCE_ANSWERS).optional(),
  asks: word(['members', 'queue', 'account_owner', 'account_owner_manager']).optional(),
  by: listOf(word(['region', 'territory', 'product_line'])).optional(),
  reminders: anyOf(duration).optional(),
}).meta({ id: 'step' });

/** What is asked one after another: one role, or several at once, of which `all` have to say yes, or `any` one. */
export const plannedStage = z
  .union([section({ parallel: listOf(plannedStep), needs: word(['all', 'any']) }), plannedStep], {
    error: 'expected a step ({ role: … }) or steps that are asked at once ({ parallel: […], needs: all or any })',
  })
  .meta({ id: 'stage' });

/**
 * What follows when a rule fires. `note` decides nothing and is shown in the trace. `decider` is a role of the ladder.
 *
 * `review` opens a case, and `then` names who is asked after the decider; `wait` lets the earlier claims be decided first; `return` gives the claim back
 * with what is asked; `approve` decides it without looking at the value; `free_lines` lets the claim go on for the lines that nobody else holds, and denies it
 * where none is left. `offer` is said to the partner beside a denial, such as that a co-sell is possible.
 */
const outcome = z
  .discriminatedUnion(
    'outcome',
    [
      section({ outcome: z.literal('deny'), waitlist: flag, offer: text.optional() }),
      section({
        outcome: z.literal('review'),
        decider: id,
        deadline: duration.optional(),
        silence: word(SILENCE_ANSWERS).optional(),
        // oxlint-disable-next-line unicorn/no-thenable -- a list is not called when it is awaited, and authors read: review by one, then by others
        then: anyOf(plannedStage).default([]),
      }),
      section({ outcome: z.literal('wait') }),
      section({ outcome: z.literal('needs_ruling'), decider: id }),
      section({ outcome: z.literal('return'), ask: text }),
      section({ outcome: z.literal('approve') }),
      section({ outcome: z.literal('free_lines'), waitlist: flag }),
      section({ outcome: z.literal('note') }),
    ],
    { error: 'expected one of deny, review, wait, needs_ruling, return, approve, free_lines, note' },
  )
  .meta({ id: 'outcome' });
export type RuleOutcome = DeepReadonly<z.output<typeof outcome>>;

/** What a row of the rules says, whichever rule it names: `with` is of the rule's own shape, complete with what the author left out. */
interface RuleRow {
  readonly id: RuleId;
  readonly when?: Condition | undefined;
  readonly with: Readonly<Record<string, unknown>>;
  readonly on: Readonly<Record<string, z.output<typeof outcome>>>;
}

function rowOf(rule: RuleId) {
  const { situations, optional } = RULE_CATALOGUE[rule] as { readonly situations: readonly string[]; readonly optional: readonly string[] };
  return section({
    id: z.literal(rule),
    when: condition.optional(),
    with: (RULE_PARAMETERS[rule] as z.ZodType<unknown, unknown>).prefault({}),
    // Which situations there are is checked among the references, where the answer can name them; editors learn it here.
    on: z.record(id, outcome, { error: 'expected a mapping of situations to outcomes' }).meta({
      propertyNames: { enum: situations },
      required: situations.filter((situation) => !optional.includes(situation)),
    }),
  });
}

const [firstRule, ...otherRules] = RULE_IDS;
const ruleRow = z.discriminatedUnion('id', [rowOf(firstRule), ...otherRules.map(rowOf)], {
  error: (issue) => (issue.code === 'invalid_union' ? expectedRule(issue.input) : 'expected a mapping'),
}) as unknown as z.ZodType<RuleRow>;

/** Names the rule that an author meant by its number alone, such as `C01`. */
function expectedRule(row: unknown): string {
  const written = typeof row === 'object' && row !== null && 'id' in row ? String(row.id) : '';
  const number = /^[a-z]\d{2}(?=_|$)/i.exec(written)?.[0].toUpperCase();
  const meant = RULE_IDS.find((rule) => rule.split('_')[0] === number) ?? 'a rule of the catalogue, such as C01_duplicate_same_partner';
  return `expected ${meant}; docs/program.md lists the rules`;
}

/**
 * The rules in their order. `first`: the first finding that decides wins. `strictest`: of all findings the strictest wins (deny, return, wait, needs_ruling,
 * review, approve), among equals the first. `on` gives the outcome of every situation that the rule tells apart; `with` the rule's parameters
 * (`rule-parameter.ts`); `when` to which claims the row applies, so that one rule may stand in several rows.
 */
export const conflictRules = section({
  hitPolicy: word(['first', 'strictest']),
  order: listOf(ruleRow),
});

/**
 * By what one of two claims precedes the other, the first criterion that tells them apart decides.
 *
 * `first_valid_claim`: the earlier receipt of a complete claim. `opportunity_creator`: who received the claim before the opportunity was created.
 * `incumbency`: the partner of the customer's latest purchase. `customer_choice`: a letter of the customer. `substantial_work`: more proofs of work.
 */
export const PRECEDENCE = ['first_valid_claim', 'opportunity_creator', 'incumbency', 'customer_choice', 'substantial_work'] as const;
export const precedence = listOf(word(PRECEDENCE));
