import { existsSync, globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readDocument } from './document.ts';

const documents = ['README.md', ...globSync('docs/**/*.md')];
const decisions = globSync('docs/decisions/*.md').sort();

/** Where the links of `text` lead inside the clone, as seen from `path`; addresses are left out. */
function targetsOf(path: string, text: string): readonly string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) =>
    /^[a-z]+:/.test(target) ? [] : [join(dirname(path), target.replace(/#.*$/, ''))],
  );
}

describe('documents', () => {
  it.each(documents)('%s leads only to what is there', (path) => {
    expect(targetsOf(path, readDocument(path)).filter((target) => !existsSync(target))).toEqual([]);
  });

  it('would show a link that leads nowhere', () => {
    expect(targetsOf('docs/a.md', 'see [this](nowhere.md#part) and [that](https://example.com)')).toEqual(['docs/nowhere.md']);
  });

  it('numbers decisions without a gap, each with its status, context, decision and consequences', () => {
    expect(decisions.map((path) => Number(path.slice('docs/decisions/'.length).slice(0, 4)))).toEqual(
      decisions.map((_path, index) => index + 1),
    );
    for (const path of decisions) {
      const text = readDocument(path);
      expect(text).toMatch(new RegExp(`^# ${Number(path.slice('docs/decisions/'.length).slice(0, 4))}\\. `));
      expect(text).toMatch(/^Status: (proposed|accepted|superseded by \d{4})$/m);
      expect([...text.matchAll(/^## (.*)$/gm)].map(([, title]) => title)).toEqual(['Context', 'Decision', 'Consequences']);
    }
  });
});
