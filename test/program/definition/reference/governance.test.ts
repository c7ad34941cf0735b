import { acmeWith } from '../../example.ts';
import { problemsOf } from './problem-text.ts';

describe('references of the governance', () => {
  it.each<[string, string, string, RegExp]>([
    ['a rung without a role', '{ role: director,', '{ role: directors,', /governance\.ladder\[1\]\.role: directors; expected one of vp/],
    [
      'a rung without members',
      'members: [director]',
      'members: []',
      /governance\.ladder\[1\]\.role: director; expected a role with members/,
    ],
    ['a member twice', 'members: [director]', 'members: [director, director]', /roles\[1\]\.members\[1\]: director; used before/],
    [
      'silence at the top that escalates',
      'silence: keep_asking',
      'silence: escalate',
      /governance\.ladder\[2\]\.silence: escalate; expected keep_asking, since no role stands above/,
    ],
    [
      'silence at the top that is passed to another member whom there is not',
      'silence: keep_asking',
      'silence: reassign',
      /governance\.ladder\[2\]\.silence: reassign; expected keep_asking/,
    ],
    [
      'a default manager who decides nothing',
      'defaultManager: manager',
      'defaultManager: rep',
      /governance\.defaultManager: rep; expected one of manager, director, vp/,
    ],
    [
      'an owner whom there is not',
      'owner: partner_operations\n  exec',
      'owner: nobody\n  exec',
      /governance\.owner: nobody; expected one of vp/,
    ],
    ['a sponsor whom there is not', 'executiveSponsor: vp', 'executiveSponsor: ceo', /governance\.executiveSponsor: ceo/],
    [
      'a limit finer than the currency',
      "approvalLimit: '100000.00'",
      "approvalLimit: '100000.001'",
      /ladder\[0\]\.approvalLimit: .* 2 decimals in USD/,
    ],
    [
      'a stage that ends before it begins',
      'least: 5, most: 10',
      'least: 50, most: 10',
      /governance\.maturity\[1\]\.most: 10; expected 50 or more/,
    ],
  ])('finds %s', (_what, passage, replacement, message) => {
    expect(problemsOf(acmeWith(passage, replacement))).toMatch(message);
  });

  it('lets silence at the top go to another member where there is one', () => {
    expect(problemsOf(acmeWith('members: [vp]', 'members: [vp, cro]').replace('silence: keep_asking', 'silence: reassign'))).toBe('');
  });
});
