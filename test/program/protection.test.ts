import { endAfter, isProtectedAt, prolongedEnd, protectionWindow, windowLength } from '../../program/protection.ts';
import type { Duration } from '../../program/duration.ts';
import type { Program } from '../../program/definition/program.ts';
import { ACME, claim, OFFICE, partner } from './example.ts';

const APPROVED_AT = '2026-11-23T15:00:00.000Z';
const SUBMITTED_AT = '2026-11-20T15:00:00.000Z';
const UNTIL = '2027-02-21T15:00:00.000Z';
const days = (amount: number): Duration => ({ amount, unit: 'days' });
const months = (amount: number): Duration => ({ amount, unit: 'months' });

function program(protection: Partial<Program['protection']>): Program {
  return { ...ACME, protection: { ...ACME.protection, ...protection } };
}

const times = (approvedAt: string, submittedAt = SUBMITTED_AT) => ({ submittedAt, approvedAt });

describe('protectionWindow', () => {
  it('lasts 90 days of 24 hours from the approval', () => {
    expect(protectionWindow(ACME, OFFICE, days(90), times(APPROVED_AT))).toEqual({ from: APPROVED_AT, until: UNTIL });
  });

  it('is not moved by daylight saving or a leap day', () => {
    expect(protectionWindow(ACME, OFFICE, days(90), times('2028-01-01T00:00:00.000Z')).until).toBe('2028-03-31T00:00:00.000Z');
  });

  it('begins with the approval where its time runs from the submission', () => {
    expect(protectionWindow(program({ anchor: 'submission' }), OFFICE, days(90), times(APPROVED_AT))).toEqual({
      from: APPROVED_AT,
      until: '2027-02-18T15:00:00.000Z',
    });
  });

  it.each([
    ['a millisecond before its time is over', '2026-11-21T14:59:59.999Z', '2026-11-21T15:00:00.000Z'],
    ['when it is over', '2026-11-21T15:00:00.000Z', '2026-11-21T15:00:00.000Z'],
    ['later: the window is empty', '2026-11-23T15:00:00.000Z', '2026-11-23T15:00:00.000Z'],
  ])('of a submission that is approved %s', (_when, approvedAt, until) => {
    expect(protectionWindow(program({ anchor: 'submission' }), OFFICE, days(1), times(approvedAt))).toEqual({ from: approvedAt, until });
  });
});

describe('endAfter', () => {
  it.each([
    ['keeps the wall-clock time into daylight saving', '2026-01-15T15:00:00.000Z', '2026-07-15T14:00:00.000Z'],
    ['takes the last day of a month that is shorter', '2026-08-31T15:00:00.000Z', '2027-02-28T16:00:00.000Z'],
    ['and of a leap year', '2027-08-31T15:00:00.000Z', '2028-02-29T16:00:00.000Z'],
  ])('counts calendar months: %s', (_what, start, end) => {
    expect(endAfter(ACME, OFFICE, start, months(6))).toBe(end);
  });

  const endOfDay = program({ endsAt: 'end_of_day' });
  it.each([
    ['a morning in winter', '2026-11-23T15:00:00.000Z', days(1), '2026-11-25T05:00:00.000Z'],
    ['the last minute of a day', '2026-11-24T04:59:00.000Z', days(1), '2026-11-25T05:00:00.000Z'],
    ['the first instant of a day', '2026-11-24T05:00:00.000Z', days(1), '2026-11-26T05:00:00.000Z'],
    ['late in the evening before the hour that is skipped', '2026-03-08T04:30:00.000Z', days(1), '2026-03-09T04:00:00.000Z'],
    ['late in the evening before the hour that comes twice', '2026-11-01T03:30:00.000Z', days(1), '2026-11-02T05:00:00.000Z'],
    ['months', '2026-08-31T15:00:00.000Z', months(6), '2027-03-01T05:00:00.000Z'],
  ] as const)('ends at the midnight after the last day in New York: %s', (_what, start, length, end) => {
    expect(endAfter(endOfDay, OFFICE, start, length)).toBe(end);
  });

  it('prolongs from the day that an end closes, not from the one that it opens', () => {
    const end = endAfter(endOfDay, OFFICE, '2026-10-02T15:00:00.000Z', days(29));
    expect(end).toBe('2026-11-01T04:00:00.000Z');
    // The night in which the clock goes back lies between.
    expect(prolongedEnd(endOfDay, OFFICE, end, days(30))).toBe('2026-12-01T05:00:00.000Z');
    // The control: where the end is an instant, 30 days are 720 hours.
    expect(prolongedEnd(ACME, OFFICE, end, days(30))).toBe('2026-12-01T04:00:00.000Z');
  });
});

