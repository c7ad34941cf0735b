import { ruleOverview, ruleReference } from './rule-part.ts';
import { sectionPart } from './section-part.ts';
import { conditionPart, durationPart, factPart, outcomePart, precedencePart, silencePart } from './word-part.ts';

/** The parts of `docs/program.md` that are written by the code, by the name that stands in their markers. Everything else there is written by hand. */
export const GENERATED_PARTS: Readonly<Record<string, () => string>> = {
  sections: sectionPart,
  durations: durationPart,
  conditions: conditionPart,
  outcomes: outcomePart,
  silence: silencePart,
  precedence: precedencePart,
  facts: factPart,
  overview: ruleOverview,
  rules: ruleReference,
};

export type Woven = { readonly kind: 'woven'; readonly text: string } | { readonly kind: 'broken'; readonly problem: string };

/**
 * Writes the generated parts into a text, each between `<!-- generated: name -->` and `<!-- end: name -->`. What stands there is replaced. A part whose markers
 * are missing, come twice or in the wrong order, and a marker that no part answers, leave the text as it is.
 */
export function weave(text: string): Woven {
  const unknown = [...text.matchAll(/<!-- (?:generated|end): ([^>]*?) -->/g)].find(
    ([, name = '']) => !Object.hasOwn(GENERATED_PARTS, name),
  );
  if (unknown !== undefined) return { kind: 'broken', problem: `${unknown[0]} names no part` };
  let woven = text;
  for (const [name, write] of Object.entries(GENERATED_PARTS)) {
    const [start, end] = [`<!-- generated: ${name} -->`, `<!-- end: ${name} -->`];
    const [before, rest, ...more] = woven.split(start);
    const [, after, ...others] = (rest ?? '').split(end);
    if (before === undefined || rest === undefined || after === undefined || more.length + others.length > 0)
      return { kind: 'broken', problem: `expected ${start} and ${end} once each, in this order` };
    woven = `${before}${start}\n\n${write()}\n\n${end}${after}`;
  }
  return { kind: 'woven', text: woven };
}
