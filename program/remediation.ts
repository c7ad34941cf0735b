import type { PartyEffect } from './case-life.ts';
import type { Program } from './definition/program.ts';
import { refuse, type Refusal } from './failures.ts';
import { formatMoney } from './money.ts';

export type Remediation = Program['cases']['remediation'][number];

type Loss = Remediation['on'][number];

function lossOf(effect: PartyEffect): Loss | null {
  return effect === 'deny' || effect === 'revoke' ? effect : null;
}

/**
 * What a party gets that loses so, or null. `named`: what the arbiter wants, by id; null: nothing; undefined: nothing was said of it. What is named and not meant for
 * this loss leaves the program's default for it.
 */
export function remediationFor(
  { cases }: Pick<Program, 'cases'>,
  effect: PartyEffect,
  named: string | null | undefined,
): Remediation | null {
  const loss = lossOf(effect);
  if (loss === null || named === null) return null;
  const possible = cases.remediation.filter(({ on }) => on.includes(loss));
  return possible.find(({ id }) => id === named) ?? possible.find(({ byDefault }) => byDefault) ?? null;
}

/** Whether the arbiter may name this remediation where the parties fare so: null when it may, or when none is named. */
export function refusalOfRemediation(
  { cases, version }: Pick<Program, 'cases' | 'version'>,
  effects: readonly PartyEffect[],
  named: string | null | undefined,
): Refusal | null {
  if (named === null || named === undefined) return null;
  const losses = effects.flatMap((effect) => lossOf(effect) ?? []);
  if (losses.length === 0) {
    return refuse('OUTCOME_NOT_POSSIBLE', `Nobody loses by this outcome, so there is no remediation to give; "${named}" was named.`);
  }
  const possible = cases.remediation.filter(({ on }) => on.some((loss) => losses.includes(loss))).map(({ id }) => id);
  if (possible.includes(named)) return null;
  const expected = possible.length === 0 ? 'the program has none for this outcome' : `expected one of: ${possible.join(', ')}`;
  return refuse('OUTCOME_NOT_POSSIBLE', `The remediation "${named}" is not possible here under program version ${version}; ${expected}.`);
}

/** In words for who gets it. */
export function remediationText({ text, amount, percent }: Remediation): string {
  const figures = [...(amount === null ? [] : [formatMoney(amount)]), ...(percent === null ? [] : [`${percent} %`])];
  return figures.length === 0 ? text : `${text} (${figures.join(', ')})`;
}
