import { programSchema } from '../../../program/definition/program.ts';
import { RULE_TEXTS } from '../../../program/documentation/described-rule.ts';
import { GENERATED_PARTS, weave } from '../../../program/documentation/program-guide.ts';
import { table } from '../../../program/documentation/markdown.ts';
import { OUTCOME_WORDS } from '../../../program/documentation/word-part.ts';
import { RULE_IDS } from '../../../program/rules/catalogue.ts';
import { readDocument } from '../../docs/document.ts';
import { checkExample } from './guide-example.ts';

const guide = readDocument('docs/program.md');
const examples = [...guide.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? '');

/** What refuses Acme's program with the example in it; warnings do not. */
function errorsOf(example: string): readonly string[] {
  const errors = checkExample(example).findings.filter(({ severity }) => severity === 'error');
  return errors.map(({ code, path, message }) => `${code} ${path}: ${message}`);
}

describe('docs/program.md', () => {
  it('is current: npm run cli -- program document', () => {
    expect(weave(guide)).toEqual({ kind: 'woven', text: guide });
  });

  it('has examples by hand, and each of them is a piece of a good program', () => {
    const ofRules = new Set(Object.values(RULE_TEXTS).map(({ example }) => example));
    // Those of the rules are judged by in test/program/rules/catalogue.test.ts.
    const byHand = examples.filter((example) => !ofRules.has(example));
    expect([examples.length - byHand.length, byHand.length > 10]).toEqual([RULE_IDS.length, true]);
    expect(byHand.flatMap((example) => errorsOf(example).map((error) => `${error} in\n${example}`))).toEqual([]);
  });

  it('would show an example that is no good', () => {
    expect(errorsOf('rules:\n  order:\n    - id: C25_marketplace\n      on: { market: { outcome: deny, waitlist: false } }\n')).not.toEqual(
      [],
    );
    expect(errorsOf('protection: { window: soon }')).not.toEqual([]);
  });

  it('speaks of every section and every outcome of a definition', () => {
    const unsaid = [...Object.keys(programSchema.shape), ...OUTCOME_WORDS].filter((word) => !guide.includes(`\`${word}\``));
    expect(unsaid).toEqual([]);
  });
});

describe('weave', () => {
  const empty = Object.keys(GENERATED_PARTS)
    .map((name) => `<!-- generated: ${name} -->\n<!-- end: ${name} -->`)
    .join('\n\nby hand\n\n');

  it('fills every part once and for all, and leaves the rest', () => {
    const woven = weave(`# Title\n\n${empty}\n`);
    if (woven.kind === 'broken') throw new Error(woven.problem);
    expect(woven.text).toContain('\n\nby hand\n\n');
    expect(woven.text.startsWith('# Title\n\n<!-- generated: sections -->\n\n| section')).toBe(true);
    expect(weave(woven.text)).toEqual(woven);
  });

  it('replaces what was changed by hand', () => {
    const changed = guide.replace('Duplicate of the same partner', 'Something else');
    expect(weave(changed)).toEqual({ kind: 'woven', text: guide });
  });

  it.each([
    ['a part that is missing', empty.replace('<!-- generated: rules -->', ''), 'expected <!-- generated: rules -->'],
    ['an end that is missing', empty.replace('<!-- end: rules -->', ''), 'expected <!-- generated: rules -->'],
    ['a part that comes twice', `${empty}\n<!-- generated: facts -->`, 'expected <!-- generated: facts -->'],
    [
      'an end before its beginning',
      empty.replace(/(<!-- generated: facts -->)\n(<!-- end: facts -->)/, '$2\n$1'),
      'once each, in this order',
    ],
    ['a marker that names no part', `${empty}\n<!-- generated: poems -->`, '<!-- generated: poems --> names no part'],
  ])('refuses %s', (_what, text, problem) => {
    expect(weave(text)).toEqual({ kind: 'broken', problem: expect.stringContaining(problem) });
  });
});

describe('table', () => {
  it('pads its columns as the formatter does', () => {
    expect(table(['a', 'long'], [['wider', 'b']])).toBe('| a     | long |\n| ----- | ---- |\n| wider | b    |');
  });

  it('refuses a cell that would break it', () => {
    expect(() => table(['a'], [['one | two']])).toThrow('cannot hold');
  });
});
