import { absenceAt, firstReturn, nextAbsence, type Absence, type Staff } from '../../../program/approval/staff.ts';
import { asking, MONDAY } from './example.ts';

const { question } = asking();
const ALL: Absence['scope'] = { kinds: [], regions: [], upTo: null };
const absence = (from: string, until: string, scope: Partial<Absence['scope']> = {}): Absence => ({
  from: `2026-11-${from}T15:00:00.000Z`,
  until: `2026-11-${until}T15:00:00.000Z`,
  delegate: null,
  scope: { ...ALL, ...scope },
});
const staff = (absences: Readonly<Record<string, readonly Absence[]>>): Staff => ({
  conflicted: new Map(),
  inactive: new Set(),
  absences: new Map(Object.entries(absences)),
});

describe('firstReturn', () => {
  it('is when the first of those who are away is back, of all of them', () => {
    expect(firstReturn(staff({ a: [absence('10', '20')], b: [absence('15', '18')] }), question, MONDAY)).toBe('2026-11-18T15:00:00.000Z');
  });

  it.each<[string, Absence]>([
    ['is over', absence('10', '16')],
    ['is to come', absence('17', '20')],
    ['is for other questions', absence('10', '20', { kinds: ['case'] })],
  ])('does not know of an absence that %s', (_which, one) => {
    expect(firstReturn(staff({ a: [one] }), question, MONDAY)).toBeNull();
  });

  it('knows of one from its beginning on', () => {
    expect(firstReturn(staff({ a: [absence('16', '20')] }), question, MONDAY)).toBe('2026-11-20T15:00:00.000Z');
  });
});

it('the next absence is the earliest to come for that question, and the present one is another matter', () => {
  const known = staff({ a: [absence('25', '27'), absence('10', '18'), absence('20', '21'), absence('17', '19', { regions: ['emea'] })] });
  expect(nextAbsence(known, 'a', question, MONDAY)).toBe('2026-11-20T15:00:00.000Z');
  expect(absenceAt(known, 'a', question, MONDAY)).toEqual(absence('10', '18'));
  expect([nextAbsence(known, 'b', question, MONDAY), absenceAt(known, 'b', question, MONDAY)]).toEqual([null, null]);
});
