import { z } from 'zod';
import type { Program } from '../../program/definition/program.ts';
import type { Instant } from '../../program/vocabulary.ts';
import { expectedOneOf } from './declared.ts';
import { estimatedValue } from './estimated-value.ts';
import { body, isStorable, line } from './text.ts';

/** What the checks of facts depend on beside them: they are asked at every request. */
interface FactsContext {
  readonly now: () => Instant;
  readonly program: () => Program;
}

const MOST_UNITS = 1_000_000_000;
const unitsError = `expected a whole number of units, 1–${MOST_UNITS}`;
const dateError = 'expected a date such as 2027-01-31';
/** Where no time zone has this date yet, it has not come. */
const EARLIEST_ZONE_MS = 14 * 3_600_000;

/** What only some programs ask of a claim. Every fact may be left out; null takes one back that was given before. */
export function createFacts({ now, program }: FactsContext) {
  return body({
    quantity: z.int({ error: unitsError }).min(1, { error: unitsError }).max(MOST_UNITS, { error: unitsError }).nullable(),
    currentContract: body({
      value: estimatedValue,
      endsOn: z.iso
        .date({ error: dateError })
        .nullish()
        .transform((date) => date ?? null),
    }).nullable(),
    tender: body({ reference: line(200), publishedOn: pastDate(now) }).nullable(),
    distributor: line(255).nullable(),
    quotedPartner: line(100).nullable(),
    marketplace: line(64).nullable(),
    site: line(255).nullable(),
    answers: answersTo(() => program().intake),
  })
    .partial()
    .describe('Facts that only some programs ask for; of an amendment those that are named are changed');
}

/** Today, wherever the day began first, or before. */
function pastDate(now: () => Instant) {
  return z.iso.date({ error: dateError }).check((context) => {
    if (context.issues.length > 0) return;
    const latest = new Date(Date.parse(now()) + EARLIEST_ZONE_MS).toISOString().slice(0, 10);
    if (context.value > latest)
      context.issues.push({ code: 'custom', message: `is yet to come; expected ${latest} or earlier`, path: [], input: context.value });
  });
}

type Question = Program['intake'][number];

const MOST_ANSWERED = 1e15;

/** Answers to what the program's own intake asks, each checked against its question. */
function answersTo(questions: () => readonly Question[]) {
  const answer = z.union([z.string(), z.number(), z.boolean(), z.null()], { error: 'expected a text, a number, true, false or null' });
  return z.record(z.string(), answer, { error: 'expected a mapping of facts to answers' }).check((context) => {
    if (context.issues.length > 0) return;
    const asked = questions();
    for (const [id, given] of Object.entries(context.value)) {
      const question = asked.find((one) => one.id === id);
      const message =
        question === undefined
          ? `is not asked; ${expectedOneOf(
              asked.map((one) => one.id),
              'this program asks nothing of its own',
            )}`
          : given === null || isAnswerTo(question, given)
            ? null
            : EXPECTED[question.type](question);
      if (message !== null) context.issues.push({ code: 'custom', message, path: [id], input: given });
    }
  });
}

function isAnswerTo({ type, choices }: Question, given: string | number | boolean): boolean {
  switch (type) {
    case 'text':
      return typeof given === 'string' && given.trim() !== '' && given.length <= 2000 && isStorable(given, 'several lines');
    case 'number':
      return typeof given === 'number' && Math.abs(given) <= MOST_ANSWERED;
    case 'flag':
      return typeof given === 'boolean';
    case 'choice':
      return typeof given === 'string' && choices.includes(given);
  }
}

const EXPECTED: Readonly<Record<Question['type'], (question: Question) => string>> = {
  text: () => 'expected a text of 1–2000 characters',
  number: () => `expected a number from -${MOST_ANSWERED} to ${MOST_ANSWERED}`,
  flag: () => 'expected true or false',
  choice: ({ choices }) => expectedOneOf(choices, ''),
};
