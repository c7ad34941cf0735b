import fc from 'fast-check';
import { extendProtection, isProtectedAt, protectionWindow } from '../../program/protection.ts';
import { ACME, acmeWith, parseOrThrow } from './example.ts';

const APPROVED_AT = '2026-11-23T15:00:00.000Z';
const UNTIL = '2027-02-21T15:00:00.000Z';

describe('protectionWindow', () => {
  it('lasts 90 days of 24 hours from the approval', () => {
    expect(protectionWindow(ACME, APPROVED_AT)).toEqual({ from: APPROVED_AT, until: UNTIL });
  });

  it('is not moved by daylight saving or a leap day', () => {
    expect(protectionWindow(ACME, '2028-01-01T00:00:00.000Z').until).toBe('2028-03-31T00:00:00.000Z');
  });

  it('lasts as long as the program says', () => {
    expect(protectionWindow(parseOrThrow(acmeWith('windowDays: 90', 'windowDays: 1')), APPROVED_AT).until).toBe('2026-11-24T15:00:00.000Z');
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

describe('extendProtection', () => {
  const window = { from: APPROVED_AT, until: UNTIL };
  const beforeEnd = '2027-02-21T14:59:59.999Z';

  it.each([
    ['by all 30 days, a millisecond before the end', 30, beforeEnd, '2027-03-23T15:00:00.000Z'],
    ['by one day', 1, APPROVED_AT, '2027-02-22T15:00:00.000Z'],
  ])('prolongs %s', (_what, days, now, until) => {
    expect(extendProtection(ACME, window, 0, days, now)).toEqual({ kind: 'extended', protection: { from: APPROVED_AT, until } });
  });

  it.each([
    ['at the end', 0, 30, UNTIL, /ended at 2027-02-21/],
    ['after the end', 0, 30, '2027-03-01T00:00:00.000Z', /asked for before the end/],
    ['a second time', 1, 30, beforeEnd, /one extension, and 1 was granted/],
    ['by 31 days', 0, 31, beforeEnd, /31 days is not possible; expected 1–30/],
    ['by no days', 0, 0, beforeEnd, /expected 1–30/],
    ['by half a day', 0, 0.5, beforeEnd, /expected 1–30/],
    ['backwards', 0, -30, beforeEnd, /expected 1–30/],
  ])('refuses %s', (_what, used, days, now, message) => {
    expect(extendProtection(ACME, window, used, days, now)).toMatchObject({
      kind: 'refused',
      code: 'EXTENSION_NOT_ALLOWED',
      message: expect.stringMatching(message),
    });
  });

  it('never shortens and never moves the start', () => {
    fc.assert(
      fc.property(fc.integer({ min: -10, max: 60 }), fc.integer({ min: 0, max: 2 }), (days, used) => {
        const result = extendProtection(ACME, window, used, days, beforeEnd);
        if (result.kind === 'refused') return;
        expect(result.protection.from).toBe(window.from);
        expect(result.protection.until > window.until).toBe(true);
      }),
    );
  });
});
