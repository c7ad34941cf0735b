import fc from 'fast-check';
import { listText, momentText, oneLine, severalLines } from '../../../program/notification/plain-text.ts';

describe('oneLine', () => {
  it.each([
    ['a name', 'Northwind Inc', 'Northwind Inc'],
    ['a line break', 'Evil\r\nBcc: a@b.example', 'Evil Bcc: a@b.example'],
    ['separators of Unicode', 'a\u2028b\u2029c\u0085d', 'a b c d'],
    ['marks that turn the direction', 'invoice\u202Efdp.exe', 'invoice fdp.exe'],
    ['half of a pair', 'a\ud800b', 'a\ufffdb'],
    ['spaces around and within', '  a \t b  ', 'a b'],
    ['other scripts', '東京 Ñandú 🚀', '東京 Ñandú 🚀'],
  ])('makes one line of %s', (_what, text, line) => {
    expect(oneLine(text, 80)).toBe(line);
  });

  it('cuts between characters, and says so', () => {
    expect(oneLine('🚀🚀🚀🚀', 3)).toBe('🚀🚀…');
    expect(oneLine('abc', 3)).toBe('abc');
  });

  it('never leaves anything that could begin another header', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const line = oneLine(text, 80);
        expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/u);
        expect(Array.from(line).length).toBeLessThanOrEqual(80);
        expect(line.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('severalLines', () => {
  it('keeps line breaks, and nothing else that is not shown', () => {
    expect(severalLines('a\r\nb\rc\u0007\n\nd\u2028e', 80)).toBe('a\nb\nc \n\nd e');
  });

  it('cuts', () => {
    expect(severalLines('abcdef', 4)).toBe('abc…');
  });
});

describe('momentText', () => {
  it.each([
    ['in winter', '2026-11-16T15:00:00.000Z', 'America/New_York', 'Monday 16 November 2026, 10:00 (America/New_York, UTC-05:00)'],
    ['in summer', '2026-07-01T15:00:00.000Z', 'America/New_York', 'Wednesday 1 July 2026, 11:00 (America/New_York, UTC-04:00)'],
    ['of half hours', '2026-11-16T20:00:00.000Z', 'Asia/Kolkata', 'Tuesday 17 November 2026, 01:30 (Asia/Kolkata, UTC+05:30)'],
    ['that is none', '2026-11-16T15:00:00.000Z', 'Nowhere/At_All', 'Monday 16 November 2026, 15:00 (UTC, UTC+00:00)'],
  ])('shows the zone %s', (_which, at, zone, text) => {
    expect(momentText(at, zone)).toBe(text);
  });
});

describe('listText', () => {
  it.each([
    [[], ''],
    [['a'], 'a'],
    [['a', 'b'], 'a and b'],
    [['a', 'b', 'c'], 'a, b and c'],
  ])('lists %j', (items, text) => {
    expect(listText(items)).toBe(text);
  });
});
