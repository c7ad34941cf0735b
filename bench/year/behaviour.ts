import { addDuration } from '../../program/duration.ts';
import type { Program } from '../../program/definition/program.ts';
import type { CaseOutcome, Decision, Instant } from '../../program/vocabulary.ts';
import type { WorkingCalendar } from '../../program/working-time.ts';
import { openRandom, type Random } from '../sample/random.ts';
import type { Deed, PlannedDeed } from './deed.ts';
import { approversOf } from './year-program.ts';

/** A question as it was put, with the name of its claim that is the same in every run. */
export interface AskedQuestion {
  readonly subject: string;
  readonly number: number;
  readonly kind: string;
  readonly role: string;
  readonly reason: string;
  readonly asked: readonly string[];
  readonly registrationId: string;
  readonly externalId: string;
}

export interface Surroundings {
  readonly program: Program;
  readonly calendarOf: (program: Program, calendarId?: string) => WorkingCalendar;
  readonly seed: number;
  readonly at: Instant;
}

/** Who does what about a question, and when. */
export interface Intention extends PlannedDeed {
  readonly name: string;
}

const MANNERS = [
  ['prompt', 60],
  /** Later than most deadlines: by then somebody else is asked, and the answer comes to nothing. */
  ['late', 14],
  ['silent', 12],
  ['delegates', 7],
  /** Somebody else who may answers at the same instant, and says the opposite. */
  ['contested', 7],
] as const;

/** What people make of a question that is put to them. Somebody answers in the end: nobody ignores what is asked again at the top. */
export function intentionsFor(question: AskedQuestion, surroundings: Surroundings): readonly Intention[] {
  const { program, at, seed } = surroundings;
  const random = openRandom(seed, `${question.externalId}/${question.kind}/${question.number}`);
  const [first] = question.asked;
  if (first === undefined) return [];
  const who = random.pick(question.asked);
  const isInsistent = question.reason === 'asked_again' || question.reason === 'not_deemed';
  const manner = isInsistent ? 'prompt' : random.pickWeighted(MANNERS);
  const hours = (least: number, most: number): Instant => inWorkingTime(who, random.integer(least, most), surroundings);
  const answer = answerTo(question, random);
  const intruder: readonly Intention[] = random.chance(0.04) ? [{ name: 'rep', at, deed: answer }] : [];
  switch (manner) {
    case 'silent':
      return intruder;
    case 'prompt':
      return [...intruder, { name: who, at: hours(20, 360), deed: answer }];
    case 'late':
      return [...intruder, { name: who, at: hours(600, 1800), deed: answer }];
    case 'delegates': {
      const to = random.pick(approversOf(program));
      return [...intruder, { name: who, at: hours(10, 120), deed: { kind: 'delegate', subject: question.subject, to } }];
    }
    case 'contested': {
      const moment = hours(20, 300);
      const other = random.pick(membersFrom(program, question.role).filter((alias) => alias !== who));
      return [...intruder, { name: who, at: moment, deed: answer }, { name: other, at: moment, deed: opposite(answer) }];
    }
  }
}

/** What a partner does with a claim beside waiting. */
export function intentionsOfPartner(name: string, registrationId: string, index: number, { seed, at }: Surroundings): readonly Intention[] {
  const random = openRandom(seed, `partner/${index}`);
  const inDays = (least: number, most: number): Instant =>
    new Date(Date.parse(at) + random.integer(least * 1440, most * 1440) * 60_000).toISOString();
  const deeds: Intention[] = [];
  const maybe = (probability: number, when: Instant, deed: Deed, who = name): void => {
    if (random.chance(probability)) deeds.push({ name: who, at: when, deed });
  };
  maybe(0.05, inDays(0, 4), { kind: 'withdraw', registrationId });
  maybe(0.2, inDays(5, 12), { kind: 'appeal', registrationId });
  maybe(0.25, inDays(55, 88), { kind: 'extend', registrationId });
  maybe(0.03, inDays(20, 50), { kind: 'transfer', registrationId, partner: `P-00${random.integer(1, 9)}` }, 'vera');
  return deeds;
}

function answerTo({ kind, subject, registrationId }: AskedQuestion, random: Random): Deed {
  if (kind === 'case') {
    const outcomes = [
      ['uphold', 40],
      ['award', 35],
      ['split', 8],
      ['co_sell', 8],
      ['deny', 9],
    ] as const;
    return { kind: 'settle', caseId: subject.slice('case/'.length), outcome: random.pickWeighted<CaseOutcome>(outcomes), registrationId };
  }
  const decisions =
    kind === 'registration'
      ? ([
          ['approve', 72],
          ['deny', 16],
          ['return', 12],
        ] as const)
      : ([
          ['approve', 70],
          ['deny', 30],
        ] as const);
  return { kind: 'decide', registrationId, decision: random.pickWeighted<Decision>(decisions) };
}

function opposite(deed: Deed): Deed {
  if (deed.kind === 'decide') return { ...deed, decision: deed.decision === 'approve' ? 'deny' : 'approve' };
  return deed.kind === 'settle' ? { ...deed, outcome: deed.outcome === 'uphold' ? 'award' : 'uphold' } : deed;
}

/** The members of a role and of everybody above: who of them may answer is the program's to say. */
function membersFrom({ governance }: Program, role: string): readonly string[] {
  const at = governance.ladder.findIndex((rung) => rung.role === role);
  const roles = governance.ladder.slice(Math.max(0, at)).map((rung) => rung.role);
  return governance.roles.filter(({ id }) => roles.includes(id)).flatMap(({ members }) => members);
}

/** So many minutes of this person's own working time from now. */
export function inWorkingTime(alias: string, minutes: number, { program, calendarOf, at }: Surroundings): Instant {
  const calendar = program.governance.people.find((person) => person.alias === alias)?.calendar ?? program.defaultCalendar;
  const hours = Math.floor(minutes / 60);
  const whole = addDuration(at, { amount: hours, unit: 'business_hours' }, calendarOf(program, calendar));
  return new Date(Date.parse(whole) + (minutes % 60) * 60_000).toISOString();
}
