import { Decimal } from 'decimal.js';
import type { Program } from '../definition/program.ts';
import { finding, type LintFinding } from './finding.ts';

type Metric = Program['metrics'][number];

/** L409–L412, L420: whether what is measured shows anything. */
export function lintMetrics(program: Program): readonly LintFinding[] {
  const { metrics } = program;
  const path = ['metrics'];
  if (metrics.length === 0) return [finding('L420', path, 'nothing is measured')];
  const names = metrics.map(({ label }) => label).join(', ');
  if (metrics.every(({ unit }) => unit === 'count')) return [finding('L409', path, `only counts: ${names}`)];
  return [
    ...(metrics.some(({ leads }) => leads) ? [] : [finding('L410', path, `none tells of what is coming: ${names}`)]),
    ...(metrics.every(isRevenue) ? [finding('L412', path, `only revenue: ${names}`)] : []),
    ...findTargets(program),
  ];
}

function isRevenue({ id, label, unit }: Metric): boolean {
  return unit === 'money' || (unit === 'percent' && /revenue|sales|bookings|turnover/i.test(`${id} ${label}`));
}

function findTargets({ metrics, vision }: Program): readonly LintFinding[] {
  const reached = metrics.flatMap(({ id, current, target }, at) =>
    new Decimal(current).eq(target) ? [finding('L411', ['metrics', at, 'target'], `${id} is ${current} and is to become ${target}`)] : [],
  );
  const measured = metrics.find(({ id }) => id === vision?.metric);
  const differs = vision !== null && measured !== undefined && !new Decimal(vision.target).eq(measured.target);
  return differs
    ? [
        ...reached,
        finding('L411', ['vision', 'target'], `the vision aims at ${vision.target}, and the metric ${measured.id} at ${measured.target}`),
      ]
    : reached;
}