describe('windowLength', () => {
  const bySize = program({
    windows: [
      { when: { value: { from: '100000' } }, window: { ...days(180), restated: null } },
      { when: { tiers: ['platinum'] }, window: { ...days(120), restated: null } },
    ],
  });
  const worth = (amount: string, currency = 'USD') => claim({ estimatedValue: { amount, currency } });

  it.each([
    ['of the first row that holds', worth('100000.00'), partner({ tier: 'platinum' }), 180],
    ['of the next one', worth('99999.99'), partner({ tier: 'platinum' }), 120],
    ['of no row', worth('99999.99'), partner({ tier: 'gold' }), 90],
  ])('is that %s', (_which, given, whose, amount) => {
    expect(windowLength(bySize, given, whose)).toMatchObject({ kind: 'known', window: { amount } });
  });

  it('is not guessed where a condition cannot be told', () => {
    expect(windowLength(bySize, worth('5000000', 'XAF'), partner({ tier: 'platinum' }))).toMatchObject({
      kind: 'unclear',
      window: { amount: 90 },
    });
  });
});

describe('windowLength of several product lines', () => {
  const byLine = program({
    windows: [
      { when: { productLines: ['platform'] }, window: { ...days(60), restated: null } },
      { when: { productLines: ['analytics'] }, window: { ...days(120), restated: null } },
      { when: { productLines: ['automation'] }, window: { ...days(120), restated: null } },
    ],
  });

  it.each<[string, readonly string[], 'known' | 'unclear', number]>([
    ['one line', ['platform'], 'known', 60],
    ['the same line twice', ['platform', 'platform'], 'known', 60],
    ['two lines of one length', ['analytics', 'automation'], 'known', 120],
    ['two lines of different lengths', ['platform', 'analytics'], 'unclear', 90],
    ['the same two in the other order', ['analytics', 'platform'], 'unclear', 90],
    ['a line of its own length and one of the general', ['platform', 'services'], 'unclear', 90],
    ['lines of the general length', ['services', 'support'], 'known', 90],
  ])('is known where the lines agree: %s', (_what, productLines, kind, amount) => {
    expect(windowLength(byLine, claim({ productLines }), partner())).toMatchObject({ kind, window: { amount } });
  });

  it('takes lengths that are written in different units for different ones', () => {
    const written = program({
      windows: [
        { when: { productLines: ['platform'] }, window: { ...days(30), restated: null } },
        { when: { productLines: ['analytics'] }, window: { ...months(1), restated: null } },
      ],
    });
    expect(windowLength(written, claim({ productLines: ['platform', 'analytics'] }), partner()).kind).toBe('unclear');
  });
});

describe('isProtectedAt', () => {
  it.each([
    ['one ms before the approval', '2026-11-23T14:59:59.999Z', false],
    ['at the approval', APPROVED_AT, true],
    ['one ms before the end', '2027-02-21T14:59:59.999Z', true],
    ['at the end', UNTIL, false],
  ])('%s', (_when, now, expected) => {
    expect(isProtectedAt({ from: APPROVED_AT, until: UNTIL }, now)).toBe(expected);
  });
});
