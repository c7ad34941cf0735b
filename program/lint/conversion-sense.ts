import type { Program } from '../definition/program.ts';
import { finding, type LintFinding } from './finding.ts';

/** L601, L602: stale opportunities that are to become a partner's and never do. */
export function lintConversion({ conversion, rules }: Program): readonly LintFinding[] {
  if (!conversion.resource) return [];
  if (conversion.onApproval === 'none') return [finding('L601', ['conversion', 'resource'], 'true, and onApproval is none')];
  return rules.order.flatMap(({ id, when, on }, at) => {
    const outcome = on['exact']?.outcome;
    const standsInTheWay = id === 'C07_direct_stale' && when === undefined && (outcome === 'deny' || outcome === 'return');
    return standsInTheWay
      ? [finding('L602', ['rules', 'order', at, 'on', 'exact'], `${id}: ${outcome}, and conversion.resource is true`)]
      : [];
  });
}
