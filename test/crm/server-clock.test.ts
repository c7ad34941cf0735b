import { narrowOffset } from '../../crm/server-clock.ts';

describe('narrowOffset', () => {
  it.each([
    ['clocks that agree', 0, { dateMs: 10_000, sentAtMs: 10_300, receivedAtMs: 10_400 }, 0],
    ['a CRM ahead by an hour', 0, { dateMs: 3_610_000, sentAtMs: 10_300, receivedAtMs: 10_400 }, 3_599_600],
    ['a CRM behind by an hour', 0, { dateMs: 6_410_000, sentAtMs: 10_010_300, receivedAtMs: 10_010_400 }, -3_599_300],
    ['an estimate that still fits', 250, { dateMs: 10_000, sentAtMs: 10_300, receivedAtMs: 10_400 }, 250],
    ['an estimate at the bound', 700, { dateMs: 10_000, sentAtMs: 10_300, receivedAtMs: 10_400 }, 700],
    ['an estimate just beyond it', 701, { dateMs: 10_000, sentAtMs: 10_300, receivedAtMs: 10_400 }, 700],
  ])('%s', (_what, previous, reading, offset) => {
    expect(narrowOffset(previous, reading)).toBe(offset);
  });
});
