import type { Program } from '../definition/program.ts';
import type { Money } from '../vocabulary.ts';
import { minorUnits } from './band-axis.ts';
import { UNLIMITED, type TableLimits } from './claim-table.ts';

type RuleRow = Program['rules']['order'][number];

/**
 * Which values and quantities come as far as the routing: rule C19, where it stands without a condition, decides about all below the minimum and above the maximum
 * before. `isEmpty`: none does.
 */
export function routableLimits(program: Program): TableLimits & { readonly isEmpty: boolean } {
  const rows = program.rules.order.filter((row) => row.id === 'C19_below_minimum' && row.when === undefined);
  const decides = (row: RuleRow, situation: string): boolean => {
    const outcome = row.on[situation]?.outcome;
    return outcome !== undefined && outcome !== 'note';
  };
  const minimum = rows.flatMap((row) => {
    const least = (row.with['minimum'] as Money | null | undefined) ?? program.routing.minimum;
    return decides(row, 'below') && least !== null ? [minorUnits(program, least)] : [];
  })[0];
  const maximum = rows.flatMap((row) =>
    decides(row, 'above') && row.with['maximum'] ? [minorUnits(program, row.with['maximum'] as Money)] : [],
  )[0];
  const units = rows.flatMap((row) =>
    decides(row, 'below_quantity') && row.with['minimumQuantity'] ? [Number(row.with['minimumQuantity'])] : [],
  )[0];
  const value = { first: minimum ?? UNLIMITED.value.first, last: maximum ?? null };
  return {
    value: value.last !== null && value.last < value.first ? UNLIMITED.value : value,
    quantity: { first: BigInt(units ?? 1), last: null },
    isEmpty: value.last !== null && value.last < value.first,
  };
}
