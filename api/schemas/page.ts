import { z } from 'zod';

const limitError = 'expected 1–200';

/** How a list is read page by page. The cursor is what the page before answered as `nextCursor`. */
export const paging = {
  limit: z
    .string({ error: limitError })
    .regex(/^\d{1,3}$/, { error: limitError })
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= 200, { error: limitError })
    .default(50),
  cursor: z.string({ error: 'expected a cursor' }).max(500, { error: 'expected a cursor that a page before answered' }).optional(),
};

export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}
