import { z } from 'zod';

/** How many ids an error lists; a program may declare more than anybody reads. */
const MOST_LISTED = 50;

/** One of the ids that the running program declares: it is asked at every request, since the program may change. `none` is said where it declares none. */
export function declaredId(known: () => readonly string[], none = 'expected nothing: the program declares none') {
  return z.string({ error: () => expectedOneOf(known(), none) }).check((context) => {
    if (context.issues.length > 0) return;
    const ids = known();
    if (ids.includes(context.value)) return;
    context.issues.push({ code: 'custom', message: expectedOneOf(ids, none), path: [], input: context.value });
  });
}

/** Several of the ids that the running program declares, none of them twice. */
export function declaredIds(known: () => readonly string[]) {
  return z
    .array(declaredId(known), { error: 'expected a list of ids that the program declares' })
    .max(1000, { error: 'expected at most 1000 ids' })
    .refine((ids) => new Set(ids).size === ids.length, { error: 'names one twice' });
}

export function expectedOneOf(ids: readonly string[], none: string): string {
  if (ids.length === 0) return none;
  const listed = ids.slice(0, MOST_LISTED).join(', ');
  return `expected one of ${listed}${ids.length > MOST_LISTED ? ` and ${ids.length - MOST_LISTED} more` : ''}`;
}
