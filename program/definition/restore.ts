import type { z } from 'zod';
import { programSchema, type Program } from './program.ts';
import { formatPath } from './source-place.ts';

type RestoredProgram =
  { readonly kind: 'program'; readonly program: Program } | { readonly kind: 'unreadable'; readonly problems: readonly string[] };

/**
 * A definition that was in force before, from the values that were written. Only its shape is read: what was good enough to decide by stays so, also where a
 * later release would ask more of a new definition.
 */
export function restoreProgram(written: unknown): RestoredProgram {
  const parsed = programSchema.safeParse(written);
  return parsed.success ? { kind: 'program', program: parsed.data } : { kind: 'unreadable', problems: parsed.error.issues.map(describe) };
}

function describe({ path, message }: z.core.$ZodIssue): string {
  return `${formatPath(path)}: ${message}`;
}
