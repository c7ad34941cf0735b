import { z } from 'zod';
import { SHARE_PATTERN } from '../../program/share.ts';
import { CASE_OUTCOMES, CASE_STATUSES, REGISTRATION_STATUSES } from '../../program/vocabulary.ts';
import { approvalAnswer } from './approval.ts';
import { evidence } from './evidence.ts';
import { paging } from './page.ts';
import { precedentAnswer } from './precedent.ts';
import { alias, body, instant, paragraph, word } from './text.ts';

const share = z.object({ registrationId: z.string(), percent: z.string().describe('a percentage with two decimals, such as "33.34"') });

export const caseAnswer = z.object({
  id: z.string(),
  rule: z.string(),
  status: z.enum(CASE_STATUSES),
  arbiter: z.string().nullable(),
  dueAt: instant.nullable(),
  approval: approvalAnswer.nullable(),
  registrations: z.array(z.object({ id: z.string(), partnerId: z.string(), status: z.enum(REGISTRATION_STATUSES) })),
  opportunity: z.object({ connection: z.string(), remoteId: z.string() }).nullable(),
  evidence: z.array(z.object({ kind: z.string(), summary: z.string() })),
  outcome: z.enum(CASE_OUTCOMES).nullable(),
  resolution: z
    .object({
      registrationId: z.string().nullable().describe('the registration that the outcome names, such as the winner of an award'),
      by: z.string(),
      at: instant,
      shares: z.array(share).describe('of a split: what each side gets; they make exactly 100'),
      remediations: z
        .array(z.object({ registrationId: z.string(), remediation: z.string() }))
        .describe('what each side that lost gets instead, by its id in the program (cases.remediation)'),
    })
    .nullable()
    .describe('what became of the case; null while it is open'),
  hearing: z
    .object({ until: instant, required: z.boolean() })
    .nullable()
    .describe('until when the sides are heard (until all have spoken); required: it cannot be settled before. Null: nobody waits for them'),
  openedAt: instant,
  resolvedAt: instant.nullable(),
});
/** What one side said for itself. */
export const statementAnswer = z.object({
  id: z.string(),
  registrationId: z.string(),
  by: z.string(),
  text: z.string(),
  evidence: z.array(
    z.union([z.string(), z.object({ kind: z.string(), summary: z.string(), url: z.string().optional(), date: z.string().optional() })]),
  ),
  at: instant,
});
export type StatementAnswer = z.output<typeof statementAnswer>;

/** A case with what insiders alone read: what all sides said. */
export const caseDetail = caseAnswer.extend({
  statements: z
    .array(statementAnswer.extend({ side: z.enum(['claimant', 'rival']), partnerId: z.string() }))
    .describe('what every side said for itself, the oldest first; never show it to a partner'),
  precedents: z.array(precedentAnswer).describe('how the most like cases ended, five at most'),
});
export type CaseDetail = z.output<typeof caseDetail>;

export type CaseAnswer = z.output<typeof caseAnswer>;

export const caseQuery = body({ status: word(CASE_STATUSES).optional(), ...paging });

const registrationId = z.uuid({ error: 'expected the id of a registration' }).transform((id) => id.toLowerCase());

const percentError = 'expected a percentage in quotes, above "0" and at most "100", with at most two decimals, such as "33.34"';
const percent = z.string({ error: percentError }).regex(SHARE_PATTERN, { error: percentError });
const sharesError = 'expected a list of 1–100 shares {registrationId, percent}, one for each registration that has a part in the outcome';
const remediationError = 'expected the id of a remediation of the program (cases.remediation), or null for none';

/** One side speaks: its portal, for its own registration. */
export const statementBody = body({ registrationId, text: paragraph(1, 5000), evidence: evidence.default([]) });

/** `registrationId`: what was said for this registration alone, as its partner may read it. */
export const statementQuery = body({ registrationId: registrationId.optional() });

export const resolutionBody = body({
  outcome: word(CASE_OUTCOMES),
  registrationId: registrationId.nullish().transform((id) => id ?? null),
  shares: z
    .array(body({ registrationId, percent }), { error: sharesError })
    .min(1, { error: sharesError })
    .max(100, { error: sharesError })
    .optional()
    .describe('of a split; left out: as the program declares it, or evenly'),
  remediation: z
    .string({ error: remediationError })
    .regex(/^[a-z][a-z0-9_]{0,63}$/, { error: remediationError })
    .nullable()
    .optional()
    .describe('what who loses gets instead, by its id in the program; null: nothing; left out: what the program gives by itself'),
  comment: paragraph(0, 2000),
  actor: alias,
});
