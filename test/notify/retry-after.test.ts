import { retryAfterMs } from '../../notify/retry-after.ts';

const NOW = new Date('2026-11-16T15:00:00.000Z');

describe('retryAfterMs', () => {
  it.each([
    ['nothing', null, null],
    ['seconds', '120', 120_000],
    ['no time at all', '0', 1_000],
    ['the longest that is taken', '3600', 3_600_000],
    ['a second more', '3601', 3_600_000],
    ['a year', '31536000', 3_600_000],
    ['a date', 'Mon, 16 Nov 2026 15:05:00 GMT', 300_000],
    ['a date that has passed', 'Mon, 16 Nov 2026 14:00:00 GMT', 1_000],
    ['a date far ahead', 'Mon, 16 Nov 2099 14:00:00 GMT', 3_600_000],
    ['words', 'soon', null],
    ['a number below zero', '-5', null],
    ['a date of another form', '2026-11-16T15:05:00Z', null],
    ['a date that is none', 'Mon, 99 Xyz 2026 15:05:00 GMT', null],
    ['a number that is none', '1e9999', null],
    ['an empty text', '', null],
  ])('reads %s', (_what, header, ms) => {
    expect(retryAfterMs(header, NOW)).toBe(ms);
  });
});
