import { alias, amount, anyOf, country, duration, flag, id, section, text, wholeNumber, word } from './scalar.ts';
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

const deciding = {
  role: id,
  approvalLimit: amount.nullable(),
  deadline: duration,
  silence: word(SILENCE_ANSWERS),
  /** How long after being asked somebody is reminded. */
  reminders: anyOf(duration).default([]),
};

/** A role that decides, from the first asked to the last. `approvalLimit` is in the currency of the routing; null: without a limit. */
const rung = section(deciding);

/** A role that decides beside the ladder, such as a deal desk. `escalatesTo`: the role of the ladder that is asked where nobody of the desk answers or is free. */
const desk = section({ ...deciding, escalatesTo: id });

/**
 * What the program has to know of a user beyond the roles. `calendar`: when this person works, where that is not when the customer's region does. `regions`,
 * `territories` (countries) and `productLines`: the share of the work, for steps that ask by it. `approvalLimit`: a limit of the person's own, in the currency of the
 * routing. `deputy`: who answers instead while the person is away, or gone. `quota`: what the person is paid for selling directly; it is touched by what is inside.
 */
const person = section({
  alias,
  calendar: id.nullable().default(null),
  regions: anyOf(id).default([]),
  territories: anyOf(country).default([]),
  productLines: anyOf(id).default([]),
  approvalLimit: amount.nullable().default(null),
  deputy: alias.nullable().default(null),
  quota: section({ regions: anyOf(id).default([]), territories: anyOf(country).default([]), productLines: anyOf(id).default([]) })
    .nullable()
    .default(null),
});

/**
 * Who may not decide beside those whose own registration or opportunity it is. `managementChain`: whether those whom such an owner reports to are out too, the direct
 * manager or everybody above. `quota`: whether whoever sells directly what a case is about is out.
 */
const separation = section({
  managementChain: word(['none', 'manager', 'all']).default('none'),
  quota: flag.default(true),
});

/**
 * Who is who, and who decides. `defaultManager` belongs to every partner for whom nobody else is named. `fallback`: the user who is asked where nobody else is free;
 * somebody should look after that.
 */
export const governance = section({
  owner: id.nullable().default(null),
  executiveSponsor: id.nullable().default(null),
  roles: anyOf(role),
  ladder: anyOf(rung),
  desks: anyOf(desk).default([]),
  defaultManager: alias,
  fallback: alias.nullable().default(null),
  people: anyOf(person).default([]),
  separation: separation.prefault({}),
  maturity: anyOf(teamStage).default([]),
});
