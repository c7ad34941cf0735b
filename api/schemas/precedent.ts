import { z } from 'zod';
import { CASE_OUTCOMES } from '../../program/vocabulary.ts';
import { paging } from './page.ts';
import { body, instant, line, word } from './text.ts';

export const precedentAnswer = z.object({
  caseId: z.string(),
  rule: z.string(),
  outcome: z.enum(CASE_OUTCOMES),
  claimantKinds: z.array(z.string()).describe('kinds of registration of those who claimed'),
  rivalKinds: z.array(z.string()).describe('kinds of registration of those who held the position'),
  isAgainstDirectTeam: z.boolean(),
  regions: z.array(z.string()),
  productLines: z.array(z.string()),
  valueBand: z.string().nullable().describe('between which limits of the ladder the largest value lay, in words'),
  reasons: z.string().describe('what whoever decided wrote; for insiders'),
  appeals: z.int().describe('how often it was decided again after an appeal'),
  decidedAt: instant,
});
export type PrecedentAnswer = z.output<typeof precedentAnswer>;

const id = (expected: string) => z.string({ error: expected }).regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, { error: expected });

export const precedentQuery = body({
  rule: id('expected the id of a rule, such as C02_active_protection').optional(),
  outcome: word(CASE_OUTCOMES).optional(),
  region: id('expected the id of a region of the program').optional(),
  productLine: id('expected the id of a product line').optional(),
  text: line(200).optional().describe('words of the reasons: all of them; also or, -not and "as they stand"'),
  ...paging,
});
