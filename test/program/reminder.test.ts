import type { Duration } from '../../program/duration.ts';
import { remindersOf } from '../../program/reminder.ts';
import { ACME, OFFICE } from './example.ts';

const WINDOW = { from: '2026-11-23T15:00:00.000Z', until: '2027-02-21T15:00:00.000Z' };
const before = (...reminders: readonly Duration[]) => ({
  ...ACME,
  protection: { ...ACME.protection, reminders: reminders.map((one) => ({ ...one, restated: null })) },
});

describe('remindersOf', () => {
  it('counts back from the end, the earliest first', () => {
    expect(remindersOf(ACME, OFFICE, WINDOW, WINDOW.from)).toEqual([
      '2027-01-22T15:00:00.000Z',
      '2027-02-07T15:00:00.000Z',
      '2027-02-14T15:00:00.000Z',
      '2027-02-20T15:00:00.000Z',
    ]);
  });

  it.each([
    ['a millisecond before the first', '2027-01-22T14:59:59.999Z', 4],
    ['at the first, which is not made up for', '2027-01-22T15:00:00.000Z', 3],
    ['at the end', WINDOW.until, 0],
  ])('leaves out what is past %s', (_when, now, count) => {
    expect(remindersOf(ACME, OFFICE, WINDOW, now)).toHaveLength(count);
  });

  it('has none that is longer than the window, none at the end, and each instant once', () => {
    const program = before(
      { amount: 90, unit: 'days' },
      { amount: 0, unit: 'days' },
      { amount: 2, unit: 'weeks' },
      { amount: 14, unit: 'days' },
    );
    expect(remindersOf(program, OFFICE, WINDOW, WINDOW.from)).toEqual(['2027-02-07T15:00:00.000Z']);
  });

  it('counts calendar months in the zone, and business time as the office works', () => {
    // The 21st is a Sunday: a business day that is over by then began on Thursday evening at the latest.
    const program = before({ amount: 1, unit: 'months' }, { amount: 1, unit: 'business_days' });
    expect(remindersOf(program, OFFICE, WINDOW, WINDOW.from)).toEqual(['2027-01-21T15:00:00.000Z', '2027-02-18T21:59:59.999Z']);
  });
});
