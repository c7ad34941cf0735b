import { z } from 'zod';

/** What the outbox carries to a workflow, by kind. Subjects are `registration/<id>`, `case/<id>`. */
export const outboxMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('start_registration'), payload: z.object({}) }),
  z.object({ kind: z.literal('refresh_registration'), payload: z.object({ reevaluate: z.boolean(), reconsider: z.boolean().optional() }) }),
  z.object({ kind: z.literal('command_registration'), payload: z.object({ commandId: z.string() }) }),
  z.object({ kind: z.literal('start_case'), payload: z.object({}) }),
  z.object({ kind: z.literal('refresh_case'), payload: z.object({ reconsider: z.boolean().optional() }) }),
]);
export type OutboxMessage = z.infer<typeof outboxMessage>;
