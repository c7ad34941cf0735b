import type { Program } from '../definition/program.ts';
import { finding, type LintFinding } from './finding.ts';

type Row = Program['rules']['order'][number];

/** What a rule needs before it can see anything, and a situation before it can arise; null where nothing is missing. */
interface Need {
  readonly rule: Row['id'];
  /** Null: the whole rule. */
  readonly situation: string | null;
  readonly missing: (program: Program, row: Row) => string | null;
}

const isSet = (value: unknown): boolean => value !== null && value !== undefined;

/** A situation that arises where a parameter is set. */
function byParameter(rule: Row['id'], situation: string, parameter: string): Need {
  return { rule, situation, missing: (_program, row) => (isSet(row.with[parameter]) ? null : `with.${parameter} is not set`) };
}

const renewals = (program: Program, row: Row): string | null => {
  const kinds = row.with['renewalKinds'] as readonly string[];
  return kinds.some((kind) => program.kinds.some(({ id }) => id === kind))
    ? null
    : `none of ${kinds.join(', ') || 'no kinds'} is a kind of this program`;
};

const NEEDS: readonly Need[] = [
  {
    rule: 'C05_direct_early_stage',
    situation: null,
    missing: ({ directOpportunities }) => (directOpportunities.earlyStages > 0 ? null : 'directOpportunities.earlyStages is 0'),
  },
  { rule: 'C10_flat_renewal', situation: null, missing: renewals },
  { rule: 'C11_renewal_with_growth', situation: null, missing: renewals },
  { rule: 'C13_listed_account', situation: null, missing: ({ accounts }) => (accounts.length > 0 ? null : 'accounts is empty') },
  { rule: 'C14_outside_region', situation: null, missing: ({ regions }) => (regions.length > 0 ? null : 'regions is empty') },
  {
    rule: 'C19_below_minimum',
    situation: null,
    missing: ({ routing }, row) =>
      routing.minimum !== null || isSet(row.with['minimum']) || isSet(row.with['maximum']) || isSet(row.with['minimumQuantity'])
        ? null
        : 'routing.minimum, with.minimum, with.maximum and with.minimumQuantity are not set',
  },
  {
    rule: 'C17_public_tender',
    situation: 'before_publication',
    missing: (_program, row) => (row.with['beforePublication'] === true ? null : 'with.beforePublication is false'),
  },
  {
    rule: 'C19_below_minimum',
    situation: 'below',
    missing: ({ routing }, row) =>
      routing.minimum !== null || isSet(row.with['minimum']) ? null : 'neither routing.minimum nor with.minimum is set',
  },
  byParameter('C19_below_minimum', 'above', 'maximum'),
  byParameter('C19_below_minimum', 'below_quantity', 'minimumQuantity'),
  byParameter('C19_below_minimum', 'unknown_quantity', 'minimumQuantity'),
  {
    rule: 'C20_speculative',
    situation: 'no_proof',
    missing: (_program, row) => (Number(row.with['leastProofs']) > 0 ? null : 'with.leastProofs is 0'),
  },
  byParameter('C20_speculative', 'capacity', 'mostStanding'),
  byParameter('C20_speculative', 'mass_filing', 'mostIn30Days'),
  byParameter('C20_speculative', 'low_conversion', 'leastWonPercent'),
  byParameter('C21_expired_then_refiled', 'too_soon', 'coolingOff'),
];

/** L113, L114: outcomes for what cannot happen, and what is asked for without an outcome. */
export function lintSituations(program: Program): readonly LintFinding[] {
  return program.rules.order.flatMap((row, at) =>
    NEEDS.filter((need) => need.rule === row.id).flatMap(({ situation, missing }): readonly LintFinding[] => {
      const lacks = missing(program, row);
      const path = ['rules', 'order', at];
      if (situation === null) return lacks === null ? [] : [finding('L113', path, `${row.id} never fires: ${lacks}`)];
      const hasOutcome = Object.hasOwn(row.on, situation);
      if (lacks !== null && hasOutcome) return [finding('L113', [...path, 'on', situation], `${situation} never arises: ${lacks}`)];
      if (lacks === null && !hasOutcome) return [finding('L114', [...path, 'with'], `${situation} can arise and has no outcome`)];
      return [];
    }),
  );
}
