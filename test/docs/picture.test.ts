import { globSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CASE_PICTURES } from '../browser/picture/case-scene.ts';
import { PICTURES } from '../browser/picture/scene.ts';
import { PICTURE_FOLDER } from '../support/picture.ts';
import { readDocument } from './document.ts';

const MOST_BYTES = 150_000;
const shown = ['README.md', ...globSync('docs/**/*.md')].flatMap((path) =>
  [...readDocument(path).matchAll(/!\[([^\]]*)\]\(([^)\s]+)\)/g)].map(([, words = '', target = '']) => ({
    words,
    target: join(dirname(path), target),
  })),
);
const kept = globSync(`${PICTURE_FOLDER}/*`);

describe('the pictures of the documents', () => {
  it('are all shown somewhere, with words for those who do not see them', () => {
    expect(new Set(shown.map(({ target }) => target))).toEqual(new Set(kept));
    expect(shown.filter(({ words }) => words.length < 20)).toEqual([]);
  });

  it('are those that `npm run pictures` takes, among others', () => {
    const taken = [...PICTURES, ...CASE_PICTURES].map(({ name }) => join(PICTURE_FOLDER, `${name}.png`));
    expect(kept).toEqual(expect.arrayContaining(taken));
  });

  it('are small', () => {
    expect(kept.map((path) => [path, statSync(path).size]).filter(([, bytes]) => Number(bytes) > MOST_BYTES)).toEqual([]);
    expect(kept.length).toBeGreaterThan(0);
  });
});
