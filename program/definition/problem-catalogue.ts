import type { CodeDescription } from '../lint/catalogue.ts';
import type { HolidayCode } from './holiday-check.ts';
import type { ProblemCode } from './parse.ts';

/** The families of what `parseProgram` refuses, and holidays that nobody can look up. Each message says the value and what is expected in its place. */
export const PROBLEM_CATALOGUE = {
  P001: {
    severity: 'error',
    title: 'The file is not YAML that can be read',
    why: 'Indentation, quotes or brackets are wrong, a key stands twice, or the file uses aliases, tags or several documents. A definition says what it means where it says it.',
    remedy: 'correct the line; two spaces for each level, and quotes around texts with a colon.',
    example: 'tiers: [silver, gold',
  },
  P002: {
    severity: 'error',
    title: 'A key or a value that is not expected',
    why: 'The key is unknown or missing, or the value has another form. Amounts are decimals in quotes, so that no fraction is lost.',
    remedy: 'write what is expected; the schema in programs/program.schema.json completes keys in an editor.',
    example: 'minimum: { amount: 5000, currency: USD }',
  },
  P003: {
    severity: 'error',
    title: 'A reference that leads nowhere, or a figure that cannot be',
    why: 'An id is used that nothing declares, or declared twice; an amount has no rate, or shares do not make 100.',
    remedy: 'write what is expected, or change what it has to agree with.',
    example: 'steps: [{ role: regional_director }] # not on the ladder',
  },
  P004: {
    severity: 'error',
    title: 'An anchor, a clock, a silence or a hit policy is missing',
    why: 'It says from when and how long something counts, what silence means, or which of several rows is taken. Programs that leave it open end in disputes.',
    remedy: 'declare it; nothing is assumed.',
    example: 'ladder: [{ role: vp, approvalLimit: null, deadline: 3 business days }] # silence?',
  },
  P005: {
    severity: 'error',
    title: 'A region without public holidays of its own',
    why: 'The table of public holidays does not know the region. The office would have the holidays of the whole country instead, and deadlines would fall on days on which nobody works.',
    remedy: 'write the code of the region, or null for the holidays of the whole country.',
    example: 'holidays: { country: DE, region: BAYERN, closedDates: [] } # BY',
  },
  P006: {
    severity: 'warning',
    title: 'A country without a table of public holidays',
    why: 'No public holidays of the country are known, so that every working day counts.',
    remedy: 'name the closed days in `closedDates`.',
    example: 'holidays: { country: AQ, region: null, closedDates: [] }',
  },
} as const satisfies Readonly<Record<ProblemCode | HolidayCode, CodeDescription>>;
