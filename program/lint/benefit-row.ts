import type { Program } from '../definition/program.ts';
import { benefitCondition, type Benefit } from './benefit.ts';
import { tabulate, UNLIMITED } from './claim-table.ts';
import { findHoles, findOverlaps } from './coverage.ts';
import { finding, type LintFinding } from './finding.ts';

interface PlacedBenefit {
  readonly at: number;
  readonly benefit: Benefit;
}

/** L121, L122: benefits of one kind that leave a band out between them, or meet without a word on what then. */
export function lintBenefitRows(program: Program): readonly LintFinding[] {
  return program.economics.flatMap((row, rowAt) => {
    const alike = new Map<string, readonly PlacedBenefit[]>();
    for (const [at, benefit] of row.benefits.entries()) {
      const key = likeness(benefit);
      alike.set(key, [...(alike.get(key) ?? []), { at, benefit }]);
    }
    return [...alike.values()].flatMap((group) => lintGroup(program, rowAt, group));
  });
}

/** Benefits that could be added up: of one kind, on the same base, for the same part in the deal. */
function likeness(benefit: Benefit): string {
  return [benefit.kind, 'base' in benefit ? benefit.base : '', 'name' in benefit ? benefit.name : '', benefit.role ?? ''].join(' ');
}

function lintGroup(program: Program, rowAt: number, group: readonly PlacedBenefit[]): readonly LintFinding[] {
  const row = program.economics[rowAt];
  const kind = group[0]?.benefit.kind;
  if (row === undefined || group.length < 2 || kind === 'other' || kind === 'listing' || kind === 'deal_protection') return [];
  const path = ['economics', rowAt, 'benefits'];
  const table = tabulate(
    program,
    group.map(({ benefit }) => benefitCondition(program, row.track, benefit)),
    UNLIMITED,
  );
  if (table === null) return [finding('L119', path, 'the benefits tell too many kinds of claims apart')];
  const overlaps = row.combine === undefined ? findOverlaps(table) : [];
  return [
    ...findHoles(table, ['value', 'quantity']).map((where) => finding('L121', [...path, group[0]?.at ?? 0], `no ${kind} covers: ${where}`)),
    ...overlaps.map(({ rows: [first, second], where }) =>
      finding(
        'L122',
        [...path, group[second]?.at ?? 0],
        `${kind} meets economics[${rowAt}].benefits[${group[first]?.at ?? 0}] for: ${where}`,
      ),
    ),
  ];
}
