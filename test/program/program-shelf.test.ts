import type { Program } from '../../program/definition/program.ts';
import { findVersion, inForceFrom, versionInForce } from '../../program/program-shelf.ts';
import { ACME } from './example.ts';

function version(name: string, changes: Partial<Program> = {}): Program {
  return { ...ACME, version: name, ...changes };
}

function inZone(timeZone: string, effectiveFrom: string): Program {
  return version('1', { effectiveFrom, calendars: ACME.calendars.map((calendar) => ({ ...calendar, timeZone })) });
}

describe('inForceFrom', () => {
  it.each([
    ['winter in New York', 'America/New_York', '2026-01-01', '2026-01-01T05:00:00.000Z'],
    ['summer in New York', 'America/New_York', '2026-07-01', '2026-07-01T04:00:00.000Z'],
    ['Tokyo, where the day begins before', 'Asia/Tokyo', '2026-01-01', '2025-12-31T15:00:00.000Z'],
    ['UTC', 'UTC', '2026-01-01', '2026-01-01T00:00:00.000Z'],
    ['Beirut, whose clocks skip this midnight', 'Asia/Beirut', '2026-03-29', '2026-03-28T22:00:00.000Z'],
  ])('is midnight in %s', (_where, timeZone, effectiveFrom, instant) => {
    expect(inForceFrom(inZone(timeZone, effectiveFrom))).toBe(instant);
  });
});

describe('versionInForce', () => {
  const versions = [version('2027.1', { effectiveFrom: '2027-01-01' }), version('2026.1', { effectiveFrom: '2026-01-01' })];

  it.each([
    ['before the first', '2026-01-01T04:59:59.999Z', null],
    ['at the first instant of the first', '2026-01-01T05:00:00.000Z', '2026.1'],
    ['at the last instant of the first', '2027-01-01T04:59:59.999Z', '2026.1'],
    ['at the first instant of the second', '2027-01-01T05:00:00.000Z', '2027.1'],
  ])('%s', (_when, now, expected) => {
    expect(versionInForce(versions, now)?.version ?? null).toBe(expected);
  });
});

describe('findVersion', () => {
  const acme = version('2026');
  const other = version('2026', { id: 'other' });
  const third = version('2025', { id: 'third' });

  it('prefers the running program', () => {
    expect(findVersion([other, acme], 'acme', '2026')).toBe(acme);
  });

  it('finds a version of a program that was run before, by its name alone', () => {
    expect(findVersion([acme, third], 'acme', '2025')).toBe(third);
  });

  it('does not guess between two other programs', () => {
    expect(findVersion([acme, other], 'third', '2026')).toBeNull();
  });

  it('does not find what is not there', () => {
    expect(findVersion([acme], 'acme', '2027')).toBeNull();
  });
});
