import type { BUILT_IN_FACTS, Condition } from '../definition/condition.ts';
import type { PRECEDENCE, RuleOutcome } from '../definition/conflict-rule.ts';
import type { SilenceAnswer } from '../definition/governance.ts';
import type { DurationUnit } from '../duration.ts';
import { code, table } from './markdown.ts';

/** The closed lists of words that a definition is written in, each word with its meaning. A word that is added and not described does not compile. */

type Words<Word extends string> = Readonly<Record<Word, string>>;

const OUTCOMES: Words<RuleOutcome['outcome']> = {
  deny: 'The registration is denied. `waitlist: true` lets it move up when what stood in the way ends; `offer` is said to the partner beside the reason.',
  review:
    'A case is opened, and people settle it: first `decider`, then those of `then`. `deadline` and `silence` replace those of the role.',
  wait: 'Those that come first are decided first. Only for rules that find other registrations.',
  needs_ruling: 'No case: the role named by `decider` rules on the registration itself.',
  return: 'The partner gets it back with what `ask` says.',
  approve:
    'It is approved at once, whatever its value. Not where a protection of another partner is certain (C02): no line is protected twice.',
  free_lines:
    'It goes on with the product lines that the finding is not about; where none is left it is denied, with `waitlist` as in `deny`. Only where the rule names lines.',
  note: 'Nothing follows. What was found is shown in the explanation.',
};

const SILENCES: Words<SilenceAnswer> = {
  escalate: 'The next role of the ladder is asked.',
  keep_asking: 'The same people are asked again, and the registration shows that it needs attention.',
  approve: 'The rules are asked again at that instant. Where nothing stands against it, it is approved as far as this step goes.',
  deny: 'It is denied.',
  reassign: 'Another member of the same role is asked, and then the next role.',
};

const CRITERIA: Words<(typeof PRECEDENCE)[number]> = {
  first_valid_claim: 'the earlier receipt of a complete registration',
  opportunity_creator: 'who registered before the opportunity was created',
  incumbency: "the partner of the customer's latest purchase",
  customer_choice: 'who brings a letter of the customer; two letters tell nothing',
  substantial_work: 'who brings more different proofs of work',
};

const UNITS: Words<DurationUnit> = {
  minutes: '60 seconds each',
  hours: '60 minutes each',
  days: '24 hours each, whatever the clocks do',
  weeks: '7 days each',
  months: 'the same day and time of a later month in the zone of the calendar; where there is no such day, the last of the month',
  years: 'likewise, of a later year',
  business_hours: 'hours in which the office is open: with eight hours a day, 72 business hours are nine business days',
  business_days: 'the same time so many working days later; what comes out of hours counts from the next opening',
};

const CONDITIONS: Words<keyof Condition> = {
  kinds: 'the kind of registration',
  types: "the partner's type",
  tracks: "the partner's track",
  tiers: "the partner's tier",
  productLines: 'any of the product lines that are registered',
  countries: "the customer's country, as ISO 3166 code",
  regions: "the region that the customer's country is in",
  value: 'the value in the currency of the routing: `from` and `upTo` are inside, `above` and `below` are not',
  quantity: 'the number of units, likewise',
  submitted: 'the day of the receipt, in the zone of the default calendar: `from` is inside, `before` is not',
  answers: 'answers to the intake: the id of the question and the answers that hold',
};

const FACTS: Words<(typeof BUILT_IN_FACTS)[number]> = {
  quantity: 'the number of units',
  current_contract: 'what the customer pays today for what is renewed',
  tender: 'reference of a public tender, and the day it was published',
  distributor: 'the distributor through which the partner buys',
  quoted_partner: 'the reseller on the quote',
  marketplace: 'the marketplace through which the deal is transacted',
  site: 'the department, plant or subdivision that buys',
  proof: 'at least one proof of work',
  company_number: "the customer's company number",
  postal_code: "the customer's postal code",
  domain: "the customer's domain",
};

export const OUTCOME_WORDS = Object.keys(OUTCOMES);

export const outcomePart = (): string => list(['outcome', 'what follows'], OUTCOMES);
export const silencePart = (): string => list(['silence', 'when the deadline passes'], SILENCES);
export const precedencePart = (): string => list(['criterion', 'goes first'], CRITERIA);
export const conditionPart = (): string => list(['in `when`', 'asks for'], CONDITIONS);
export const factPart = (): string => list(['fact', 'is'], FACTS);

export function durationPart(): string {
  return table(
    ['unit', 'means'],
    Object.entries(UNITS).map(([unit, meaning]) => [code(unit.replace('_', ' ')), meaning]),
  );
}

function list(titles: readonly [string, string], words: Readonly<Record<string, string>>): string {
  return table(
    titles,
    Object.entries(words).map(([word, meaning]) => [code(word), meaning]),
  );
}
