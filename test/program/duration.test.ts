import fc from 'fast-check';
import { DURATION_UNITS, addDuration, formatDuration, parseDuration, subtractDuration, type Duration } from '../../program/duration.ts';
import { OFFICE } from './example.ts';

describe('parseDuration', () => {
  it.each<[string, Duration | null]>([
    ['90 days', { amount: 90, unit: 'days' }],
    ['1 day', { amount: 1, unit: 'days' }],
    ['10 minutes', { amount: 10, unit: 'minutes' }],
    ['6 months', { amount: 6, unit: 'months' }],
    ['3 business days', { amount: 3, unit: 'business_days' }],
    ['72 business hours', { amount: 72, unit: 'business_hours' }],
    ['  2 weeks  ', { amount: 2, unit: 'weeks' }],
    ['99999 days', { amount: 99999, unit: 'days' }],
    ['100000 days', null],
    ['1.5 days', null],
    ['-1 days', null],
    ['days', null],
    ['90', null],
    ['90 Days', null],
    ['1 business month', null],
    ['3 business weeks', null],
    ['', null],
  ])('reads "%s"', (text, expected) => {
    expect(parseDuration(text)).toEqual(expected === null ? null : { ...expected, restated: null });
  });

  it('keeps what is said in other words', () => {
    expect(parseDuration('72 business hours (3 business days)')).toEqual({
      amount: 72,
      unit: 'business_hours',
      restated: { amount: 3, unit: 'business_days' },
    });
  });

  it.each(['72 business hours (about three days)', '72 business hours ()', '(3 days)', '1 day (2 days) (3 days)'])(
    'refuses "%s"',
    (text) => {
      expect(parseDuration(text)).toBeNull();
    },
  );

  it('reads what formatDuration writes', () => {
    const duration = fc.record({ amount: fc.integer({ min: 0, max: 99999 }), unit: fc.constantFrom(...DURATION_UNITS) });
    fc.assert(fc.property(duration, (given) => expect(parseDuration(formatDuration(given))).toEqual({ ...given, restated: null })));
  });
});

describe('addDuration', () => {
  const add = (from: string, amount: number, unit: Duration['unit']): string => addDuration(from, { amount, unit }, OFFICE);

  it.each<[string, string, number, Duration['unit'], string]>([
    ['a day of 24 hours over the change to summer time', '2026-03-07T15:00:00.000Z', 1, 'days', '2026-03-08T15:00:00.000Z'],
    ['a month that keeps the hour on the wall', '2026-02-15T15:00:00.000Z', 1, 'months', '2026-03-15T14:00:00.000Z'],
    ['the last of a shorter month', '2026-01-31T15:00:00.000Z', 1, 'months', '2026-02-28T15:00:00.000Z'],
    ['the last of a leap February', '2028-01-31T15:00:00.000Z', 1, 'months', '2028-02-29T15:00:00.000Z'],
    ['a year from a leap day', '2028-02-29T15:00:00.000Z', 1, 'years', '2029-02-28T15:00:00.000Z'],
    ['six months from August', '2026-08-31T15:00:00.000Z', 6, 'months', '2027-02-28T16:00:00.000Z'],
    [
      'a month by the date of the zone, where it is still the day before',
      '2026-03-01T03:00:00.000Z',
      1,
      'months',
      '2026-03-29T02:00:00.000Z',
    ],
    ['weeks', '2026-01-01T00:00:00.000Z', 2, 'weeks', '2026-01-15T00:00:00.000Z'],
    ['minutes over midnight', '2026-12-31T23:55:00.000Z', 10, 'minutes', '2027-01-01T00:05:00.000Z'],
    ['nothing', '2026-01-01T00:00:00.000Z', 0, 'months', '2026-01-01T00:00:00.000Z'],
    ['business days over a weekend and a holiday', '2026-11-25T15:00:00.000Z', 2, 'business_days', '2026-11-30T15:00:00.000Z'],
    ['72 business hours, which are nine days of eight', '2026-11-02T14:00:00.000Z', 72, 'business_hours', '2026-11-12T22:00:00.000Z'],
  ])('counts %s', (_what, from, amount, unit, expected) => {
    expect(add(from, amount, unit)).toBe(expected);
  });
});

describe('subtractDuration', () => {
  it.each<[string, string, number, Duration['unit'], string]>([
    ['days', '2026-03-08T15:00:00.000Z', 1, 'days', '2026-03-07T15:00:00.000Z'],
    ['a month into a shorter one', '2026-03-31T14:00:00.000Z', 1, 'months', '2026-02-28T15:00:00.000Z'],
    ['years to a leap day', '2029-02-28T15:00:00.000Z', 1, 'years', '2028-02-28T15:00:00.000Z'],
  ])('counts %s back', (_what, from, amount, unit, expected) => {
    expect(subtractDuration(from, { amount, unit }, OFFICE)).toBe(expected);
  });

  it.each(['business_days', 'business_hours'] as const)('does not count %s back', (unit) => {
    expect(() => subtractDuration('2026-01-01T00:00:00.000Z', { amount: 1, unit }, OFFICE)).toThrow(RangeError);
  });

  it('is undone by adding, for spans of fixed length', () => {
    const span = fc.record({ amount: fc.integer({ min: 0, max: 99999 }), unit: fc.constantFrom('minutes', 'hours', 'days', 'weeks') });
    fc.assert(
      fc.property(span, (given) => {
        const from = '2026-11-23T15:00:00.000Z';
        expect(addDuration(subtractDuration(from, given, OFFICE), given, OFFICE)).toBe(from);
      }),
    );
  });
});
