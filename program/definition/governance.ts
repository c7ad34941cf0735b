import { alias, amount, anyOf, id, listOf, section, text, wholeNumber, word } from './scalar.ts';
import { teamStage } from './operation.ts';

/** What happens when a step's deadline passes unanswered. */
const SILENCE_ANSWERS = ['escalate', 'keep_asking'] as const;
export type SilenceAnswer = (typeof SILENCE_ANSWERS)[number];

const role = section({
  id,
  label: text,
  scope: text,
  purpose: text,
  headcount: wholeNumber(0, 10000),
  /** Users by alias. The first is asked first. */
  members: anyOf(alias),
});

/** A role that decides, from the first asked to the last. `approvalLimit` is in the currency of the bands; null: without a limit. */
const rung = section({
  role: id,
  approvalLimit: amount.nullable(),
  deadlineBusinessDays: wholeNumber(1, 60),
  silence: word(SILENCE_ANSWERS),
});

/** Who is who, and who decides. `defaultManager` belongs to every partner for whom nobody else is named. */
export const governance = section({
  owner: id,
  executiveSponsor: id,
  roles: listOf(role),
  ladder: listOf(rung),
  defaultManager: alias,
  maturity: listOf(teamStage),
});
