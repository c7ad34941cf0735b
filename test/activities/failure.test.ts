import { toActivityFailure } from '../../activities/failure.ts';
import { CrmFailure } from '../../crm/failures.ts';

const failureOf = (retryAfterMs?: number) =>
  toActivityFailure(new CrmFailure('CRM_RATE_LIMITED', 'too many calls', retryAfterMs === undefined ? {} : { retryAfterMs }));

describe('toActivityFailure', () => {
  it.each([
    ['no time', undefined, undefined],
    ['a moment', 7_000, 7_000],
    ['as long as a retry may take', 15_000, 15_000],
  ] as const)('has it tried again where the CRM says %s', (_what, retryAfterMs, nextRetryDelay) => {
    expect(failureOf(retryAfterMs)).toMatchObject({
      type: 'CRM_RATE_LIMITED',
      message: 'too many calls',
      nonRetryable: false,
      nextRetryDelay,
    });
  });

  it.each([
    ['a little longer', 15_001, 16],
    ['a day', 86_400_000, 86_400],
  ] as const)('has the flow go on where it says %s, and tells how long', (_what, retryAfterMs, seconds) => {
    expect(failureOf(retryAfterMs)).toMatchObject({
      type: 'CRM_RATE_LIMITED',
      message: `too many calls (asks to be left alone for ${seconds} seconds)`,
      nonRetryable: true,
      nextRetryDelay: undefined,
      details: [{ retryAfterMs }],
    });
  });

  it('leaves alone what is no failure of a CRM', () => {
    const error = new Error('a bug');
    expect(toActivityFailure(error)).toBe(error);
  });
});
