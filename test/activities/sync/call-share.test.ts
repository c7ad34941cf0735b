import { DEFAULT_CALL_SHARES, holdOf } from '../../../activities/sync/call-share.ts';

describe('what waits for calls', () => {
  it.each([
    [799, null],
    [800, 'background'],
    [949, 'background'],
    [950, 'all'],
    [1_200, 'all'],
  ])('%i of 1,000 used: %s', (used, held) => {
    expect(holdOf({ used, limit: 1_000 }, DEFAULT_CALL_SHARES)).toBe(held);
  });

  it('is nothing where the CRM names no limit', () => {
    expect(holdOf({ used: 5, limit: 0 }, DEFAULT_CALL_SHARES)).toBeNull();
  });
});
