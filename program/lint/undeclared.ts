import { formatDuration, type WrittenDuration } from '../duration.ts';
import type { Path } from '../definition/source-place.ts';
import type { Program } from '../definition/program.ts';
import { finding, type LintFinding } from './finding.ts';

/**
 * L202, L203: what the author left to this engine's defaults although it decides who is protected, from when and how long. `written` is the definition before
 * defaults were filled in.
 */
export function lintUndeclared(program: Program, written: unknown): readonly LintFinding[] {
  return [...findClocks(program, written), ...findRuleClocks(program, written)];
}

function findClocks(program: Program, written: unknown): readonly LintFinding[] {
  const { protection, rules } = program;
  const isExtended = protection.extension.maxCount > 0;
  const compares = rules.order.some(({ id }) => id === 'C03_competing_pending' || id === 'C04_near_simultaneous');
  const clocks: readonly (readonly [counts: boolean, path: Path, question: string])[] = [
    [true, ['protection', 'endsAt'], 'does a protection end at the instant (instant) or at midnight after that day (end_of_day)?'],
    [
      isExtended,
      ['protection', 'extension', 'askWithin'],
      'until how long after the end may an extension be asked for (null: only before)?',
    ],
    [isExtended, ['protection', 'extension', 'pendingSuspendsExpiry'], 'does a protection end while an extension is asked for?'],
    [compares, ['precedence'], 'by what does one of two claims precede the other?'],
  ];
  return clocks
    .filter(([counts, path]) => counts && valueAt(written, path) === undefined)
    .map(([, path, question]) => finding('L202', path, `not declared: ${question}`));
}

/** Parameters of rules that are lengths of time. Those that are switched off unless set need no declaration. */
function findRuleClocks({ rules }: Program, written: unknown): readonly LintFinding[] {
  return rules.order.flatMap((row, at) =>
    Object.entries(row.with).flatMap(([parameter, value]) => {
      const path = ['rules', 'order', at, 'with', parameter];
      if (!isDuration(value) || valueAt(written, path) !== undefined) return [];
      return [
        finding(
          'L203',
          path,
          `${row.id} takes ${formatDuration(value)}`,
          `write \`with: { ${parameter}: ${formatDuration(value)} }\`, or what is meant.`,
        ),
      ];
    }),
  );
}

function isDuration(value: unknown): value is WrittenDuration {
  return typeof value === 'object' && value !== null && 'unit' in value && 'restated' in value;
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? (at as Readonly<Record<PropertyKey, unknown>>)[key] : undefined),
    value,
  );
}
