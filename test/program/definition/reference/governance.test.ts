import { acmeWith } from '../../example.ts';
import { problemsOf } from './problem-text.ts';

const DEFAULT = '  defaultManager: manager';
const DESK = '{ role: partner_operations, approvalLimit: null, deadline: 1 business day, silence: escalate, escalatesTo: director }';
const desk = (change: string): string => {
  const key = change.slice(0, change.indexOf(':'));
  return `  desks: [${DESK.replace(new RegExp(`(?<=[{,] )${key}: \\w+`), change)}]\n${DEFAULT}`;
};
const person = (people: string): string => `  people: [${people}]\n${DEFAULT}`;

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
    [
      'a desk of the ladder',
      DEFAULT,
      desk('role: director'),
      /desks\[0\]\.role: director; expected a role that does not stand on the ladder/,
    ],
    [
      'a desk without members',
      DEFAULT,
      desk('role: partner_marketing'),
      /desks\[0\]\.role: partner_marketing; expected a role with members/,
    ],
    [
      'a desk that hands up to nobody',
      DEFAULT,
      desk('escalatesTo: partner_operations'),
      /desks\[0\]\.escalatesTo: partner_operations; expected one of/,
    ],
    ['a desk twice', DEFAULT, `  desks: [${DESK}, ${DESK}]\n${DEFAULT}`, /desks\[1\]\.role: partner_operations; used before/],
    ['a person twice', DEFAULT, person('{ alias: vp }, { alias: vp }'), /people\[1\]\.alias: vp; used before/],
    [
      'a person of an unknown calendar',
      DEFAULT,
      person('{ alias: vp, calendar: moon }'),
      /people\[0\]\.calendar: moon; expected one of headquarters/,
    ],
    [
      'a person of an unknown region',
      DEFAULT,
      person('{ alias: vp, regions: [moon] }'),
      /people\[0\]\.regions\[0\]: moon; expected one of/,
    ],
    ['a quota of an unknown line', DEFAULT, person('{ alias: vp, quota: { productLines: [moon] } }'), /quota\.productLines\[0\]: moon/],
    ['somebody who is the own deputy', DEFAULT, person('{ alias: vp, deputy: vp }'), /people\[0\]\.deputy: vp; expected somebody else/],
    [
      'a limit of a person finer than the currency',
      DEFAULT,
      person('{ alias: vp, approvalLimit: "1.001" }'),
      /people\[0\]\.approvalLimit: .* 2 decimals in USD/,
    ],
  ])('finds %s', (_what, passage, replacement, message) => {
    expect(problemsOf(acmeWith(passage, replacement))).toMatch(message);
  });

  it('lets silence at the top go to another member where there is one', () => {
    expect(problemsOf(acmeWith('members: [vp]', 'members: [vp, cro]').replace('silence: keep_asking', 'silence: reassign'))).toBe('');
  });
});
