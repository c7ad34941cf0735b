import type { Path } from '../definition/source-place.ts';
import type { Program } from '../definition/program.ts';
import { finding, type LintFinding } from './finding.ts';

/** Words that leave to the reader what is meant. */
const OPEN_WORDS =
  /\b(competitive|flexible|reasonabl[ey]|appropriate(ly)?|adequate(ly)?|sufficient(ly)?|significant(ly)?|substantial(ly)?|prompt(ly)?|timely|good standing|best efforts|discretion(ary)?|case[- ]by[- ]case|where possible|usually|typically|normally|generally|from time to time|as needed|as necessary|may be|may vary|may change|tbd|to be (defined|determined|agreed)|etc|and so on|or similar)\b/i;

/** L419: texts by which partners are judged or told what to do, and that say nothing definite. */
export function lintWords(program: Program): readonly LintFinding[] {
  return textsOf(program).flatMap(({ path, text }) => {
    const word = OPEN_WORDS.exec(text)?.[0];
    return word === undefined ? [] : [finding('L419', path, `"${word}" in "${text}"`)];
  });
}

interface PlacedText {
  readonly path: Path;
  readonly text: string;
}

/** Benefits in words are told apart by L403 and L404, tiers by taste by L402. */
function textsOf({ documents, intake, rules, tracks }: Program): readonly PlacedText[] {
  const requirements = tracks.flatMap(({ tiers }, at) =>
    tiers.flatMap((tier, tierAt) =>
      tier.assignedBy !== null && tier.criteria.length === 0
        ? []
        : tier.requirements.map((text, index) => ({ path: ['tracks', at, 'tiers', tierAt, 'requirements', index], text })),
    ),
  );
  const reasons = rules.order.flatMap((row, at): readonly PlacedText[] => {
    const { because } = row.with;
    return typeof because === 'string' ? [{ path: ['rules', 'order', at, 'with', 'because'], text: because }] : [];
  });
  const said = rules.order.flatMap(({ on }, at) =>
    Object.entries(on).flatMap(([situation, outcome]) => {
      const path = ['rules', 'order', at, 'on', situation];
      if (outcome.outcome === 'return') return [{ path: [...path, 'ask'], text: outcome.ask }];
      return outcome.outcome === 'deny' && outcome.offer !== undefined ? [{ path: [...path, 'offer'], text: outcome.offer }] : [];
    }),
  );
  const asked = intake.flatMap(({ choices, label }, at): readonly PlacedText[] => [
    { path: ['intake', at, 'label'], text: label },
    ...choices.map((text, index) => ({ path: ['intake', at, 'choices', index], text })),
  ]);
  const contained = documents.map(({ contents: text }, at): PlacedText => ({ path: ['documents', at, 'contents'], text }));
  return [...requirements, ...asked, ...contained, ...reasons, ...said];
}
