import type { Program } from '../definition/program.ts';
import type { Stream, StreamPartner, StreamRegistration } from './stream.ts';

/** What a stream says in words that a program does not have. */
export interface StrangeWords {
  /** A sentence for each such word, with how many use it; the same stream always gives the same ones. */
  readonly notes: readonly string[];
  /** Registrations that name a product line which the program does not declare: nobody can be protected on it, and the API takes no such claim. */
  readonly strangers: ReadonlySet<string>;
}

/** Compares the words of a stream with those of a program: product lines, kinds, types, tracks, tiers, regions and answers to the intake. */
export function strangeWords({ partners, registrations }: Stream, program: Program): StrangeWords {
  const name = `${program.id} ${program.version}`;
  const lines = idsOf(program.productLines);
  const kinds = idsOf(program.kinds);
  const types = idsOf(program.types);
  const tracks = idsOf(program.tracks);
  const tiers = new Set(program.tracks.flatMap((track) => track.tiers.map(({ id }) => `${track.id}/${id}`)));
  const regions = idsOf(program.regions);
  const ofPartners = (word: string, wordsOf: (partner: StreamPartner) => readonly string[]): readonly string[] =>
    tell(partners, wordsOf, (count, said) => `${counted(count, 'partner')} of ${word} ${said}, which ${name} does not declare`);
  const ofClaims = (wordsOf: (claim: StreamRegistration) => readonly string[], rest: (said: string) => string): readonly string[] =>
    tell(registrations, wordsOf, (count, said) => `${counted(count, 'registration')} ${count === 1 ? 'names' : 'name'} ${rest(said)}`);
  const strangeLines = (claim: StreamRegistration): readonly string[] => claim.productLines.filter((line) => !lines.has(line));
  return {
    notes: [
      ...ofClaims(strangeLines, (line) => `product line ${line}, which ${name} does not declare: left out`),
      ...ofClaims(
        ({ kind }) => (kinds.has(kind) ? [] : [kind]),
        (kind) => `kind ${kind}, which ${name} does not declare`,
      ),
      ...ofPartners('type', ({ type }) => (types.size === 0 || types.has(type) ? [] : [type])),
      ...ofPartners('track', ({ track }) => (track === null || tracks.has(track) ? [] : [track])),
      ...ofPartners('tier', ({ track, tier }) =>
        tier === null || track === null || !tracks.has(track) || tiers.has(`${track}/${tier}`) ? [] : [tier],
      ),
      ...ofPartners('region', (partner) => partner.regions.filter((region) => !regions.has(region))),
      ...ofClaims(
        (claim) => strangeAnswers(program, claim),
        (answer) => `${answer} by ${name}`,
      ),
    ],
    strangers: new Set(registrations.filter((claim) => strangeLines(claim).length > 0).map(({ externalId }) => externalId)),
  };
}

function strangeAnswers({ intake }: Program, { facts }: StreamRegistration): readonly string[] {
  return Object.entries(facts?.answers ?? {}).flatMap(([id, answer]) => {
    const question = intake.find((one) => one.id === id);
    if (question === undefined) return [`an answer to ${id}, which is not asked`];
    return isAnswerTo(question, answer) ? [] : [`an answer to ${id} of another form than is asked`];
  });
}

function isAnswerTo({ type, choices }: Program['intake'][number], answer: string | number | boolean): boolean {
  switch (type) {
    case 'text':
      return typeof answer === 'string';
    case 'number':
      return typeof answer === 'number';
    case 'flag':
      return typeof answer === 'boolean';
    case 'choice':
      return typeof answer === 'string' && choices.includes(answer);
  }
}

function idsOf(declared: readonly { readonly id: string }[]): ReadonlySet<string> {
  return new Set(declared.map(({ id }) => id));
}

/** One sentence for each word, in the order in which the words first come. A word that one of them says twice counts once. */
function tell<T>(
  all: readonly T[],
  wordsOf: (one: T) => readonly string[],
  say: (count: number, word: string) => string,
): readonly string[] {
  const counts = new Map<string, number>();
  for (const one of all) for (const word of new Set(wordsOf(one))) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].map(([word, count]) => say(count, word));
}

function counted(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}
