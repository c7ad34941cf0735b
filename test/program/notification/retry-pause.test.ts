import fc from 'fast-check';
import { retryPauseMs } from '../../../program/notification/retry-pause.ts';

describe('retryPauseMs', () => {
  it.each([
    ['the first attempt', 1, 5_000],
    ['the second', 2, 10_000],
    ['the eighth', 8, 640_000],
    ['the ninth, at the longest pause', 9, 900_000],
    ['one long after', 400, 900_000],
    ['an attempt that was not counted', 0, 5_000],
  ])('waits after %s for at most %d ms', (_which, attempts, longest) => {
    expect(retryPauseMs(attempts, 1)).toBe(longest);
    expect(retryPauseMs(attempts, 0)).toBe(longest / 2);
  });

  it('never waits for less than half of it, nor for more', () => {
    fc.assert(
      fc.property(fc.nat(1_000), fc.double({ min: 0, max: 1, noNaN: true }), (attempts, jitter) => {
        const pause = retryPauseMs(attempts, jitter);
        expect(pause).toBeGreaterThanOrEqual(2_500);
        expect(pause).toBeLessThanOrEqual(900_000);
        expect(pause).toBeGreaterThanOrEqual(retryPauseMs(attempts, 0));
      }),
    );
  });
});
