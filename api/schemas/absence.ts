import { z } from 'zod';
import { QUESTION_KINDS } from '../../program/approval/question.ts';
import type { Program } from '../../program/definition/program.ts';
import { alias, body, instant, word } from './text.ts';

const time = z.iso
  .datetime({ offset: true, error: 'expected an instant such as 2026-12-21T09:00:00Z' })
  .transform((written) => new Date(written).toISOString());

/** At most two years: what lasts longer is no absence, and the role should have another member. */
const LONGEST_MS = 2 * 366 * 86_400_000;

/** When somebody is away, half-open. `delegate`: who answers instead; without one it is the deputy that the program names. `scope`: for which questions. */
export function createAbsenceBody(program: () => Program) {
  return body({
    from: time,
    until: time,
    delegate: alias.nullable().default(null),
    scope: body({
      kinds: z.array(word(QUESTION_KINDS), { error: 'expected a list' }).default([]),
      regions: z.array(z.string({ error: 'expected the id of a region' }), { error: 'expected a list' }).default([]),
      upTo: z
        .string({ error: 'expected a decimal in quotes, such as "50000.00"' })
        .regex(/^\d{1,14}(\.\d{1,2})?$/, { error: 'expected a decimal in quotes, such as "50000.00"' })
        .nullable()
        .default(null),
    }).prefault({}),
    actor: alias,
  }).superRefine(({ from, until, scope }, context) => {
    if (Date.parse(until) <= Date.parse(from))
      context.addIssue({ code: 'custom', path: ['until'], message: `expected a time after ${from}` });
    if (Date.parse(until) - Date.parse(from) > LONGEST_MS)
      context.addIssue({ code: 'custom', path: ['until'], message: 'expected at most two years after the beginning' });
    const known = program().regions.map(({ id }) => id);
    for (const [index, region] of scope.regions.entries()) {
      if (!known.includes(region))
        context.addIssue({ code: 'custom', path: ['scope', 'regions', index], message: `expected one of ${known.join(', ')}` });
    }
  });
}

export const absenceEnd = body({ actor: alias });

export const absenceAnswer = z.object({
  id: z.string(),
  alias: z.string(),
  from: instant,
  until: instant,
  delegate: z.string().nullable(),
  scope: z.object({ kinds: z.array(z.string()), regions: z.array(z.string()), upTo: z.string().nullable() }),
  enteredBy: z.string(),
});

export const questionAnswer = z.object({
  subject: z.string(),
  number: z.number(),
  kind: z.string(),
  registrationId: z.string(),
  step: z.string(),
  reason: z.string(),
  approver: z.string().nullable(),
  onBehalfOf: z.string().nullable(),
  dueAt: instant,
  askedAt: instant,
  remindedAt: instant.nullable(),
});
