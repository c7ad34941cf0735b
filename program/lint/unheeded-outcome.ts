import type { Program } from '../definition/program.ts';
import { NAMES_LINES } from '../rules/catalogue.ts';
import { finding, type LintFinding } from './finding.ts';

type Row = Program['rules']['order'][number];

/** L127, L128: outcomes that sound as if something could be granted, and that end in a denial. */
export function lintUnheededOutcomes({ rules }: Program): readonly LintFinding[] {
  return rules.order.flatMap((row, at) => {
    const path = ['rules', 'order', at, 'on'];
    const passing = passesOver(row, rules.order) ? [finding('L127', [...path, 'exact'], `${row.id}: ${row.on['exact']?.outcome}`)] : [];
    const whole = Object.entries(row.on).flatMap(([situation, { outcome }]) =>
      outcome === 'free_lines' && !namesLines(row, situation)
        ? [finding('L128', [...path, situation], `${row.id} names no lines where it finds ${situation}`)]
        : [],
    );
    return [...passing, ...whole];
  });
}

/** A note does no harm where another row of the rule holds for every claim and decides. */
function passesOver(row: Row, order: readonly Row[]): boolean {
  if (row.id !== 'C02_active_protection') return false;
  const outcome = row.on['exact']?.outcome;
  const isDecidedElsewhere = order.some(
    (other) =>
      other.id === row.id && other.when === undefined && other.on['exact']?.outcome !== undefined && other.on['exact'].outcome !== 'note',
  );
  return outcome === 'approve' || outcome === 'wait' || (outcome === 'note' && !isDecidedElsewhere);
}

function namesLines({ id, when }: Row, situation: string): boolean {
  if (id === 'R02_special_case' && when?.productLines === undefined) return false;
  return NAMES_LINES[id]?.includes(situation) ?? false;
}
