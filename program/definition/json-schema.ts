import { z } from 'zod';
import { programSchema, type Program } from './program.ts';

/** What an editor shows beside each section. */
const SECTIONS: Readonly<Record<keyof Program, string>> = {
  id: 'The program, in snake case. Its versions share it.',
  name: 'The name that people know.',
  version: 'This version. Registrations are pinned to the version in force at their receipt.',
  effectiveFrom: "In force from 00:00 of this date in the default calendar's time zone.",
  vision: 'What the program is for, and the metric that shows it.',
  size: 'How many partners there are, for what is judged by size.',
  types: 'Who partners are: what they are worth, how they earn, how much help they get.',
  measures: 'Figures by which tiers are earned.',
  tracks: 'Ladders of tiers, each from the entry to the top.',
  economics: 'What partners get, by track.',
  splits: 'How several partners on one opportunity share: percentages that make exactly 100.',
  governance: 'Who is who, and who decides: roles, members, the ladder with limits, deadlines and what follows on silence.',
  documents: 'The documents of the program and how often they are brought up to date.',
  systems: 'The systems the program runs on.',
  launch: 'How the program is launched, phase by phase.',
  scale: 'What becomes of each activity when the program grows.',
  maturity: 'Four levels for each area.',
  metrics: 'What the program is measured by, with targets.',
  kinds: 'Kinds of registrations.',
  productLines: 'What is registered and protected, line by line.',
  regions: 'Parts of the world, by country.',
  accounts: 'Named, house and direct-only customers, each from a date on.',
  intake: 'Further questions that the program asks of a claim.',
  requiredFacts: 'Facts of every claim that this program does not do without.',
  eligibility: 'Which partners may register which kinds.',
  rates: 'Declared rates of one date, by which values are converted.',
  routing: 'Who decides a claim that no conflict stands against.',
  calendars: 'Offices: their week, hours and holidays, which business time counts.',
  defaultCalendar: 'The calendar of deadlines and dates.',
  clocks: 'Until when partners hear a first word, a whole approval is done, and a case is settled.',
  freezes: 'When no claims are taken.',
  returned: 'What becomes of a claim that is given back for more information.',
  protection: 'How long a winner is protected, from when, and how it is prolonged.',
  appeal: 'How long, how often and on what a denial may be appealed.',
  transfer: 'Who agrees when an approved registration is given to another partner.',
  waitlist: 'Denied claims that move up when a protection ends.',
  evidence: 'How fresh the records of the CRM have to be.',
  matching: 'From which likeness on customer names count.',
  directOpportunities: 'Which opportunities of the direct team stand against a claim.',
  precedence: 'By what one of two claims goes before the other, in order.',
  rules: 'What stands against a claim, in which order, and what follows.',
  conversion: 'How an approved registration comes to its opportunity in the CRM.',
  cases: 'How long the sides of a conflict are heard, and what who loses gets instead.',
};

/** The shape of a definition as JSON Schema (draft 2020-12), of what an author writes: durations are texts, and what has a default may be left out. */
export function programJsonSchema(): Readonly<Record<string, unknown>> {
  const { properties = {}, ...rest } = z.toJSONSchema(programSchema, { io: 'input' });
  const described = Object.entries(SECTIONS).map(([section, description]) => [section, { description, ...asObject(properties[section]) }]);
  return { ...rest, title: 'A partner program, one version', properties: Object.fromEntries(described) };
}

function asObject(schema: unknown): object {
  return typeof schema === 'object' && schema !== null ? schema : {};
}
