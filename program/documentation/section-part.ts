import { programSchema, type Program } from '../definition/program.ts';
import { code, table } from './markdown.ts';

/** What each section of a definition holds. A section that is added and not described does not compile. */
const SECTIONS: Readonly<Record<keyof Program, string>> = {
  id: 'the name of the program in files and answers, in snake case',
  name: 'its name for people',
  version: 'the name of this version, in quotes',
  effectiveFrom: 'the day from which new registrations are decided by this version',
  vision: 'what the program is to reach, by which metric, until when',
  size: 'how many partners there are: what is right for ten is wrong for three hundred',
  types: 'who partners are: what each type is worth, how it earns, how much help it gets',
  measures: 'figures by which partners are measured, and what can be reached at most',
  tracks: 'the tracks with their tiers, and what earns a tier',
  economics: 'what partners of a track get, from which tier on',
  splits: 'how several partners share one deal: percentages by kind of registration, which make 100',
  governance: 'the owner, the sponsor, the roles with their members, and the ladder of those who decide',
  documents: 'the documents of the program and how often each is brought up to date',
  systems: 'the systems that the program runs on',
  launch: 'the phases of the launch',
  scale: 'what becomes of each activity when the program grows',
  maturity: 'the levels of maturity by area',
  metrics: 'the figures by which the program is measured, with their targets',
  kinds: 'the kinds of registration: resale, referral and what else the program knows',
  productLines: 'what is protected: each line by itself',
  regions: 'parts of the world by countries; a country stands in one at most',
  accounts: 'customers that are not open to every partner',
  intake: 'what the program asks of a registration besides',
  requiredFacts: 'which of the built-in facts every registration has to bring',
  eligibility: 'which partners may register which kinds',
  rates: 'what one unit of a currency is worth in the base currency, on one day',
  routing: 'who decides a registration that nothing stands against',
  calendars: 'offices with their week, hours, time zone and holidays',
  defaultCalendar: 'the office whose days count where nothing else is said',
  clocks: 'until when somebody is in touch with the partner, and until when a whole approval or a case is done',
  freezes: 'times in which no registrations are taken; what comes in then is received at the end',
  returned: 'how long a registration that was given back waits, and what that does to its place and its deadline',
  protection: 'how long a winner is protected, from when, and how that is prolonged',
  appeal: 'how long and how often a partner may appeal',
  transfer: 'who agrees when an approved registration goes to another partner',
  waitlist: 'how long a denied registration may still move up',
  evidence: 'how long a fresh look into the CRM may take, and how old its copy may be instead',
  matching: 'from which likeness on names count',
  directOpportunities: 'which stages are early, and when a late opportunity counts as given up',
  precedence: 'who comes first of two registrations',
  rules: 'what can stand against a registration, and what follows',
  conversion: 'how an approved registration comes to its opportunity, and which one is its primary',
  cases: 'how long the sides of a conflict are heard before it is settled, and what who loses gets instead',
};

/** In the order in which a definition is read. `required` is what a definition cannot leave out. */
export function sectionPart(): string {
  const required = (section: string): boolean => !programSchema.shape[section as keyof Program].safeParse(undefined).success;
  return table(
    ['section', 'holds', ''],
    Object.entries(SECTIONS).map(([section, holds]) => [code(section), holds, required(section) ? 'required' : '']),
  );
}
