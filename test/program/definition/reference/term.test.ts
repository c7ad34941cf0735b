import { acmeWith } from '../../example.ts';
import { problemsOf } from './problem-text.ts';

describe('references of calendars, protection and matching', () => {
  it.each<[string, string, string, RegExp]>([
    [
      'an unknown calendar',
      'defaultCalendar: headquarters',
      'defaultCalendar: moon',
      /defaultCalendar: moon; expected one of headquarters/,
    ],
    [
      'an office that closes when it opens',
      "endTime: '17:00'",
      "endTime: '09:00'",
      /calendars\[0\]\.endTime: 09:00; expected a time after 09:00/,
    ],
    ['a weekday twice', 'workingDays: [1, 2, 3, 4, 5]', 'workingDays: [1, 1]', /workingDays\[1\]: 1; used before/],
    [
      'an extension decided by nobody',
      'askWithin: null',
      'askWithin: null\n    decidedBy: rep',
      /extension\.decidedBy: rep; expected one of/,
    ],
    [
      'a weak likeness above the probable one',
      'weakSimilarity: 0.6',
      'weakSimilarity: 0.9',
      /weakSimilarity: 0\.9; expected at most probableSimilarity/,
    ],
    [
      'a freeze without a day',
      'returned:',
      "freezes: [{ from: 2026-06-16, until: 2026-06-16, time: '17:00' }]\nreturned:",
      /freezes\[0\]\.until: 2026-06-16/,
    ],
    [
      'a criterion of precedence twice',
      'precedence: [first_valid_claim]',
      'precedence: [incumbency, incumbency]',
      /precedence\[1\]: incumbency; used before/,
    ],
  ])('finds %s', (_what, passage, replacement, message) => {
    expect(problemsOf(acmeWith(passage, replacement))).toMatch(message);
  });

  it.each([
    ['the window itself', '90 days', ''],
    ['a day less', '89 days', 'maxTotal: 89 days; expected at least the window, 90 days'],
    ['hours that are as long', '2160 hours', ''],
    ['months that may be as long', '3 months', ''],
    ['months that are always shorter', '2 months', 'maxTotal: 2 months; expected at least the window, 90 days'],
    ['business time, which nothing is compared with', '5 business days', ''],
  ])('compares the longest protection with the window: %s', (_what, written, message) => {
    const problems = problemsOf(acmeWith('askWithin: null', `askWithin: null\n    maxTotal: ${written}`));
    expect(message === '' ? problems : problems.includes(message)).toBe(message === '' ? '' : true);
  });
});
