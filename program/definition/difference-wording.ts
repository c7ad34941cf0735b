import {
  conditionOf,
  labelOf,
  limit,
  ruleName,
  wordCriterion,
  wordEligibility,
  wordOutcome,
  wordRow,
  wordRule,
  type Worded,
} from './difference-part.ts';
import type { Program } from './program.ts';
import { speak } from './spoken-value.ts';

type Wording = readonly [path: RegExp, word: (worded: Worded) => string | null];

/** For what is on both sides: `… X instead of Y`. */
function instead(path: RegExp, say: (value: string, names: readonly string[], after: Program) => string): Wording {
  return [
    path,
    ({ change, names, after }) =>
      change.kind === 'changed' ? `${say(speak(change.after), names, after)} instead of ${speak(change.before)}` : null,
  ];
}

/** For lists of words: what joins and what leaves; where only the order changed, both. */
function members(path: RegExp, name: (names: readonly string[], after: Program) => string): Wording {
  return [
    path,
    ({ change, names, after }) => {
      if (change.kind !== 'changed' || !Array.isArray(change.before) || !Array.isArray(change.after)) return null;
      const [was, is] = [change.before.map(speak), change.after.map(speak)];
      const [joins, leaves] = [is.filter((word) => !was.includes(word)), was.filter((word) => !is.includes(word))];
      const parts = [
        ...(joins.length === 0 ? [] : [`${joins.join(', ')} added`]),
        ...(leaves.length === 0 ? [] : [`${leaves.join(', ')} taken out`]),
        ...(joins.length + leaves.length === 0 ? [`${is.join(', ')} instead of ${was.join(', ')}`] : []),
      ];
      return `${name(names, after)}: ${parts.join('; ')}`;
    },
  ];
}

