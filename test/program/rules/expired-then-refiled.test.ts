import type { RivalClaim } from '../../../program/claim.ts';
import { expiredThenRefiled } from '../../../program/rules/expired-then-refiled.ts';
import { REGISTRATION_STATUSES } from '../../../program/vocabulary.ts';
import { PROBABLE, SUBMITTED_AT, holder, rival, ruleInput } from '../example.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const before = (ms: number): string => new Date(Date.parse(SUBMITTED_AT) - ms).toISOString();
const ENDED_AT = before(10 * DAY_MS);

const own = (changes: Partial<RivalClaim> = {}): RivalClaim =>
  rival({ registrationId: 'own-1', sequence: 10, partnerId: 'partner-a', status: 'expired', endedAt: ENDED_AT, ...changes });
const inGap = (changes: Partial<RivalClaim> = {}): RivalClaim => rival({ submittedAt: before(5 * DAY_MS), ...changes });

function examine(rivals: readonly RivalClaim[], parameters: Readonly<Record<string, unknown>> = {}) {
  return expiredThenRefiled.examine(ruleInput('C21_expired_then_refiled', { evidence: { rivals }, with: parameters }));
}
const situationOf = (...given: Parameters<typeof examine>): string | null => {
  const finding = examine(...given);
  return finding.kind === 'quiet' ? null : finding.situation;
};

describe('C21_expired_then_refiled: a rival in the gap', () => {
  it.each([
    ['a millisecond before the end', before(10 * DAY_MS + 1), null],
    ['at the very end', ENDED_AT, 'rival_in_gap'],
    ['in between', before(1), 'rival_in_gap'],
  ])('counts a rival that filed %s', (_what, submittedAt, expected) => {
    expect(situationOf([own(), inGap({ submittedAt })])).toBe(expected);
  });

  it.each<[string, RivalClaim, string | null]>([
    ['one that holds a protection by now', holder({ submittedAt: before(DAY_MS) }), 'rival_in_gap'],
    ['one that came after this claim', inGap({ sequence: 101 }), null],
    ['one that stands no more', inGap({ status: 'denied' }), null],
    ['one on another line', inGap({ productLines: ['analytics'] }), null],
    ['a probable one', inGap({ match: PROBABLE }), null],
    ["the partner's own", inGap({ partnerId: 'partner-a' }), null],
  ])('looks at %s', (_what, other, expected) => {
    expect(situationOf([own(), other])).toBe(expected);
  });

  it.each([
    ['at the edge of the look back', before(180 * DAY_MS), 'rival_in_gap'],
    ['a millisecond before it', before(180 * DAY_MS + 1), null],
  ])('looks back for 180 days: %s', (_what, endedAt, expected) => {
    expect(situationOf([own({ endedAt }), inGap()])).toBe(expected);
  });

  it.each(REGISTRATION_STATUSES.map((status) => [status] as const))(
    'counts an own claim that is %s only where it gave its place up',
    (status) => {
      const gaveUp = ['expired', 'lapsed', 'withdrawn', 'lost', 'revoked'].includes(status);
      expect(situationOf([own({ status }), inGap()])).toBe(gaveUp ? 'rival_in_gap' : null);
    },
  );

  it.each<[string, Partial<RivalClaim>]>([
    ['another line', { productLines: ['analytics'] }],
    ['another customer, only probably the same', { match: PROBABLE }],
    ['no known end', { endedAt: null }],
    ['an end after this receipt', { endedAt: before(-1) }],
    ['a later receipt than this claim', { sequence: 101 }],
  ])('does not count an own claim with %s', (_what, changes) => {
    expect(situationOf([own(changes), inGap()])).toBeNull();
  });

  it('tells the partner of its own claim alone', () => {
    const finding = examine([own(), inGap()]);
    expect(finding).toMatchObject({ rivalIds: ['reg-50'], lines: ['platform'] });
    expect(finding.partnerMessage).toContain(`own-1 for this customer ended at ${ENDED_AT}`);
    expect(finding.partnerMessage).not.toMatch(/reg-50|partner-b|filed|other/);
  });
});

describe('C21_expired_then_refiled: filed again too soon', () => {
  const COOLING = { coolingOff: '10 days' };

  it.each([
    ['a millisecond before it is over', before(10 * DAY_MS - 1), 'too_soon'],
    ['at its end', ENDED_AT, null],
    ['at the end of the own claim', SUBMITTED_AT, 'too_soon'],
  ])('applies while the cooling-off runs: %s', (_what, endedAt, expected) => {
    expect(situationOf([own({ endedAt })], COOLING)).toBe(expected);
  });

  it('applies only where it is declared', () => {
    expect(situationOf([own({ endedAt: before(1) })])).toBeNull();
  });

  it('counts the latest end, a denial too, and comes before a rival in the gap', () => {
    const denied = own({ registrationId: 'own-2', sequence: 20, status: 'denied', endedAt: before(DAY_MS) });
    const finding = examine([own(), inGap(), denied], COOLING);
    expect(finding).toMatchObject({ situation: 'too_soon', rivalIds: [] });
    expect(finding.partnerMessage).toContain('own-2');
    expect(finding.exhibits.every(({ kind }) => kind === 'own_claim')).toBe(true);
  });

  it('says from when on it may be filed', () => {
    expect(examine([own({ endedAt: before(DAY_MS) })], COOLING).partnerMessage).toContain(`from ${before(-9 * DAY_MS)} on`);
  });

  it('counts business days by the calendar of the program', () => {
    // Friday 20 November, 10:00 in New York; the tenth business day after it is Friday 4 December.
    const endedAt = '2026-11-20T15:00:00.000Z';
    expect(examine([own({ endedAt })], { coolingOff: '10 business days' }).partnerMessage).toContain('from 2026-12-04T15:00:00.000Z on');
  });
});
