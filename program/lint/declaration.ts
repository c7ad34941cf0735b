import type { Path } from '../definition/source-place.ts';
import type { Program } from '../definition/program.ts';
import type { RuleId } from '../rules/catalogue.ts';
import { finding, type LintFinding } from './finding.ts';

/** L111, L112: what is declared and enforced by no rule, or used by nothing. */
export function lintDeclarations(program: Program): readonly LintFinding[] {
  return [...findUnenforced(program), ...findUnused(program)];
}

function findUnenforced(program: Program): readonly LintFinding[] {
  const { accounts, intake, requiredFacts, routing, rules, splits } = program;
  const declared: readonly (readonly [isDeclared: boolean, path: Path, what: string, rule: RuleId])[] = [
    [accounts.length > 0, ['accounts'], 'the listed accounts', 'C13_listed_account'],
    [requiredFacts.length > 0, ['requiredFacts'], 'the required facts', 'R01_incomplete'],
    [intake.some(({ required }) => required), ['intake'], 'the required answers', 'R01_incomplete'],
    [splits.length > 0, ['splits'], 'the splits', 'C23_multi_partner'],
    [routing.minimum !== null, ['routing', 'minimum'], 'the minimum', 'C19_below_minimum'],
    [true, ['eligibility'], 'the eligibility', 'C18_partner_not_eligible'],
  ];
  return declared
    .filter(([isDeclared, , , rule]) => isDeclared && !rules.order.some(({ id }) => id === rule))
    .map(([, path, what, rule]) => finding('L111', path, `no rule asks for ${what}`, `add ${rule} to rules.order, or take it out.`));
}

function findUnused(program: Program): readonly LintFinding[] {
  const { calendars, defaultCalendar, governance, measures, regions, tracks } = program;
  const counted = new Set([defaultCalendar, ...[...regions, ...governance.people].map(({ calendar }) => calendar)]);
  const asked = new Set(tracks.flatMap(({ tiers }) => tiers.flatMap(({ criteria }) => criteria.map(({ measure }) => measure))));
  return [
    ...measures.flatMap(({ id }, at) => (asked.has(id) ? [] : [finding('L112', ['measures', at], `no tier asks for ${id}`)])),
    ...calendars.flatMap(({ id }, at) =>
      counted.has(id) ? [] : [finding('L112', ['calendars', at], `no deadline counts in ${id}: no region and nobody works by it`)],
    ),
  ];
}
