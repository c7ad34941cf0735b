import type { Program } from '../definition/program.ts';
import { routableLimits } from './band-domain.ts';
import { tabulate, type ClaimTable } from './claim-table.ts';
import { findDeadRows, findGaps, findOverlaps } from './coverage.ts';
import { finding, type LintFinding } from './finding.ts';

const ROWS = ['routing', 'rows'] as const;

/** L101–L103, L119, L120: whether the rows of the routing take every claim that comes as far, each once. */
export function lintRouting(program: Program): readonly LintFinding[] {
  const { rows, hitPolicy } = program.routing;
  const limits = routableLimits(program);
  const conditions = rows.map(({ when }) => when);
  const table = tabulate(program, conditions, limits);
  if (table === null) return [finding('L119', ROWS, `the ${rows.length} rows tell too many kinds of claims apart`)];
  return [
    ...(limits.isEmpty ? [finding('L120', ['routing', 'minimum'], 'the maximum of rule C19 is below the minimum')] : []),
    ...findGaps(withoutSpecialCases(program, limits, undefined) ?? table).map((where) => finding('L101', ROWS, `no row covers: ${where}`)),
    ...findDeadRows(table, hitPolicy).map(({ row, coveredBy }) =>
      finding('L103', [...ROWS, row], describeDeadRow(coveredBy, 'routing.rows')),
    ),
    ...(hitPolicy === 'only' ? overlaps(program, limits) : []),
  ];
}

/** Two rows that name different lines overlap on a claim for both, so that pairs of lines are looked at too. */
function overlaps(program: Program, limits: ReturnType<typeof routableLimits>): readonly LintFinding[] {
  const lines = program.productLines.map(({ id }) => id);
  const named = lines.filter((line) => program.routing.rows.some(({ when }) => when.productLines?.includes(line)));
  const pairs = named.flatMap((line, at) => named.slice(at + 1).map((other) => [line, other]));
  const table = withoutSpecialCases(program, limits, [...lines.map((line) => [line]), ...pairs]);
  if (table === null) return [finding('L119', ROWS, 'overlaps on claims for several product lines were not looked for')];
  return findOverlaps(table).map(({ rows: [first, second], where }) =>
    finding('L102', [...ROWS, second], `holds beside routing.rows[${first}] for: ${where}`),
  );
}

/**
 * The table of the routing without the claims that R02 decides before: they never come as far. Of several lines one may be taken and the rest go on
 * (`free_lines`); of a single one nothing is left. Null where there are too many combinations.
 */
function withoutSpecialCases(
  program: Program,
  limits: ReturnType<typeof routableLimits>,
  lineSets: readonly (readonly string[])[] | undefined,
): ClaimTable | null {
  const taken = program.rules.order.flatMap(({ id, on, when }) => {
    const outcome = id === 'R02_special_case' ? on['applies']?.outcome : undefined;
    const goesOn = outcome === undefined || outcome === 'note' || (outcome === 'free_lines' && lineSets !== undefined);
    return goesOn ? [] : [when ?? {}];
  });
  const { rows } = program.routing;
  const table = tabulate(program, [...rows.map(({ when }) => when), ...taken], limits, lineSets);
  if (table === null) return null;
  // Where it cannot be told whether R02 applies, people rule, so that these claims do not come as far either.
  const isTaken = (cell: number): boolean => taken.some((_when, at) => table.holds(rows.length + at, cell) !== 'no');
  return { ...table, rowCount: rows.length, isPossible: (cell) => table.isPossible(cell) && !isTaken(cell) };
}

/** Why a row decides nothing, for rows of any table. */
export function describeDeadRow(coveredBy: readonly number[], rowsPath: string): string {
  return coveredBy.length === 0
    ? 'its condition holds for no claim that can be made'
    : `all of its claims are taken by ${coveredBy.map((row) => `${rowsPath}[${row}]`).join(', ')}`;
}
