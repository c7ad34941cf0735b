import type { Path } from '../definition/source-place.ts';
import type { Program } from '../definition/program.ts';
import { finding, type LintFinding } from './finding.ts';

/** Words that leave to the reader what is meant. */
const OPEN_WORDS =
  /\b(competitive|flexible|reasonabl[ey]|appropriate(ly)?|adequate(ly)?|sufficient(ly)?|significant(ly)?|discretion(ary)?|case[- ]by[- ]case|where possible|usually|typically|normally|may vary|tbd|to be (defined|determined|agreed)|etc|and so on|or similar)\b/i;

/** L419: texts by which partners are judged or told what to do, and that say nothing definite. */
export function lintWords(program: Program): readonly LintFinding[] {
  return textsOf(program).flatMap(({ path, text }) => {
    const word = OPEN_WORDS.exec(text)?.[0];
    return word === undefined ? [] : [finding('L419', path, `"${word}" in "${text}"`)];
  });
}

/** Benefits in words are told apart by L403 and L404, tiers by taste by L402. */
function textsOf({ rules, tracks }: Program): readonly { readonly path: Path; readonly text: string }[] {
  const requirements = tracks.flatMap(({ tiers }, at) =>
    tiers.flatMap((tier, tierAt) =>
      tier.assignedBy !== null && tier.criteria.length === 0
        ? []
        : tier.requirements.map((text, index) => ({ path: ['tracks', at, 'tiers', tierAt, 'requirements', index], text })),
    ),
  );
  const said = rules.order.flatMap(({ on }, at) =>
    Object.entries(on).flatMap(([situation, outcome]) => {
      const path = ['rules', 'order', at, 'on', situation];
      if (outcome.outcome === 'return') return [{ path: [...path, 'ask'], text: outcome.ask }];
      return outcome.outcome === 'deny' && outcome.offer !== undefined ? [{ path: [...path, 'offer'], text: outcome.offer }] : [];
    }),
  );
  return [...requirements, ...said];
}
