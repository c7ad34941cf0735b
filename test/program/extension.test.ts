import fc from 'fast-check';
import type { Program } from '../../program/definition/program.ts';
import type { Duration } from '../../program/duration.ts';
import { extendProtection, extensibleUntil, type ExtensionRequest } from '../../program/extension.ts';
import { ACME, OFFICE } from './example.ts';

const FROM = '2026-11-23T15:00:00.000Z';
const UNTIL = '2027-02-21T15:00:00.000Z';
const BEFORE_END = '2027-02-21T14:59:59.999Z';

type Extension = Program['protection']['extension'];
const time = (amount: number, unit: Duration['unit'] = 'days') => ({ amount, unit, restated: null });

function program(extension: Partial<Extension> = {}, more: Partial<Program['protection']> = {}): Program {
  return { ...ACME, protection: { ...ACME.protection, ...more, extension: { ...ACME.protection.extension, ...extension } } };
}

function extend(given: Program, request: Partial<ExtensionRequest>, now: string) {
  const ordinary = { protection: { from: FROM, until: UNTIL }, submittedAt: FROM, extensionsUsed: 0, days: 30, lastActivityAt: null };
  return extendProtection(given, OFFICE, { ...ordinary, ...request }, now);
}

const endOf = (result: ReturnType<typeof extend>): string => (result.kind === 'extended' ? result.protection.until : result.message);

describe('extendProtection', () => {
  it.each([
    ['by all 30 days, a millisecond before the end', 30, BEFORE_END, '2027-03-23T15:00:00.000Z'],
    ['by one day', 1, FROM, '2027-02-22T15:00:00.000Z'],
    ['by what the program grants at once', null, FROM, '2027-03-23T15:00:00.000Z'],
  ])('prolongs %s', (_what, days, now, until) => {
    expect(extend(ACME, { days }, now)).toEqual({ kind: 'extended', protection: { from: FROM, until } });
  });

  it.each([
    ['at the end', { days: 30 }, UNTIL, /ended at 2027-02-21/],
    ['after the end', { days: 30 }, '2027-03-01T00:00:00.000Z', /asked for before the end/],
    ['a second time', { extensionsUsed: 1 }, BEFORE_END, /one extension, and 1 was granted/],
    ['by 31 days', { days: 31 }, BEFORE_END, /31 days is not possible; expected 1–30/],
    ['by no days', { days: 0 }, BEFORE_END, /expected 1–30/],
    ['by half a day', { days: 0.5 }, BEFORE_END, /expected 1–30/],
    ['backwards', { days: -30 }, BEFORE_END, /expected 1–30/],
  ])('refuses %s', (_what, request, now, message) => {
    expect(extend(ACME, request, now)).toMatchObject({
      kind: 'refused',
      code: 'EXTENSION_NOT_ALLOWED',
      message: expect.stringMatching(message),
    });
  });

  it.each([
    ['29 days of a month with 28', 29, /29 days is not possible; expected 1–28/],
    ['28 days', 28, /^2027-03-21T14/],
  ])('holds days against a length in calendar months: %s', (_what, days, expected) => {
    expect(endOf(extend(program({ length: time(1, 'months') }), { days }, BEFORE_END))).toMatch(expected);
  });

  it('prolongs by a calendar month, with the wall-clock time of the zone', () => {
    expect(endOf(extend(program({ length: time(1, 'months') }), { days: null }, BEFORE_END))).toBe('2027-03-21T14:00:00.000Z');
  });

  describe('after the end', () => {
    const late = program({ askWithin: time(10) });
    it.each([
      ['a millisecond before the time for it is over', '2027-03-03T14:59:59.999Z', /^2027-03-23T15:00/],
      ['when it is over', '2027-03-03T15:00:00.000Z', /within 10 days after it/],
    ])('is taken %s', (_when, now, expected) => {
      expect(endOf(extend(late, {}, now))).toMatch(expected);
    });

    it('does not help where the new end is over too', () => {
      expect(endOf(extend(late, { days: 1 }, '2027-02-22T14:59:59.999Z'))).toBe('2027-02-22T15:00:00.000Z');
      expect(endOf(extend(late, { days: 1 }, '2027-02-22T15:00:00.000Z'))).toMatch(/would have ended/);
    });

    it.each([
      ['for as long as the program takes it', late, 0, '2027-03-03T15:00:00.000Z'],
      ['not once the extensions are used up', late, 1, null],
      ['not where the program takes it only before the end', ACME, 0, null],
    ])('may be asked for %s', (_how, given, used, expected) => {
      expect(extensibleUntil(given, OFFICE, UNTIL, used)).toBe(expected);
    });
  });

  describe('window and extensions together', () => {
    it.each([
      ['exactly as long as allowed', 120, /^2027-03-23T15/],
      ['a day longer', 119, /last 119 days at most, until 2027-03-22T15/],
    ])('are %s', (_what, total, expected) => {
      expect(endOf(extend(program({ maxTotal: time(total) }), {}, FROM))).toMatch(expected);
    });

    it('are counted from the submission where the program anchors there', () => {
      const given = program({ maxTotal: time(120) }, { anchor: 'submission' });
      expect(endOf(extend(given, { submittedAt: '2026-11-22T15:00:00.000Z' }, FROM))).toMatch(/until 2027-03-22T15/);
    });
  });

  describe('with a test of activity', () => {
    const active = program({ activityWithin: time(30) });
    it.each([
      ['worked on exactly as long ago as is lately', '2027-01-22T14:59:59.999Z', /^2027-03-23/],
      ['worked on a millisecond earlier', '2027-01-22T14:59:59.998Z', /the last time was 2027-01-22/],
      ['not linked', null, /none is linked/],
    ])('looks at an opportunity that was %s', (_what, lastActivityAt, expected) => {
      expect(endOf(extend(active, { lastActivityAt }, BEFORE_END))).toMatch(expected);
    });
  });

  it('never shortens and never moves the start', () => {
    fc.assert(
      fc.property(fc.integer({ min: -10, max: 60 }), fc.integer({ min: 0, max: 2 }), fc.boolean(), (days, extensionsUsed, isMidnight) => {
        const given = program({}, { endsAt: isMidnight ? 'end_of_day' : 'instant' });
        const result = extend(given, { days, extensionsUsed }, BEFORE_END);
        if (result.kind === 'refused') return;
        expect(result.protection.from).toBe(FROM);
        expect(result.protection.until > UNTIL).toBe(true);
      }),
    );
  });
});
