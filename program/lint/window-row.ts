import type { Program } from '../definition/program.ts';
import { routableLimits } from './band-domain.ts';
import { tabulate } from './claim-table.ts';
import { findDeadRows, findHoles } from './coverage.ts';
import { finding, type LintFinding } from './finding.ts';
import { describeDeadRow } from './routing-row.ts';

const WINDOWS = ['protection', 'windows'] as const;

/** L106, L107: whether each row of the windows gives some claim its length, and whether a band between two rows was left out. */
export function lintWindows(program: Program): readonly LintFinding[] {
  const { windows } = program.protection;
  if (windows.length === 0) return [];
  const table = tabulate(
    program,
    windows.map(({ when }) => when),
    routableLimits(program),
  );
  if (table === null) return [finding('L119', WINDOWS, `the ${windows.length} rows tell too many kinds of claims apart`)];
  return [
    ...findDeadRows(table, 'first').map(({ row, coveredBy }) =>
      finding('L106', [...WINDOWS, row], describeDeadRow(coveredBy, 'protection.windows')),
    ),
    ...findHoles(table, ['value', 'quantity']).map((where) => finding('L107', WINDOWS, `only the general window covers: ${where}`)),
  ];
}
