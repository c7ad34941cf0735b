import { alias, amount, anyOf, duration, id, section, text, wholeNumber, word } from './scalar.ts';
import { teamStage } from './operation.ts';

/**
 * What happens when a step's deadline passes unanswered. `approve`: the rules are asked again at that instant, and if nothing stands against the claim it is
 * approved as far as this step goes. `reassign`: another member of the same role is asked, and then the next role.
 */
export const SILENCE_ANSWERS = ['escalate', 'keep_asking', 'approve', 'deny', 'reassign'] as const;
export type SilenceAnswer = (typeof SILENCE_ANSWERS)[number];

const role = section({
  id,
  label: text,
  scope: text,
  purpose: text,
  headcount: wholeNumber(0, 10000),
  /** Users by alias. The first is asked first. */
  members: anyOf(alias),
  /** What a decision costs this role, for estimates of work. */
  minutesPerDecision: wholeNumber(1, 10_000).default(30),
});

/** A role that decides, from the first asked to the last. `approvalLimit` is in the currency of the routing; null: without a limit. */
const rung = section({
  role: id,
  approvalLimit: amount.nullable(),
  deadline: duration,
  silence: word(SILENCE_ANSWERS),
});

/** Who is who, and who decides. `defaultManager` belongs to every partner for whom nobody else is named. */
export const governance = section({
  owner: id.nullable().default(null),
  executiveSponsor: id.nullable().default(null),
  roles: anyOf(role),
  ladder: anyOf(rung),
  defaultManager: alias,
  maturity: anyOf(teamStage).default([]),
});
