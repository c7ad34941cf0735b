import { shortMoment, spellMoments } from '../../program/short-moment.ts';

describe('a moment in a line of text', () => {
  it.each([
    ['2026-11-16T15:00:00.000Z', '16 Nov 2026, 15:00 UTC'],
    ['2027-03-01T00:04:59Z', '1 Mar 2027, 00:04 UTC'],
  ])('%s is %s', (at, said) => {
    expect(shortMoment(at)).toBe(said);
  });

  it('is spelled wherever it stands, and nothing else is touched', () => {
    expect(spellMoments('Protected at 2026-11-16T15:00:00.000Z, ends on 2026-11-17: DR-2026-11 at 10:00.')).toBe(
      'Protected at 16 Nov 2026, 15:00 UTC, ends on 2026-11-17: DR-2026-11 at 10:00.',
    );
  });
});
