import fc from 'fast-check';
import {
  addBusinessDays,
  addBusinessTime,
  businessTimeBetween,
  closedForAYearAfter,
  isWithinHours,
  isWorkingDay,
  nextOpening,
  type WorkingCalendar,
} from '../../program/working-time.ts';
import { OFFICE } from './example.ts';

/** So many days in a row from this date on. */
function closedDays(from: string, days: number): readonly string[] {
  return Array.from({ length: days }, (_none, ahead) => new Date(Date.parse(from) + ahead * 86_400_000).toISOString().slice(0, 10));
}

// New York is at UTC−5 in winter and UTC−4 in summer: 09:00–17:00 is 14:00Z–22:00Z in November.
describe('addBusinessDays', () => {
  it.each([
    ['from Monday morning to Tuesday, same time', '2026-11-16T15:30:00.000Z', 1, '2026-11-17T15:30:00.000Z'],
    ['from Friday 16:00 over the weekend', '2026-11-13T21:00:00.000Z', 1, '2026-11-16T21:00:00.000Z'],
    ['from the last millisecond of Friday', '2026-11-13T21:59:59.999Z', 1, '2026-11-16T21:59:59.999Z'],
    ['from Friday at closing time: counts from Monday 09:00', '2026-11-13T22:00:00.000Z', 1, '2026-11-17T14:00:00.000Z'],
    ['from Friday evening', '2026-11-14T01:00:00.000Z', 1, '2026-11-17T14:00:00.000Z'],
    ['from Saturday', '2026-11-14T18:00:00.000Z', 1, '2026-11-17T14:00:00.000Z'],
    ['from Sunday', '2026-11-15T18:00:00.000Z', 3, '2026-11-19T14:00:00.000Z'],
    ['from before opening', '2026-11-16T12:00:00.000Z', 1, '2026-11-17T14:00:00.000Z'],
    ['from exactly the opening', '2026-11-16T14:00:00.000Z', 1, '2026-11-17T14:00:00.000Z'],
    ['over Thanksgiving', '2026-11-25T15:00:00.000Z', 1, '2026-11-27T15:00:00.000Z'],
    ['from Thanksgiving itself', '2026-11-26T15:00:00.000Z', 1, '2026-11-30T14:00:00.000Z'],
    ['three days over a holiday and a weekend', '2026-12-23T15:00:00.000Z', 3, '2026-12-29T15:00:00.000Z'],
    ['over the spring change: the wall clock stays, the instant moves', '2026-03-06T15:00:00.000Z', 1, '2026-03-09T14:00:00.000Z'],
    ['over the autumn change', '2026-10-30T14:00:00.000Z', 1, '2026-11-02T15:00:00.000Z'],
    ['over 29 February', '2028-02-28T15:00:00.000Z', 2, '2028-03-01T15:00:00.000Z'],
    ['over the end of February in a common year', '2027-02-26T15:00:00.000Z', 1, '2027-03-01T15:00:00.000Z'],
    ['no days: now, within hours', '2026-11-16T15:30:00.000Z', 0, '2026-11-16T15:30:00.000Z'],
    ['no days: the next opening, out of hours', '2026-11-14T18:00:00.000Z', 0, '2026-11-16T14:00:00.000Z'],
  ])('%s', (_when, from, days, expected) => {
    expect(addBusinessDays(from, days, OFFICE)).toBe(expected);
  });

  it('counts a week from Sunday to Thursday in its own zone', () => {
    const dubai: WorkingCalendar = { ...OFFICE, timeZone: 'Asia/Dubai', workingDays: [7, 1, 2, 3, 4], holidays: [] };
    expect(addBusinessDays('2026-11-19T10:00:00.000Z', 1, dubai)).toBe('2026-11-22T10:00:00.000Z');
  });

  it('shifts a wall-clock time that daylight saving skips forward, on that day alone', () => {
    const night: WorkingCalendar = {
      ...OFFICE,
      timeZone: 'Europe/Berlin',
      workingDays: [1, 2, 3, 4, 5, 6, 7],
      startTime: '02:15',
      endTime: '06:00',
      holidays: [],
    };
    expect(addBusinessDays('2026-03-28T01:30:00.000Z', 1, night)).toBe('2026-03-29T01:30:00.000Z'); // 02:30 does not exist: 03:30
    expect(addBusinessDays('2026-03-28T01:30:00.000Z', 2, night)).toBe('2026-03-30T00:30:00.000Z'); // 02:30 again
  });

  it.each([-1, 0.5, Number.NaN])('does not count %p days', (days) => {
    expect(() => addBusinessDays('2026-11-16T15:00:00.000Z', days, OFFICE)).toThrow('expected a whole number from 0');
  });

  it.each([
    ['never opens', { workingDays: [] }, '2026-11-18T14:00:00.000Z'],
    ['is closed for more than a year', { holidays: closedDays('2026-11-17', 500) }, '2026-11-17T15:00:00.000Z'],
  ])('counts every day as one where the office %s, so that what is promised has an end', (_what, changes, due) => {
    expect(addBusinessDays('2026-11-16T15:00:00.000Z', 1, { ...OFFICE, ...changes })).toBe(due);
  });

  it('gives no time on a day whose hours daylight saving takes away', () => {
    const night = { ...OFFICE, timeZone: 'Europe/Berlin', workingDays: [1, 2, 3, 4, 5, 6, 7], startTime: '02:30', endTime: '03:00' };
    // From noon on 28 March the next office time is that of the 30th: at 02:30 on the 29th the clocks go forward.
    expect(addBusinessTime('2026-03-28T11:00:00.000Z', 10 * 60_000, night)).toBe('2026-03-30T00:40:00.000Z');
    expect(businessTimeBetween('2026-03-28T11:00:00.000Z', '2026-03-30T00:40:00.000Z', night)).toBe(10 * 60_000);
  });

  it('waits for an opening that is almost a year away', () => {
    expect(addBusinessDays('2026-11-16T15:00:00.000Z', 1, { ...OFFICE, holidays: closedDays('2026-11-17', 360) })).toBe(
      '2027-11-12T15:00:00.000Z',
    );
  });

  it.each([
    ['just before the cut-off', '2026-11-16T20:59:59.999Z', '2026-11-17T20:59:59.999Z'],
    ['at the cut-off: as at the next opening', '2026-11-16T21:00:00.000Z', '2026-11-18T14:00:00.000Z'],
    ['after it, still in office hours', '2026-11-16T21:30:00.000Z', '2026-11-18T14:00:00.000Z'],
    ['on a Friday after it', '2026-11-20T21:30:00.000Z', '2026-11-24T14:00:00.000Z'],
  ])('counts what arrives %s', (_when, from, due) => {
    expect(addBusinessDays(from, 1, { ...OFFICE, cutOff: '16:00' })).toBe(due);
  });

  it.each([
    ['the last working day before it', '2026-12-28T15:00:00.000Z', '2026-12-29T15:00:00.000Z'],
    ['the day before its closed days', '2026-12-29T15:00:00.000Z', '2027-01-01T15:00:00.000Z'],
    ['inside', '2026-12-30T15:00:00.000Z', '2027-01-04T14:00:00.000Z'],
  ])('leaves out the closed end of a quarter: from %s', (_when, from, due) => {
    expect(addBusinessDays(from, 1, { ...OFFICE, quarterEnd: { lastDays: 2, yearBegins: 1 } })).toBe(due);
  });

  it.each([
    ['of a year that begins in February: the end of April', '2026-04-29T14:00:00.000Z', 2, '2026-05-01T14:00:00.000Z'],
    ['of a year that begins in February: March is in the middle', '2026-03-30T14:00:00.000Z', 2, '2026-03-31T14:00:00.000Z'],
  ])('knows the quarters %s', (_what, from, yearBegins, due) => {
    expect(addBusinessDays(from, 1, { ...OFFICE, quarterEnd: { lastDays: 1, yearBegins } })).toBe(due);
  });

  it('knows the end of February in a leap year', () => {
    const quarterEnd = { lastDays: 1, yearBegins: 12 };
    expect([isWorkingDay('2028-02-28', { ...OFFICE, quarterEnd }), isWorkingDay('2028-02-29', { ...OFFICE, quarterEnd })]).toEqual([
      true,
      false,
    ]);
  });

  it('refuses what is no instant or no zone', () => {
    expect(() => addBusinessDays('yesterday', 1, OFFICE)).toThrow('yesterday');
    expect(() => addBusinessDays('2026-11-16T15:00:00.000Z', 1, { ...OFFICE, timeZone: 'Mars/Olympus' })).toThrow('Mars/Olympus');
  });

  const anyInstant = fc
    .date({ min: new Date('2020-01-01'), max: new Date('2035-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString());

  it('always ends within hours, after its start, and never later for an earlier start', () => {
    fc.assert(
      fc.property(anyInstant, anyInstant, fc.integer({ min: 0, max: 30 }), (one, other, days) => {
        const [earlier, later] = [one, other].sort() as [string, string];
        const due = addBusinessDays(earlier, days, OFFICE);
        expect(isWithinHours(due, OFFICE)).toBe(true);
        expect(due >= earlier).toBe(true);
        expect(due <= addBusinessDays(later, days, OFFICE)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('adds up: m days and then n days are m + n days', () => {
    fc.assert(
      fc.property(anyInstant, fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 12 }), (from, m, n) => {
        expect(addBusinessDays(addBusinessDays(from, m, OFFICE), n, OFFICE)).toBe(addBusinessDays(from, m + n, OFFICE));
      }),
      { numRuns: 60 },
    );
  });
});

describe('isWithinHours and nextOpening', () => {
  it.each([
    ['one millisecond before opening', '2026-11-16T13:59:59.999Z', false, '2026-11-16T14:00:00.000Z'],
    ['at the opening', '2026-11-16T14:00:00.000Z', true, '2026-11-16T14:00:00.000Z'],
    ['one millisecond before closing', '2026-11-16T21:59:59.999Z', true, '2026-11-16T21:59:59.999Z'],
    ['at closing time', '2026-11-16T22:00:00.000Z', false, '2026-11-17T14:00:00.000Z'],
    ['on a holiday', '2026-11-26T16:00:00.000Z', false, '2026-11-27T14:00:00.000Z'],
  ])('%s', (_when, at, open, next) => {
    expect(isWithinHours(at, OFFICE)).toBe(open);
    expect(nextOpening(at, OFFICE)).toBe(next);
  });
});

describe('isWorkingDay', () => {
  it.each([
    ['2026-11-25', true],
    ['2026-11-26', false],
    ['2026-11-28', false],
  ])('says of %s: %p', (date, expected) => {
    expect(isWorkingDay(date, OFFICE)).toBe(expected);
  });
});

describe('closedForAYearAfter', () => {
  it.each([
    ['an ordinary office', OFFICE, null],
    ['an office that never opens', { ...OFFICE, workingDays: [] }, '2026-11-16'],
    ['an office that closes for two years', { ...OFFICE, holidays: closedDays('2026-12-01', 730) }, '2026-11-30'],
    ['an office that closes for months', { ...OFFICE, holidays: closedDays('2026-12-01', 200) }, null],
  ])('is known of %s', (_what, calendar, expected) => {
    expect(closedForAYearAfter('2026-11-16', calendar)).toBe(expected);
  });
});
