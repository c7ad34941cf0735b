import { z } from 'zod';
import { CASE_OUTCOMES, CASE_STATUSES, REGISTRATION_STATUSES } from '../../program/vocabulary.ts';
import { approvalAnswer } from './approval.ts';
import { paging } from './page.ts';
import { alias, body, instant, paragraph, word } from './text.ts';

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
  openedAt: instant,
  resolvedAt: instant.nullable(),
});
export type CaseAnswer = z.output<typeof caseAnswer>;

export const caseQuery = body({ status: word(CASE_STATUSES).optional(), ...paging });

export const resolutionBody = body({
  outcome: word(CASE_OUTCOMES),
  registrationId: z
    .uuid({ error: 'expected the id of a registration' })
    .nullish()
    .transform((id) => id?.toLowerCase() ?? null),
  comment: paragraph(0, 2000),
  actor: alias,
});
