import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { NO_FACTS, type ClaimFacts } from '../../../program/claim.ts';
import type { Stream, StreamPartner, StreamRegistration } from '../../../program/simulation/stream.ts';
import { PARTNER_STATUSES } from '../../../program/vocabulary.ts';
import { CommandFailure } from '../command-failure.ts';
import { streamFacts, streamMoney } from './stream-facts.ts';
import { translatePartner, translateRegistration, vocabularySchema, type Vocabulary } from './stream-vocabulary.ts';

const text = z.string().min(1);
const country = z.string().length(2);

const partners = z.array(
  z.strictObject({
    externalId: text,
    name: text,
    domain: text.nullable().default(null),
    country,
    type: text,
    track: text.nullable().default(null),
    tier: text.nullable().default(null),
    status: z.enum(PARTNER_STATUSES),
    manager: text.nullable().default(null),
    regions: z.array(text).default([]),
    companyNumber: text.nullable().default(null),
  }),
);

const crm = z.object({
  /** The open stages in their order; Salesforce's standard ones where the file names none. */
  openStages: z.array(text).optional(),
  accounts: z.array(
    z.object({
      key: text,
      name: text,
      website: text.nullable().default(null),
      country: country.nullable().default(null),
      postalCode: text.nullable().default(null),
      companyNumber: text.nullable().default(null),
    }),
  ),
  opportunities: z.array(
    z.object({
      key: text,
      account: text,
      stage: text,
      owner: text.nullable().default(null),
      createdDaysAgo: z.int().min(0),
      lastActivityDaysAgo: z.int().min(0).nullable().default(null),
    }),
  ),
});

const registration = z.strictObject({
  externalId: text,
  partnerId: text,
  kind: text,
  customer: z.strictObject({
    name: text,
    domain: text.nullable().default(null),
    country,
    postalCode: text.nullable().default(null),
    companyNumber: text.nullable().default(null),
  }),
  productLines: z.array(text).min(1),
  estimatedValue: streamMoney,
  expectedCloseInDays: z.int(),
  facts: streamFacts.optional(),
  /** The rest of what the API takes: no program looks at it. */
  contact: z.unknown().optional(),
  description: z.unknown().optional(),
});
const registrations = z.array(z.object({ registration })).check(({ value, issues }) => {
  const places = new Map<string, number>();
  value.forEach(({ registration: { externalId } }, at) => {
    const first = places.get(externalId);
    if (first === undefined) places.set(externalId, at);
    else
      issues.push({
        code: 'custom',
        message: `${externalId} is the registration at ${first} already`,
        path: [at, 'registration', 'externalId'],
        input: externalId,
      });
  });
});

/** https://help.salesforce.com/s/articleView?id=sales.opp_stages_default.htm: the open ones of a new org. */
const STANDARD_STAGES = [
  'Prospecting',
  'Qualification',
  'Needs Analysis',
  'Value Proposition',
  'Id. Decision Makers',
  'Perception Analysis',
  'Proposal/Price Quote',
  'Negotiation/Review',
] as const;

/**
 * Reads `partners.json`, `crm.json` and `registrations.json` of a folder in the format of `programs/sample`, in the words of `vocabularyFile` where one is named.
 * What is wrong in a file is told at once, each with its path in it.
 */
export function readStream(folder: string, vocabularyFile: string | null): Stream {
  const vocabulary = vocabularyFile === null ? null : read(vocabularyFile, vocabularySchema);
  const { accounts, opportunities, openStages } = read(join(folder, 'crm.json'), crm);
  const stages: readonly string[] = openStages ?? STANDARD_STAGES;
  return {
    partners: read(join(folder, 'partners.json'), partners).map((partner) => inWords(vocabulary, partner, translatePartner)),
    accounts: accounts.map(({ key, name, website, country: where, postalCode, companyNumber }) => ({
      key,
      name,
      domain: website,
      country: where ?? '',
      postalCode,
      companyNumber,
    })),
    opportunities: opportunities
      .map(({ stage, ...opportunity }) => ({ ...opportunity, stageIndex: stages.indexOf(stage), stageName: stage }))
      .filter(({ stageIndex }) => stageIndex !== -1),
    registrations: read(join(folder, 'registrations.json'), registrations).map((labelled) =>
      inWords(vocabulary, withFacts(labelled.registration), translateRegistration),
    ),
  };
}

function withFacts({ facts, contact: _contact, description: _description, ...rest }: z.output<typeof registration>): StreamRegistration {
  return facts === undefined ? rest : { ...rest, facts: { ...NO_FACTS, ...given(facts) } };
}

/** A fact that stands there without a value was not given. */
function given(facts: z.output<typeof streamFacts>): Partial<ClaimFacts> {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

function inWords<T extends StreamPartner | StreamRegistration>(
  vocabulary: Vocabulary | null,
  given: T,
  translate: (vocabulary: Vocabulary, given: T) => T,
): T {
  return vocabulary === null ? given : translate(vocabulary, given);
}

function read<Schema extends z.ZodType>(file: string, schema: Schema): z.output<Schema> {
  const parsed = schema.safeParse(parseFile(file));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.slice(0, 20).map(({ path, message }) => `${file} ${path.join('.')}: ${message}`);
  const more = parsed.error.issues.length - problems.length;
  throw new CommandFailure(
    [...problems, ...(more > 0 ? [`and ${more} more`] : [])].join('\n'),
    'correct what is named; programs/sample/README.md describes the format.',
  );
}

function parseFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === undefined ? 'it is no JSON' : code;
    throw new CommandFailure(`${file} cannot be read (${why}).`, 'name a folder like programs/sample, with its three files.');
  }
}