/** What is said of the places that people ask about most; the first whose path fits and that has something to say. */
export const WORDINGS: readonly Wording[] = [
  instead(/^version$/, (value) => `Version ${value}`),
  instead(/^effectiveFrom$/, (value) => `In force from ${value}`),
  instead(
    /^tracks\[([^\]]+)\]\.tiers\[([^\]]+)\]\.criteria\[([^\]]+)\]\.atLeast$/,
    (value, [track, tier, measure]) => `Tier ${tier} of ${track} asks for ${measure} of ${value}`,
  ),
  instead(/^governance\.ladder\[([^\]]+)\]\.deadline$/, (value, [role], program) => `${labelOf(program, role)} has ${value} to answer`),
  instead(/^governance\.ladder\[([^\]]+)\]\.silence$/, (value, [role], program) => `Silence of ${labelOf(program, role)}: ${value}`),
  [
    /^governance\.ladder\[([^\]]+)\]\.approvalLimit$/,
    ({ change, names: [role], before, after }) =>
      `${labelOf(after, role)} may approve ${limit(change.after, after)} instead of ${limit(change.before, before)}`,
  ],
  instead(/^governance\.defaultManager$/, (value) => `Partners for whom nobody is named belong to ${value}`),
  instead(/^governance\.fallback$/, (value) => `Asked where nobody else is free to decide: ${value}`),
  instead(
    /^governance\.separation\.managementChain$/,
    (value) => `How much of the chain above somebody with a stake may not decide: ${value}`,
  ),
  members(/^governance\.ladder\[([^\]]+)\]\.reminders$/, ([role], program) => `Reminders of ${labelOf(program, role)}`),
  instead(/^governance\.people\[([^\]]+)\]\.deputy$/, (value, [alias]) => `Who answers while ${alias} is away: ${value}`),
  instead(/^governance\.people\[([^\]]+)\]\.calendar$/, (value, [alias]) => `The calendar of ${alias} is ${value}`),
  [
    /^governance\.people\[([^\]]+)\]\.approvalLimit$/,
    ({ change, names: [alias], before, after }) =>
      `${alias} may approve ${limit(change.after, after)} instead of ${limit(change.before, before)}`,
  ],
  instead(/^clocks\.acknowledge$/, (value) => `Somebody has to be in touch with the partner: ${value}`),
  instead(/^clocks\.whole$/, (value) => `The whole of an approval has to be done: ${value}`),
  instead(/^clocks\.dispute$/, (value) => `A case has to be decided: ${value}`),
  instead(
    /^calendars\[([^\]]+)\]\.cutOff$/,
    (value, [calendar]) => `From when on something counts as of the next working day in ${calendar}: ${value}`,
  ),
  instead(/^calendars\[([^\]]+)\]\.quarterEnd$/, (value, [calendar]) => `The closed end of a quarter in ${calendar}: ${value}`),
  members(/^governance\.roles\[([^\]]+)\]\.members$/, ([role], program) => `Members of ${labelOf(program, role)}`),
  members(/^regions\[([^\]]+)\]\.countries$/, ([region]) => `Countries of ${region}`),
  members(/^requiredFacts$/, () => 'Facts that every claim has to bring'),
  [/^tracks\[([^\]]+)\]\.tiers\[([^\]]+)\]\.criteria\[([^\]]+)\]$/, wordCriterion],
  members(/^tracks\[([^\]]+)\]\.tiers\[([^\]]+)\]\.requirements$/, ([track, tier]) => `Requirements of tier ${tier} of ${track}`),
  [/^eligibility\.rows\[(\d+)\]$/, wordEligibility],
  members(/^precedence$/, () => 'What gives one claim precedence over another'),
  members(/^protection\.reminders$/, () => 'Reminders before the end of a protection'),
  members(/^eligibility\.partnerStatuses$/, () => 'Partners who may register'),
  instead(/^rates\.date$/, (value) => `Values are converted at the rates of ${value}`),
  [
    /^rates\.perUnit\.(\w+)$/,
    ({ change, names: [currency], before, after }) => {
      const [is, was] = [`${speak(change.after)} ${after.rates.base}`, `${speak(change.before)} ${before.rates.base}`];
      if (change.kind === 'new') return `A rate for ${currency} is new: one counts as ${is}`;
      return change.kind === 'gone'
        ? `There is no rate for ${currency} any more; one counted as ${was}`
        : `One ${currency} counts as ${is} instead of ${was}`;
    },
  ],
  instead(/^routing\.minimum$/, (value) => `The smallest value that may be registered is ${value}`),
  instead(/^routing\.otherwise$/, (value) => `Where the routing does not tell, the ruling is by ${value}`),
  [/^routing\.rows\[(\d+)\](\.when|\.steps)?$/, wordRow],
  [
    /^protection\.windows\[(\d+)\]\.when$/,
    ({ change, names: [place], before, after }) =>
      `Special length ${place} of a protection is for ${conditionOf(change.after, after)} instead of ${conditionOf(change.before, before)}`,
  ],
  instead(/^returned\.lapseAfter$/, (value) => `A claim that is returned lapses after ${value}`),
  instead(/^returned\.reviewClock$/, (value) => `When a claim is returned, the clock of its review ${speakWord(value)}`),
  instead(/^protection\.window$/, (value) => `Protection lasts ${value}`),
  instead(/^protection\.anchor$/, (value) => `Protection begins at ${value}`),
  instead(/^protection\.endsAt$/, (value) => `Protection ends at the ${speakWord(value)}`),
  instead(/^protection\.waitBeforeClose$/, (value) => `The time before a win or a loss closes a registration is ${value}`),
  instead(/^protection\.extension\.maxCount$/, (value) => `The number of extensions of a protection is ${value}`),
  instead(/^protection\.extension\.length$/, (value) => `An extension adds ${value}`),
  instead(/^protection\.extension\.maxTotal$/, (value) => `The longest protection with its extensions is ${value}`),
  instead(
    /^protection\.extension\.askWithin$/,
    (value) => `The time after the end in which an extension may still be asked for is ${value}`,
  ),
  instead(
    /^protection\.extension\.activityWithin$/,
    (value) => `The time in which the opportunity has to have been worked on for an extension is ${value}`,
  ),
  instead(/^protection\.extension\.decidedBy$/, (value) => `Who decides an extension: ${value}`),
  instead(/^appeal\.window$/, (value) => `A decision may be appealed for ${value}`),
  instead(/^appeal\.maxCount$/, (value) => `The number of appeals is ${value}`),
  instead(/^appeal\.needsNewEvidence$/, (value) => `Whether an appeal has to bring new evidence: ${value}`),
  instead(/^waitlist\.keep$/, (value) => `A place on the waitlist is kept for ${value}`),
  instead(/^directOpportunities\.earlyStages$/, (value) => `The number of open stages that count as early is ${value}`),
  instead(/^directOpportunities\.staleAfter$/, (value) => `A direct opportunity is stale after ${value} without activity`),
  [/^rules\.hitPolicy$/, ({ change }) => `Of several findings, the ${speak(change.after)} decides instead of the ${speak(change.before)}`],
  [/^rules\.order$/, ({ change }) => `Rules are asked in another order: ${speak(change.after)}; before: ${speak(change.before)}`],
  [/^rules\.order\[([^\]]+)\]\.on\.(\w+)$/, wordOutcome],
  instead(/^rules\.order\[([^\]]+)\]\.with\.(.+)$/, (value, [rule, parameter]) => `${ruleName(rule)}, ${parameter}: ${value}`),
  [
    /^rules\.order\[([^\]]+)\]\.when$/,
    ({ change, names: [rule], before, after }) =>
      `${ruleName(rule)} applies to ${conditionOf(change.after, after)} instead of ${conditionOf(change.before, before)}`,
  ],
  [/^rules\.order\[([^\]]+)\]$/, wordRule],
  instead(/^cases\.hearing$/, (value) => `The hearing of the sides of a conflict is ${value}`),
  instead(/^cases\.hearing\.within$/, (value) => `The sides of a conflict are heard for ${value}`),
  instead(/^cases\.hearing\.required$/, (value) => `Whether a conflict waits for the end of its hearing: ${value}`),
  instead(/^conversion\.onApproval$/, (value) => `What an approval does about the opportunity: ${value}`),
  instead(/^conversion\.primary$/, (value) => `Which registration is the primary of an opportunity: ${value}`),
  instead(/^conversion\.resource$/, (value) => `Whether a stale direct opportunity becomes the partner's on approval: ${value}`),
];

function speakWord(word: string): string {
  return word.replaceAll('_', ' ');
}
