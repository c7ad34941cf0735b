import type { Program } from '../definition/program.ts';
import type { Money } from '../vocabulary.ts';
import { minorUnits } from './band-axis.ts';
import { tabulate, UNLIMITED } from './claim-table.ts';
import { findDeadRows, findHoles } from './coverage.ts';
import { finding, type LintFinding } from './finding.ts';
import { describeDeadRow } from './routing-row.ts';

type RuleRow = Program['rules']['order'][number];

interface PlacedRow {
  readonly at: number;
  readonly row: RuleRow;
}

/** L104, L105: rows of one rule, each for some claims, that cover each other or leave a band out between them. */
export function lintRuleRows(program: Program): readonly LintFinding[] {
  const placed = program.rules.order.map((row, at): PlacedRow => ({ at, row }));
  const byRule = new Map<string, readonly PlacedRow[]>();
  for (const one of placed) byRule.set(one.row.id, [...(byRule.get(one.row.id) ?? []), one]);
  return [...byRule.values()].flatMap((rows) => lintRowsOf(program, rows));
}

function lintRowsOf(program: Program, rows: readonly PlacedRow[]): readonly LintFinding[] {
  if (rows.every(({ row }) => row.when === undefined) && rows.length === 1) return [];
  const path = ['rules', 'order', rows[0]?.at ?? 0];
  const table = tabulate(
    program,
    rows.map(({ row }) => row.when ?? {}),
    UNLIMITED,
  );
  if (table === null) return [finding('L119', path, `the rows of ${rows[0]?.row.id} tell too many kinds of claims apart`)];
  const dead = findDeadRows(table, 'first').flatMap(({ row, coveredBy }): readonly LintFinding[] => {
    const own = rows[row];
    const covering = coveredBy.flatMap((index) => rows[index] ?? []);
    if (own === undefined || !covering.every((earlier) => hasLastWord(program, earlier, own))) return [];
    return [
      finding(
        'L104',
        ['rules', 'order', own.at],
        describeDeadRow(
          covering.map(({ at }) => at),
          'rules.order',
        ),
      ),
    ];
  });
  const id = rows[0]?.row.id ?? '';
  const holes = findHoles(table, ['value', 'quantity']).map((where) => finding('L105', path, `no row of ${id} covers: ${where}`));
  return [...dead, ...holes];
}

/**
 * The earlier row sees at least as much, and decides whatever the later one would: it looks by the same parameters, or by a higher minimum, and lets nothing pass with a note. Where the
 * strictest finding wins, a later row may still be the stricter one, so that only the same outcomes make it idle.
 */
function hasLastWord(program: Program, { row: earlier }: PlacedRow, { row: later }: PlacedRow): boolean {
  const { hitPolicy } = program.rules;
  return (
    (isSame(earlier.with, later.with) || hasHigherMinimum(program, earlier, later)) &&
    Object.entries(later.on).every(([situation, outcome]) => {
      const before = earlier.on[situation];
      return hitPolicy === 'first' ? before !== undefined && before.outcome !== 'note' : isSame(before, outcome);
    })
  );
}

function isSame(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** Whatever is below the lower minimum is below the higher one. */
function hasHigherMinimum(program: Program, earlier: RuleRow, later: RuleRow): boolean {
  if (earlier.id !== 'C19_below_minimum') return false;
  const [high, low] = [earlier, later].map((row) => {
    const minimum = (row.with['minimum'] as Money | null | undefined) ?? program.routing.minimum;
    return minimum === null ? null : minorUnits(program, minimum);
  });
  const isElsewhereTheSame = isSame({ ...earlier.with, minimum: null }, { ...later.with, minimum: null });
  return isElsewhereTheSame && typeof high === 'bigint' && typeof low === 'bigint' && high >= low;
}
