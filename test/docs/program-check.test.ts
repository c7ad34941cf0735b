import { CHECK_CATALOGUE } from '../../program/definition/check.ts';
import { describeCodes } from '../../program/definition/code-document.ts';
import { readDocument } from './document.ts';

const MARKER = '<!-- generated: npm run cli -- program check --codes -->\n\n';
const document = readDocument('docs/program-check.md');
const generated = document.slice(document.indexOf(MARKER) + MARKER.length);
const catalogue = Object.entries(CHECK_CATALOGUE);

/** The codes that a text describes, with the severity of each. */
function codesIn(text: string): readonly (readonly [code: string, severity: string])[] {
  return [...text.matchAll(/^### ([PL]\d{3}) .*\n\n_(error|warning)\._/gm)].map(([, code = '', severity = '']) => [code, severity]);
}

describe('docs/program-check.md', () => {
  it('is what the catalogue says now', () => {
    expect(document).toContain(MARKER);
    expect(generated).toBe(`${describeCodes()}\n`);
  });

  it('describes exactly the codes that can be reported, once each, with their severity', () => {
    expect(codesIn(generated)).toEqual(catalogue.map(([code, { severity }]) => [code, severity]));
  });

  it('would be caught with a code too few', () => {
    expect(codesIn(generated.replace(/^### L101 .*$/m, ''))).toHaveLength(catalogue.length - 1);
  });
});

describe('the catalogue of program check', () => {
  it('is in the order of the codes', () => {
    const lint = catalogue.map(([code]) => code).filter((code) => code.startsWith('L'));
    expect(lint).toEqual([...lint].sort());
  });

  it.each(catalogue)('says of %s what, why, what to do, and shows it', (_code, { example, remedy, title, why }) => {
    expect(title).toMatch(/^[A-Z].*[^.]$/);
    expect(why).toMatch(/^[A-Z][\s\S]*[.?]$/);
    expect(remedy).toMatch(/^[a-z].*\.$/);
    expect(example.length).toBeGreaterThan(0);
  });

  it('has no title twice', () => {
    expect(new Set(catalogue.map(([, { title }]) => title)).size).toBe(catalogue.length);
  });
});
