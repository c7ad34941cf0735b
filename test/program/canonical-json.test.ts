import fc from 'fast-check';
import { canonicalJson } from '../../program/canonical-json.ts';

describe('canonicalJson', () => {
  it('has the keys of every object in order, and lists as they are', () => {
    expect(canonicalJson({ b: [{ d: 1, c: null }, 2], a: 'x' })).toBe('{"a":"x","b":[{"c":null,"d":1},2]}');
  });

  it('is the same text for the same value, whatever the order of its keys, and another one for another value', () => {
    const shuffled = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(shuffled)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .toReversed()
                .map(([key, part]) => [key, shuffled(part)]),
            )
          : value;
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (value, other) => {
        expect(canonicalJson(shuffled(value))).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
        if (canonicalJson(value) === canonicalJson(other))
          expect(JSON.parse(JSON.stringify(other))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
