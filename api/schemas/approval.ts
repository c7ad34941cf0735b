import { z } from 'zod';
import { instant } from './text.ts';

const needs = z.enum(['all', 'any']).describe('Of the steps that are open at once: all of them have to say yes, or any one');

const grant = z.object({ role: z.string(), by: z.string(), onBehalfOf: z.string().nullable() });

/** A question as far as it has got: who is asked now, who said yes before, who is asked after that. */
export const approvalAnswer = z.object({
  kind: z.string(),
  needs,
  steps: z.array(
    z.object({
      number: z.number(),
      step: z.string(),
      approver: z.string().nullable(),
      onBehalfOf: z.string().nullable(),
      asked: z.array(z.string()),
      mayDecide: z.array(z.string()),
      reason: z.string(),
      openedAt: instant,
      dueAt: instant,
      silence: z.string(),
    }),
  ),
  granted: z.array(grant),
  next: z.array(z.array(z.string())).describe('The roles of the stages that follow, stage by stage'),
  decideBy: instant.nullable(),
  acknowledgement: z.object({ dueAt: instant, at: instant.nullable(), isMissed: z.boolean() }).nullable(),
});
export type ApprovalAnswer = z.output<typeof approvalAnswer>;

/** Whom the program would ask, in their order, with absences resolved, and by when each has to answer if everybody takes all the time. */
export const approvalPreviewAnswer = z.object({
  stages: z.array(
    z.object({
      needs,
      steps: z.array(
        z.object({
          step: z.string(),
          approver: z.string().nullable(),
          onBehalfOf: z.string().nullable(),
          asked: z.array(z.string()),
          dueAt: instant,
        }),
      ),
    }),
  ),
  acknowledgeBy: instant.nullable(),
  decideBy: instant.nullable(),
});
export type ApprovalPreviewAnswer = z.output<typeof approvalPreviewAnswer>;
