import type { RivalClaim } from '../../../program/claim.ts';
import { firstJudgedAt } from '../../../program/simulation/judged-order.ts';
import { PROBABLE, rival } from '../example.ts';
import { daysAfter, MONDAY, past, run } from './example.ts';

const LATER = daysAfter(0, 50);

/** Two claims on Northwind: the first receipt was judged 50 ms after the second by the clocks of their flows. */
function raced(seen: Partial<RivalClaim>, later = LATER) {
  const known = rival({
    registrationId: 'reg-1',
    sequence: 1,
    partnerId: 'partner-1',
    status: 'approved',
    protectedLines: ['platform'],
    ...seen,
  });
  return [past(1, { at: later }), past(2, { at: MONDAY, evidence: { rivals: [known] } })];
}

describe('firstJudgedAt', () => {
  it.each<[string, Partial<RivalClaim>, string]>([
    ['saw the earlier one judged', {}, LATER],
    ['saw it, but not judged yet', { status: 'submitted', protectedLines: [] }, MONDAY],
    ['was not certain that it is the same customer', { match: PROBABLE }, MONDAY],
  ])('puts a claim that %s', (_case, seen, at) => {
    expect(firstJudgedAt(raced(seen)).get('reg-2')).toBe(Date.parse(at));
  });

  it.each([
    ['a minute apart', 60_000, true],
    ['more than that', 60_001, false],
  ])('takes two for judged at once that are %s', (_case, ms, atOnce) => {
    const later = daysAfter(0, ms);
    expect(firstJudgedAt(raced({}, later)).get('reg-2')).toBe(Date.parse(atOnce ? later : MONDAY));
  });

  it('lets the earlier receipt win in the simulation as it really did', () => {
    expect(run(raced({}), { asOf: daysAfter(1) }).map(({ sequence, ending }) => [sequence, ending])).toEqual([
      [1, 'won'],
      [2, 'lost'],
    ]);
  });
});
