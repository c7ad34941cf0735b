import { z } from 'zod';
import { DECISIONS } from '../../program/vocabulary.ts';
import { newEvidence } from './evidence.ts';
import { alias, body, line, paragraph, word } from './text.ts';

const reason = paragraph(1, 2000);
/** May be empty, but is never left out: who decides is asked for a word. */
const comment = paragraph(0, 2000);

export const decisionBody = body({ decision: word(DECISIONS), comment, actor: alias });

export const withdrawalBody = body({ reason });

const daysError = 'expected a whole number of days, 1–365';

export const extensionBody = body({
  /** Left out: by all that the program grants at once. */
  days: z.int({ error: daysError }).min(1, { error: daysError }).max(365, { error: daysError }).nullable().default(null),
  reason,
});

export const revocationBody = body({ reason, actor: alias });

/** `partnerId`: our id, or the partner's external id. */
export const transferBody = body({ partnerId: line(100), reason, actor: alias });

export const appealBody = body({ reason, evidence: newEvidence });
