import type { Program } from '../definition/program.ts';
import { tabulate, UNLIMITED } from './claim-table.ts';
import { findDeadRows, findHoles } from './coverage.ts';
import { finding, type LintFinding } from './finding.ts';
import { describeDeadRow } from './routing-row.ts';

interface PlacedRow {
  readonly at: number;
  readonly row: Program['rules']['order'][number];
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
    if (own === undefined || !covering.every((earlier) => hasLastWord(earlier, own, program.rules.hitPolicy))) return [];
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
 * Both rows see the same, and the earlier one decides whatever the later one would: it looks by the same parameters and lets nothing pass with a note. Where the
 * strictest finding wins, a later row may still be the stricter one, so that only the same outcomes make it idle.
 */
function hasLastWord({ row: earlier }: PlacedRow, { row: later }: PlacedRow, hitPolicy: Program['rules']['hitPolicy']): boolean {
  const isSame = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);
  return (
    isSame(earlier.with, later.with) &&
    Object.entries(later.on).every(([situation, outcome]) => {
      const before = earlier.on[situation];
      return hitPolicy === 'first' ? before !== undefined && before.outcome !== 'note' : isSame(before, outcome);
    })
  );
}
