import { z } from 'zod';
import type { Program } from '../../program/definition/program.ts';
import type { Instant, PlainDate } from '../../program/vocabulary.ts';
import { country } from './country.ts';
import { declaredId } from './declared.ts';
import { domain } from './domain.ts';
import { emailAddress } from './email-address.ts';
import { estimatedValue } from './estimated-value.ts';
import { evidence } from './evidence.ts';
import { createFacts } from './facts.ts';
import { body, externalId, line, paragraph } from './text.ts';

/** What the checks of a claim depend on beside the claim: they are asked at every request. */
export interface IntakeContext {
  readonly now: () => Instant;
  readonly program: () => Program;
}

/** How far ahead a deal may close. */
const MOST_YEARS_AHEAD = 10;

const customer = body({
  name: line(255),
  domain: domain.nullish().transform((text) => text ?? null),
  country,
  postalCode: line(20)
    .nullish()
    .transform((text) => text ?? null),
  companyNumber: line(64)
    .nullish()
    .transform((text) => text ?? null),
});

const contact = body({ name: line(200), email: emailAddress });

/** The fields of a claim that its partner may change later; of a new one those without `?` are needed. */
function claimShape({ now, program }: IntakeContext) {
  return {
    customer,
    contact,
    productLines: productLines(() => program().productLines.map(({ id }) => id)),
    estimatedValue,
    expectedCloseDate: closeDate(now),
    description: paragraph(0, 10_000),
    kind: declaredId(() => program().kinds.map(({ id }) => id)).optional(),
    evidence: evidence.optional(),
    facts: createFacts({ now, program }).optional(),
  };
}

/** A new registration, as `POST /v1/registrations` takes it. Whether there is such a partner is looked up beside. */
export function createIntake(context: IntakeContext) {
  return body({ externalId, partnerId: line(100), ...claimShape(context) });
}
export type Intake = z.output<ReturnType<typeof createIntake>>;

/** Any of the fields of a claim, at least one; what identifies it stays as it is. */
export function createAmendment(context: IntakeContext) {
  return body(claimShape(context))
    .partial()
    .check((context) => {
      if (context.issues.length > 0 || Object.keys(context.value).length > 0) return;
      context.issues.push({ code: 'custom', message: 'expected at least one field to amend', path: [], input: context.value });
    });
}
export type AmendmentBody = z.output<ReturnType<typeof createAmendment>>;

function productLines(known: () => readonly string[]) {
  const error = 'expected a list of product lines';
  return z.array(z.string({ error: 'expected the id of a product line' }), { error }).check((context) => {
    if (context.issues.length > 0) return;
    const lines = context.value;
    const unknown = lines.filter((one) => !known().includes(one));
    const message =
      lines.length === 0
        ? `expected at least one of ${known().join(', ')}`
        : unknown.length > 0
          ? `unknown product line ${unknown
              .slice(0, 5)
              .map((one) => JSON.stringify(one.slice(0, 64)))
              .join(', ')}; expected any of ${known().join(', ')}`
          : new Set(lines).size < lines.length
            ? 'names a product line twice'
            : null;
    if (message !== null) context.issues.push({ code: 'custom', message, path: [], input: lines });
  });
}

/** From today, in UTC, to ten years ahead. */
function closeDate(now: () => Instant) {
  return z.iso.date({ error: 'expected a date such as 2027-01-31' }).check((context) => {
    if (context.issues.length > 0) return;
    const today = now().slice(0, 10);
    const latest = yearsAfter(today, MOST_YEARS_AHEAD);
    const date: PlainDate = context.value;
    const message =
      date < today ? `is past; expected ${today} or later` : date > latest ? `is too far ahead; expected ${latest} or earlier` : null;
    if (message !== null) context.issues.push({ code: 'custom', message, path: [], input: date });
  });
}

function yearsAfter(date: PlainDate, years: number): PlainDate {
  return `${String(Number(date.slice(0, 4)) + years).padStart(4, '0')}${date.slice(4)}`;
}
