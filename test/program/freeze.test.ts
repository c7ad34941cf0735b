import { freezeEnd } from '../../program/freeze.ts';
import { ACME } from './example.ts';

/** Microsoft's year end: closed from 16 to 30 June, 17:00 in the default calendar's zone. */
const CLOSED = { from: '2026-06-16', until: '2026-06-30', time: '17:00' };
const END = '2026-06-30T21:00:00.000Z';

describe('freezeEnd', () => {
  it.each([
    ['a millisecond before it begins', '2026-06-16T20:59:59.999Z', null],
    ['when it begins', '2026-06-16T21:00:00.000Z', END],
    ['a millisecond before it ends', '2026-06-30T20:59:59.999Z', END],
    ['when it ends', END, null],
  ])('%s', (_when, at, expected) => {
    expect(freezeEnd({ ...ACME, freezes: [CLOSED] }, at)).toBe(expected);
  });

  it('is that of the last of several that touch', () => {
    const next = { from: '2026-06-30', until: '2026-07-02', time: '17:00' };
    expect(freezeEnd({ ...ACME, freezes: [next, CLOSED] }, '2026-06-20T00:00:00.000Z')).toBe('2026-07-02T21:00:00.000Z');
  });

  it('is none where the program declares none', () => {
    expect(freezeEnd({ ...ACME, freezes: [] }, '2026-06-20T00:00:00.000Z')).toBeNull();
  });
});
