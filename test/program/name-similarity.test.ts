import fc from 'fast-check';
import { nameBands, nameSimilarity } from '../../program/name-similarity.ts';

describe('nameSimilarity', () => {
  it.each([
    ['contoso', 'contoso', 1],
    ['', '', 0],
    ['contoso', '', 0],
    ['コントソ', 'コントソ', 1],
    ['contoso west', 'west contoso', 1],
    // cat: "  c", " ca", "cat", "at "; car: "  c", " ca", "car", "ar ".
    ['cat', 'car', 2 / 6],
  ])('of %p and %p is %p', (left, right, expected) => {
    expect(nameSimilarity(left, right)).toBeCloseTo(expected, 10);
  });

  it('is symmetric and lies between 0 and 1', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (left, right) => {
        const similarity = nameSimilarity(left, right);
        expect(similarity).toBe(nameSimilarity(right, left));
        expect(similarity >= 0 && similarity <= 1).toBe(true);
      }),
    );
  });
});

describe('nameBands', () => {
  const shared = (left: string, right: string): number => {
    const theirs = new Set(nameBands(right));
    return nameBands(left).filter((band) => theirs.has(band)).length;
  };

  it('are the same for the same name, whatever the order of its words, and none for an empty one', () => {
    expect(nameBands('contoso west')).toEqual(nameBands('west contoso'));
    expect(nameBands('contoso west')).toHaveLength(20);
    expect(nameBands('')).toEqual([]);
  });

  it('are whole numbers of 32 bits with a sign, as the database keeps them', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (name) => nameBands(name).every((band) => band === (band | 0))));
  });

  it.each(['thornfield logistics', 'ebersgrund werkzeuge', 'コントソシステムズ', 'חברת כהן ובניו'])(
    'has one in common with a name that has a slip of the pen: %s',
    (name) => {
      expect(shared(name, name + name.slice(-1))).toBeGreaterThan(0);
    },
  );

  it.each([
    ['thornfield logistics', 'ashbridge dental'],
    ['thornfield logistics', 'kelmoor logistics'],
  ])('has none in common with a name that is little alike: %s, %s', (left, right) => {
    expect(shared(left, right)).toBe(0);
  });

  it('misses almost none of the names that are as alike as a probable match has to be', () => {
    let [alike, missed] = [0, 0];
    const letters = 'abcdefghijklmnopqrstuvwxyz';
    for (let at = 0; at < 1_000; at += 1) {
      const word = Array.from({ length: 14 }, (_unused, index) => letters[(at * 31 + index * index * 17 + index * at) % 26]).join('');
      const name = `${word} ${word.slice(4, 9)}${word.slice(0, 4)} systems`;
      const other = `${name}${name.slice(-1)}`;
      if (nameSimilarity(name, other) < 0.85) continue;
      alike += 1;
      if (shared(name, other) === 0) missed += 1;
    }
    expect(alike).toBeGreaterThan(500);
    expect(missed / alike).toBeLessThan(0.002);
  });
});
