import { z } from 'zod';
import { OBJECT_TYPES } from '../../program/vocabulary.ts';
import { body, line, word } from './text.ts';

export const backfillAnswer = z.object({
  connection: z.string(),
  state: z.enum(['none', 'running', 'done']).describe('none: no backfill was ever asked for'),
  objects: z.array(
    z.object({
      objectType: z.enum(OBJECT_TYPES),
      state: z.enum(['waiting', 'reading', 'done']),
      reason: z.string().nullable().describe('why it does not go on for now'),
      done: z.int(),
      total: z.int().nullable().describe('how many records the CRM had when it was begun; null before'),
      startedAt: z.string().nullable(),
      endedAt: z.string().nullable(),
      pendingOut: z.int().describe('records of ours that wait to be written'),
    }),
  ),
});
export type BackfillAnswer = z.output<typeof backfillAnswer>;

export const backfillBody = body({
  connection: line(100),
  objectTypes: z
    .array(word(OBJECT_TYPES), { error: 'expected a list of record types' })
    .min(1, { error: 'expected at least one record type' })
    .optional()
    .describe('all of them where it is left out'),
});
