import { z } from 'zod';
import { body, line, paragraph } from './text.ts';

/** A piece of evidence: a text, or a summary with its kind and where and of when it is. */
const piece = z.union(
  [
    paragraph(1, 2000),
    body({
      kind: line(64),
      summary: paragraph(1, 2000),
      url: z
        .url({ protocol: /^https?$/, error: 'expected an http or https address' })
        .max(2000, { error: 'expected at most 2000 characters' })
        .optional(),
      date: z.iso.date({ error: 'expected a date such as 2027-01-31' }).optional(),
    }),
  ],
  { error: 'expected a text of 1–2000 characters, or {kind, summary, url?, date?}' },
);

const error = 'expected a list of at most 20 pieces of evidence';

export const evidence = z.array(piece, { error }).max(20, { error });

const needed = 'expected new evidence: a list of 1–20 pieces';

/** What an appeal rests on; a single text will do. */
export const newEvidence = z.union([z.array(piece).min(1).max(20), paragraph(1, 2000).transform((text) => [text])], { error: needed });
