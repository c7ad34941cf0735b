import { Decimal } from 'decimal.js';
import type { Condition } from '../condition.ts';
import type { DeepReadonly } from '../deep-readonly.ts';
import type { Program } from '../program.ts';
import { checkDecimals, checkId, checkIds, type DefinitionProblem, type Path } from './problem.ts';

/** The sections that a condition refers to. */
export const CONDITION_READS = ['kinds', 'types', 'tracks', 'productLines', 'regions', 'intake', 'routing'] as const;
type ConditionSections = Pick<Program, (typeof CONDITION_READS)[number]>;

/** What a condition names exists, its answers can be given, and its ranges hold something. */
export function checkCondition(
  path: Path,
  when: DeepReadonly<Condition> | undefined,
  sections: ConditionSections,
): readonly DefinitionProblem[] {
  if (when === undefined) return [];
  const { kinds, types, tracks, productLines, regions, routing } = sections;
  return [
    ...checkIds([...path, 'kinds'], when.kinds, kinds.map(idOf)),
    ...checkIds([...path, 'types'], when.types, types.map(idOf)),
    ...checkIds([...path, 'tracks'], when.tracks, tracks.map(idOf)),
    ...checkIds(
      [...path, 'tiers'],
      when.tiers,
      tracks.flatMap(({ tiers }) => tiers.map(idOf)),
    ),
    ...checkIds([...path, 'productLines'], when.productLines, productLines.map(idOf)),
    ...checkIds([...path, 'regions'], when.regions, regions.map(idOf)),
    ...Object.entries(when.value ?? {}).flatMap(([edge, amount]) =>
      amount === undefined ? [] : checkDecimals([...path, 'value', edge], amount, routing.currency),
    ),
    ...checkRange([...path, 'value'], when.value),
    ...checkRange([...path, 'quantity'], when.quantity),
    ...checkDates([...path, 'submitted'], when.submitted),
    ...Object.entries(when.answers ?? {}).flatMap(([fact, accepted]) => checkAnswers([...path, 'answers', fact], fact, accepted, sections)),
  ];
}

interface Range {
  readonly from?: string | number | undefined;
  readonly above?: string | number | undefined;
  readonly upTo?: string | number | undefined;
  readonly below?: string | number | undefined;
}

/** Two lower or two upper edges say one thing twice, perhaps not the same; an upper edge under the lower one holds nothing. */
function checkRange(path: Path, range: Range | undefined): readonly DefinitionProblem[] {
  if (range === undefined) return [];
  const { from, above, upTo, below } = range;
  const least = from ?? above;
  const most = upTo ?? below;
  const upper = upTo === undefined ? 'below' : 'upTo';
  const isOneValue = from !== undefined && upTo !== undefined;
  const order = least === undefined || most === undefined ? -1 : new Decimal(least).cmp(most);
  return [
    ...(from !== undefined && above !== undefined
      ? [{ path: [...path, 'above'], message: `${show(above)}; expected either from or above` }]
      : []),
    ...(upTo !== undefined && below !== undefined
      ? [{ path: [...path, 'below'], message: `${show(below)}; expected either upTo or below` }]
      : []),
    ...(order > 0 || (order === 0 && !isOneValue)
      ? [{ path: [...path, upper], message: `${show(most)}; expected more than ${show(least)}, where the range begins` }]
      : []),
  ];
}

function show(edge: string | number | undefined): string {
  return JSON.stringify(edge);
}

function checkDates(path: Path, dates: DeepReadonly<Condition>['submitted']): readonly DefinitionProblem[] {
  return dates?.from !== undefined && dates.before !== undefined && dates.before <= dates.from
    ? [{ path: [...path, 'before'], message: `${dates.before}; expected a date after ${dates.from}` }]
    : [];
}

type Fact = Program['intake'][number];

function checkAnswers(
  path: Path,
  fact: string,
  accepted: readonly (string | number | boolean)[],
  { intake }: Pick<Program, 'intake'>,
): readonly DefinitionProblem[] {
  const asked = intake.find(({ id }) => id === fact);
  if (asked === undefined) return checkId(path, fact, intake.map(idOf));
  return accepted.flatMap((answer, at) => {
    const expected = isAnswerTo(asked, answer) ? null : EXPECTED[asked.type](asked);
    return expected === null ? [] : [{ path: [...path, at], message: `${JSON.stringify(answer)}; expected ${expected}` }];
  });
}

/** Whether somebody who is asked for the fact can give this answer. */
function isAnswerTo({ type, choices }: Fact, answer: string | number | boolean): boolean {
  switch (type) {
    case 'choice':
      return typeof answer === 'string' && choices.includes(answer);
    case 'flag':
      return typeof answer === 'boolean';
    case 'number':
      return typeof answer === 'number';
    case 'text':
      return typeof answer === 'string';
  }
}

const EXPECTED: Readonly<Record<Fact['type'], (fact: Fact) => string>> = {
  choice: ({ choices }) => `one of ${choices.join(', ')}`,
  flag: () => 'true or false',
  number: () => 'a number',
  text: () => 'a text',
};

function idOf({ id }: { readonly id: string }): string {
  return id;
}
