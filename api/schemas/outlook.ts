import { z } from 'zod';
import { instant } from './text.ts';

export const outlook = z
  .array(z.object({ kind: z.enum(['protected_until', 'step_due', 'acknowledge_by', 'decide_by']), at: instant, message: z.string() }))
  .describe('What follows when, in words; it promises nothing');

export const outlookAnswer = z.object({ registrationId: z.string(), asOf: instant, outlook });
