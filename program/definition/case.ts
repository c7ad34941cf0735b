import { anyOf, duration, flag, id, listOf, money, percent, section, text, word } from './scalar.ts';

/** What a party may lose by a case: its claim is denied, or its protection ends. */
export const LOSSES = ['deny', 'revoke'] as const;

/**
 * What who loses gets instead, in words for it, with an amount or a percentage where there is one. `on`: for which losses. `byDefault`: given where the arbiter says
 * nothing of it.
 */
const remediation = section({
  id,
  text,
  on: listOf(word(LOSSES)),
  amount: money.nullable().default(null),
  percent: percent.nullable().default(null),
  byDefault: flag.default(false),
});

/**
 * How conflicts that people settle are heard, and what who loses gets. `hearing`: the sides have this long to say what speaks for them, and the arbiter's time runs from
 * its end, or from when all have spoken. `required`: the case cannot be settled before. Null: the sides may speak until it is settled, and nobody waits for them.
 */
export const cases = section({
  hearing: section({ within: duration, required: flag }).nullable().default(null),
  remediation: anyOf(remediation).default([]),
});
