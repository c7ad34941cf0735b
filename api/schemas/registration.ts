import { z } from 'zod';
import { REGISTRATION_STATUSES } from '../../program/vocabulary.ts';
import { approvalAnswer, approvalPreviewAnswer } from './approval.ts';
import { opportunityAnswer } from './opportunity.ts';
import { outlook } from './outlook.ts';
import { paging } from './page.ts';
import { body, instant, line, word } from './text.ts';

const reasons = z.array(z.object({ rule: z.string(), message: z.string() }));
const review = z.object({ step: z.string(), approver: z.string().nullable(), dueAt: instant });
/** `lines`: what is protected, which may be less than was registered. */
const protection = z.object({ from: instant, until: instant, lines: z.array(z.string()) });
/** Further time that somebody has to grant. */
const extension = z.object({ until: instant, step: z.string(), approver: z.string().nullable(), dueAt: instant });

/** Another partner is to have it, and somebody has to agree. */
const transfer = z.object({ partnerId: z.string(), step: z.string(), approver: z.string().nullable(), dueAt: instant });

const factsAnswer = z.object({
  quantity: z.number().nullable(),
  currentContract: z.object({ value: z.object({ amount: z.string(), currency: z.string() }), endsOn: z.string().nullable() }).nullable(),
  tender: z.object({ reference: z.string(), publishedOn: z.string() }).nullable(),
  distributor: z.string().nullable(),
  quotedPartner: z.string().nullable(),
  marketplace: z.string().nullable(),
  site: z.string().nullable(),
  proofs: z.array(z.object({ kind: z.string(), date: z.string().nullable() })),
  answers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});

export const registrationAnswer = z.object({
  id: z.string(),
  externalId: z.string(),
  partnerId: z.string(),
  status: z.enum(REGISTRATION_STATUSES),
  kind: z.string(),
  customer: z.object({
    name: z.string(),
    domain: z.string().nullable(),
    country: z.string(),
    postalCode: z.string().nullable(),
    companyNumber: z.string().nullable(),
  }),
  contact: z.object({ name: z.string().nullable(), email: z.string().nullable() }),
  productLines: z.array(z.string()),
  estimatedValue: z.object({ amount: z.string(), currency: z.string() }),
  expectedCloseDate: z.string(),
  description: z.string(),
  facts: factsAnswer,
  submittedAt: instant,
  decidedAt: instant.nullable(),
  protection: protection.nullable(),
  extension: extension.nullable(),
  transfer: transfer.nullable(),
  review: review.nullable(),
  approval: approvalAnswer.nullable(),
  decision: z.object({ outcome: z.enum(['approve', 'deny']), reasons, programVersion: z.string() }).nullable(),
  conflicts: z.array(z.object({ caseId: z.string(), rule: z.string(), summary: z.string() })),
  links: z.array(z.object({ connection: z.string(), objectType: z.string(), remoteId: z.string() })),
  opportunity: opportunityAnswer.nullable(),
  updatedAt: instant,
});
export type RegistrationAnswer = z.output<typeof registrationAnswer>;

export const registrationQuery = body({
  status: word(REGISTRATION_STATUSES).optional(),
  partnerId: line(100).optional(),
  ...paging,
});

export const previewAnswer = z.object({
  outcome: z.enum(['approve', 'deny', 'review', 'needs_ruling', 'return']),
  reasons,
  route: review.nullable(),
  approval: approvalPreviewAnswer.nullable(),
  protection: protection.nullable(),
  outlook,
  programVersion: z.string(),
});
export type PreviewAnswer = z.output<typeof previewAnswer>;

export const explanationQuery = body({ audience: word(['partner', 'internal']).default('partner') });

export const explanationAnswer = z.object({
  registrationId: z.string(),
  audience: z.enum(['partner', 'internal']),
  outcome: z.enum(['approve', 'deny', 'review', 'needs_ruling', 'return', 'wait']),
  programVersion: z.string(),
  decidedAt: instant.nullable(),
  trace: z.array(
    z.object({
      rule: z.string(),
      fired: z.boolean(),
      message: z.string(),
      evidence: z.array(z.object({ kind: z.string(), summary: z.string() })),
    }),
  ),
});
