import { shortcomingsOf } from '../../../workers/cli/allowance-check.ts';

describe('shortcomingsOf', () => {
  it.each([
    ['a tenth is left', 100, 10, []],
    ['less than a tenth is left', 100, 9, [{ problem: '9 of 100 are left', isBlocking: false }]],
    ['the last one is left', 100, 1, [{ problem: '1 of 100 are left', isBlocking: false }]],
    ['none is left', 100, 0, [{ problem: 'all 100 are used', isBlocking: true }]],
    ['there is none of it in this edition', 0, 0, []],
  ])('when %s', (_when, max, remaining, expected) => {
    const found = shortcomingsOf([{ name: 'DailyApiRequests', max, remaining }]);
    expect(found).toEqual(expected.map((each) => expect.objectContaining({ ...each, subject: 'DailyApiRequests' }) as unknown));
    for (const { remedy } of found) expect(remedy).toMatch(/API Usage/);
  });
});
