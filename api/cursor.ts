import type { z } from 'zod';
import type { FieldProblem } from './field-problem.ts';

/** Where the next page begins, for callers a text without meaning. */
function writeCursor(position: object): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** The inverse; anything that is no cursor of this list is a problem of the field `cursor`. */
export function readCursor<Position extends z.ZodType>(
  cursor: string | undefined,
  position: Position,
):
  | { readonly kind: 'position'; readonly position: z.output<Position> | undefined }
  | { readonly kind: 'broken'; readonly fields: readonly FieldProblem[] } {
  if (cursor === undefined) return { kind: 'position', position: undefined };
  const parsed = position.safeParse(jsonOf(cursor));
  if (parsed.success) return { kind: 'position', position: parsed.data };
  return { kind: 'broken', fields: [{ path: ['cursor'], message: 'expected a cursor that a page before answered' }] };
}

/** Cuts a page off a list that was read one row longer than asked for: whether there is a next page is known without counting. */
export function pageFrom<Row>(
  rows: readonly Row[],
  limit: number,
  positionOf: (last: Row) => object,
): { readonly rows: readonly Row[]; readonly nextCursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { rows: shown, nextCursor: rows.length > limit && last !== undefined ? writeCursor(positionOf(last)) : null };
}

function jsonOf(cursor: string): unknown {
  if (!/^[A-Za-z0-9_-]+$/.test(cursor)) return undefined;
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
