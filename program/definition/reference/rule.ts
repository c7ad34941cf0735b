import { RULE_CATALOGUE } from '../../rules/catalogue.ts';
import type { Program } from '../program.ts';
import { CONDITION_READS, checkCondition } from './condition.ts';
import { checkDecimals, checkId, checkIds, checkOf, unknownId, type DefinitionProblem, type Path, type ReferenceCheck } from './problem.ts';
import { checkRate, checkStages, rolesOfLadder } from './routing.ts';
import { checkSilence } from './governance.ts';

type Row = Program['rules']['order'][number];

/** The rules: every situation has an outcome, every outcome somebody who can decide it, every condition and parameter something to refer to. */
export const RULE_CHECKS: readonly ReferenceCheck[] = [
  checkOf(['rules', ...CONDITION_READS], (sections) =>
    sections.rules.order.flatMap((row, at) => checkCondition(['rules', 'order', at, 'when'], row.when, sections)),
  ),
  checkOf(['rules', 'governance'], ({ rules, governance }) =>
    rules.order.flatMap((row, at) => checkOutcomes(['rules', 'order', at, 'on'], row, governance)),
  ),
  // This rule finds whatever its row applies to: without a condition nothing else would ever decide.
  checkOf(['rules'], ({ rules }) =>
    rules.order.flatMap((row, at) =>
      row.id === 'R02_special_case' && Object.values(row.when ?? {}).every((part) => part === undefined)
        ? [
            {
              path: ['rules', 'order', at, 'when'],
              message: 'missing; expected a condition that says to which registrations the rule applies',
            },
          ]
        : [],
    ),
  ),
  checkOf(['rules', 'kinds'], ({ rules, kinds }) =>
    rules.order.flatMap((row, at) =>
      checkIds(
        ['rules', 'order', at, 'with', 'renewalKinds'],
        row.with['renewalKinds'] as readonly string[] | undefined,
        kinds.map(({ id }) => id),
      ),
    ),
  ),
  checkOf(['rules', 'rates'], ({ rules, rates }) =>
    rules.order.flatMap((row, at) =>
      ['minimum', 'maximum'].flatMap((name) => {
        const limit = row.with[name] as { readonly amount: string; readonly currency: string } | null | undefined;
        if (limit == null) return [];
        const path: Path = ['rules', 'order', at, 'with', name];
        return [
          ...checkRate([...path, 'currency'], limit.currency, rates),
          ...checkDecimals([...path, 'amount'], limit.amount, limit.currency),
        ];
      }),
    ),
  ),
];

function checkOutcomes(path: Path, { id, on }: Row, governance: Program['governance']): readonly DefinitionProblem[] {
  const { situations, hasRivals, optional } = RULE_CATALOGUE[id] as {
    readonly situations: readonly string[];
    readonly hasRivals: boolean;
    readonly optional: readonly string[];
  };
  const missing = situations.filter((situation) => !Object.hasOwn(on, situation) && !optional.includes(situation));
  return [
    ...missing.map((situation) => ({
      path: [...path, situation],
      message: 'missing; expected an outcome',
      remedy: 'say what follows from this situation.',
    })),
    ...Object.entries(on).flatMap(([situation, outcome]): readonly DefinitionProblem[] => {
      const at: Path = [...path, situation];
      if (!situations.includes(situation))
        return [{ ...unknownId(at, situation, situations), remedy: 'name a situation that the rule tells apart.' }];
      switch (outcome.outcome) {
        case 'wait':
          return hasRivals
            ? []
            : [{ path: [...at, 'outcome'], message: 'wait; expected another outcome, since this rule finds no earlier claim' }];
        case 'review':
          return [
            ...checkId([...at, 'decider'], outcome.decider, rolesOfLadder(governance)),
            ...checkSilence([...at, 'silence'], outcome.silence, outcome.decider, governance),
            ...checkStages([...at, 'then'], outcome.then, governance),
          ];
        case 'needs_ruling':
          return checkId([...at, 'decider'], outcome.decider, rolesOfLadder(governance));
        case 'deny':
        case 'return':
        case 'approve':
        case 'free_lines':
        case 'note':
          return [];
      }
    }),
  ];
}
