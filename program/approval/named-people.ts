import type { Program } from '../definition/program.ts';

/** Everybody whom the program names, each once: whoever it may ask, by alias. */
export function namedPeople({ governance }: Program): readonly string[] {
  const { roles, people, defaultManager, fallback } = governance;
  return [
    ...new Set([
      ...roles.flatMap(({ members }) => members),
      ...people.flatMap(({ alias, deputy }) => [alias, ...(deputy === null ? [] : [deputy])]),
      defaultManager,
      ...(fallback === null ? [] : [fallback]),
    ]),
  ];
}
