import { Decimal } from 'decimal.js';
import { definedSteps, isParallel, type DefinedStage, type DefinedStep } from '../../approval/planned-stage.ts';
import { minorUnitDecimals } from '../../currency.ts';
import type { Program } from '../program.ts';
import { CONDITION_READS, checkCondition } from './condition.ts';
import { checkSilence } from './governance.ts';
import { checkDecimals, checkId, checkOf, type DefinitionProblem, type Path, type ReferenceCheck } from './problem.ts';

/** How claims are routed: conditions that can hold, roles that decide, limits that reach as far as the row, amounts that can be converted. */
export const ROUTING_CHECKS: readonly ReferenceCheck[] = [
  checkOf(CONDITION_READS, (sections) =>
    sections.routing.rows.flatMap((row, at) => checkCondition(['routing', 'rows', at, 'when'], row.when, sections)),
  ),
  checkOf(['routing', 'governance'], ({ routing, governance }) => [
    ...routing.rows.flatMap((row, at) => {
      const path: Path = ['routing', 'rows', at, 'steps'];
      return [...checkStages(path, row.steps, governance), ...checkReach(path, row, routing.currency, governance)];
    }),
    ...checkId(['routing', 'otherwise'], routing.otherwise, rolesOfLadder(governance)),
  ]),
  checkOf(['routing', 'rates'], ({ routing: { currency, minimum }, rates }) => [
    ...checkRate(['routing', 'currency'], currency, rates),
    ...(minimum === null
      ? []
      : [
          ...checkRate(['routing', 'minimum', 'currency'], minimum.currency, rates),
          ...checkDecimals(['routing', 'minimum', 'amount'], minimum.amount, minimum.currency),
        ]),
  ]),
  checkOf(['rates'], ({ rates }) =>
    Object.hasOwn(rates.perUnit, rates.base)
      ? [{ path: ['rates', 'perUnit', rates.base], message: `${rates.base}; expected no rate for the base itself, which is 1` }]
      : [],
  ),
];

type Governance = Program['governance'];

/** Stages that are asked one after another, each with its steps at their own places. */
export function checkStages(path: Path, stages: readonly DefinedStage[], governance: Governance): readonly DefinitionProblem[] {
  return stages.flatMap((stage, at) =>
    isParallel(stage)
      ? stage.parallel.flatMap((step, index) => checkStep([...path, at, 'parallel', index], step, governance))
      : checkStep([...path, at], stage as DefinedStep, governance),
  );
}

/** A role that is asked stands on the ladder, or is a desk beside it: there its deadline, its limit and who is asked next are declared. */
function checkStep(path: Path, step: DefinedStep, governance: Governance): readonly DefinitionProblem[] {
  return [
    ...checkId([...path, 'role'], step.role, decidingRoles(governance)),
    ...checkSilence([...path, 'silence'], step.silence, step.role, governance),
  ];
}

export function rolesOfLadder({ ladder }: Governance): readonly string[] {
  return ladder.map(({ role }) => role);
}

/** Every role that may be asked: those of the ladder and the desks. */
export function decidingRoles({ ladder, desks }: Governance): readonly string[] {
  return [...ladder, ...desks].map(({ role }) => role);
}

/** A currency has a declared rate, so that amounts in it can be compared. */
export function checkRate(path: Path, currency: string, rates: Program['rates']): readonly DefinitionProblem[] {
  return currency === rates.base || Object.hasOwn(rates.perUnit, currency)
    ? []
    : [
        {
          path,
          message: `${currency}; expected a currency with a rate in rates`,
          remedy: 'declare its rate in `rates.perUnit`, or use a currency that has one.',
        },
      ];
}

/** Who decides last may approve the largest value of the row; where several do at once, one of those who all have to, or each of those of whom one is enough. */
function checkReach(
  path: Path,
  { when, steps }: Program['routing']['rows'][number],
  currency: string,
  { ladder, desks }: Governance,
): readonly DefinitionProblem[] {
  const last = steps.at(-1);
  const most = largestValue(when.value, currency);
  const reach = most === null ? 'any value' : `values up to ${most.toFixed()}`;
  const deciding = last === undefined ? [] : definedSteps(last);
  const limitOf = (role: string): string | null => [...ladder, ...desks].find((rung) => rung.role === role)?.approvalLimit ?? null;
  const reaches = (limit: string | null): boolean => limit === null || (most !== null && most.lte(limit));
  const isOneEnough = last !== undefined && isParallel(last) && last.needs === 'all';
  if (isOneEnough && deciding.some(({ role }) => reaches(limitOf(role)))) return [];
  return deciding.flatMap(({ role }, index) => {
    const limit = limitOf(role);
    if (limit === null || reaches(limit)) return [];
    const place = last !== undefined && isParallel(last) ? [steps.length - 1, 'parallel', index] : [steps.length - 1];
    return [
      {
        path: [...path, ...place, 'role'],
        message: `${role}; expected a role whose approval limit (${limit}) covers the row, which takes ${reach}`,
        remedy: 'let somebody decide last who may approve that much, or end the row below the limit.',
      },
    ];
  });
}

/** The largest value inside a range, in whole minor units; null: without an end. */
function largestValue(range: Program['routing']['rows'][number]['when']['value'], currency: string): Decimal | null {
  const unit = new Decimal(10).pow(-(minorUnitDecimals(currency) ?? 2));
  const ends = [
    ...(range?.upTo === undefined ? [] : [new Decimal(range.upTo)]),
    ...(range?.below === undefined ? [] : [new Decimal(range.below).minus(unit)]),
  ];
  return ends.length === 0 ? null : Decimal.min(...ends);
}
