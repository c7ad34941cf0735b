import type { Condition } from '../condition.ts';
import type { Program } from '../definition/program.ts';
import { finding, type LintFinding } from './finding.ts';

/** L401, L418, L420: whether the program says who its partners are, and treats unlike ones differently. */
export function lintTypes(program: Program): readonly LintFinding[] {
  const { types } = program;
  if (types.length === 0) return [finding('L420', ['types'], 'no type of partner is declared')];
  const unclear = types.flatMap(({ id, primaryValue, revenueModel }, at) =>
    revenueModel.length === 0 ? [finding('L401', ['types', at], `${id} ("${primaryValue}") has no revenue model`)] : [],
  );
  return [...unclear, ...findOneSet(program)];
}

function findOneSet(program: Program): readonly LintFinding[] {
  const { tracks, types } = program;
  const clear = types.filter(({ revenueModel }) => revenueModel.length > 0);
  const isUnlike = clear.some((one) => clear.some((other) => !one.revenueModel.some((model) => other.revenueModel.includes(model))));
  if (!isUnlike || namesTypes(program) || new Set(tracks.map(({ id }) => treatmentOf(program, id))).size > 1) return [];
  const models = [...new Set(types.flatMap(({ revenueModel }) => revenueModel))];
  return [finding('L418', ['types'], `${types.length} types earn by ${models.join(', ')}, and all are treated alike`)];
}

/** Whether any row tells types apart. A row of the eligibility that names them all does not. */
function namesTypes({ eligibility, protection, routing, rules, types }: Program): boolean {
  const conditions: readonly Condition[] = [...routing.rows, ...protection.windows, ...rules.order].flatMap(({ when }) => when ?? []);
  return (
    conditions.some((when) => when.types !== undefined) ||
    eligibility.rows.some((row) => row.types.length > 0 && row.types.length < types.length)
  );
}

/** What a track earns and may register: tracks that have the same are one under two names. */
function treatmentOf({ economics, eligibility }: Program, track: string): string {
  const benefits = economics.find((row) => row.track === track)?.benefits ?? [];
  const kinds = eligibility.rows.find((row) => row.tracks.includes(track))?.kinds ?? [];
  return JSON.stringify([benefits.map((benefit) => ({ ...benefit, fromTier: null })), [...kinds].sort()]);
}
