import { z } from 'zod';
import { COMMENT_AUDIENCES } from '../../program/registration-life.ts';
import { paging } from './page.ts';
import { alias, body, instant, paragraph, word } from './text.ts';

/** `partner`: the partner reads it, and it counts as being in touch; `internal`: nobody outside does. */
export const commentBody = body({ text: paragraph(1, 2000), audience: word(COMMENT_AUDIENCES), actor: alias });

export const commentAnswer = z.object({
  id: z.string(),
  by: z.string(),
  audience: z.enum(COMMENT_AUDIENCES),
  text: z.string(),
  at: instant,
});

export const commentQuery = body({ audience: word(COMMENT_AUDIENCES).optional(), ...paging });
export const commentPosition = z.strictObject({ at: z.iso.datetime(), id: z.string().max(200) });

/** Somebody else answers: `to` in the place of whoever is asked, or by an own right because `actor` says so. */
export const handOverBody = body({ to: alias, reason: paragraph(1, 2000), actor: alias });
