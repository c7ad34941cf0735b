import { compareRuns } from '../../../program/simulation/comparison.ts';
import type { SimulatedClaim } from '../../../program/simulation/simulated-claim.ts';
import { subtractMoney, totalOf } from '../../../program/simulation/total.ts';
import { ACME } from '../example.ts';

const HOUR_MS = 60 * 60 * 1000;

function ended(changes: Partial<SimulatedClaim> = {}): SimulatedClaim {
  return {
    registrationId: 'reg-1',
    sequence: 1,
    partnerId: 'partner-a',
    value: { amount: '10000.00', currency: 'USD' },
    status: 'approved',
    ending: 'won',
    rule: 'routing',
    reasons: [],
    decidedBy: 'program',
    asked: [],
    toAsk: [],
    receivedAt: '2026-06-01T14:00:00.000Z',
    decidedAt: '2026-06-01T14:00:00.000Z',
    waitedMs: 0,
    lines: ['platform'],
    protectedFrom: '2026-06-01T14:00:00.000Z',
    protectedUntil: '2026-08-30T14:00:00.000Z',
    ...changes,
  };
}

const minutes = (_claim: SimulatedClaim, role: string): number => (role === 'vp' ? 60 : 30);

describe('totalOf', () => {
  it('adds protected values at the declared rates, exactly, and leaves out what has none', () => {
    const claims = [
      ended({ value: { amount: '0.10', currency: 'USD' } }),
      ended({ value: { amount: '0.20', currency: 'USD' } }),
      ended({ value: { amount: '100.00', currency: 'EUR' } }),
      ended({ value: { amount: '100.00', currency: 'XOF' } }),
      ended({ ending: 'lost', value: { amount: '999.00', currency: 'USD' } }),
    ];
    expect(totalOf(claims, minutes, ACME)).toMatchObject({
      protectedValue: { amount: '117.30', currency: 'USD' },
      unconverted: 1,
      endings: { won: 4, lost: 1, waiting: 0, withdrawn: 0 },
      untouched: 5,
    });
  });

  it('counts what each role costs, asked and still to come, and the time that was waited', () => {
    const claims = [
      ended({ asked: ['partner_manager', 'vp'], decidedBy: 'people', waitedMs: 36 * HOUR_MS }),
      ended({ ending: 'waiting', asked: ['partner_manager'], toAsk: ['vp'], decidedBy: null, waitedMs: 12 * HOUR_MS }),
    ];
    expect(totalOf(claims, minutes, ACME)).toMatchObject({
      stepsAsked: 3,
      hoursAsked: 2,
      hoursToCome: 1,
      daysWaited: 2,
      medianDaysWaited: 0.5,
      untouched: 0,
    });
  });

  it('is nothing for no claims', () => {
    expect(totalOf([], minutes, ACME)).toMatchObject({
      claims: 0,
      medianDaysWaited: 0,
      protectedValue: { amount: '0.00', currency: 'USD' },
    });
  });
});

describe('subtractMoney', () => {
  it('may be negative, and is exact', () => {
    expect(subtractMoney({ amount: '0.10', currency: 'USD' }, { amount: '0.30', currency: 'USD' })).toEqual({
      amount: '-0.20',
      currency: 'USD',
    });
  });

  it('does not take two currencies', () => {
    expect(() => subtractMoney({ amount: '1', currency: 'USD' }, { amount: '1', currency: 'EUR' })).toThrow('convert first');
  });
});

describe('compareRuns', () => {
  it.each([
    ['the same', {}, 'unchanged'],
    ['a win', { ending: 'won' }, 'unchanged'],
    ['a loss', { ending: 'lost' }, 'loses'],
    ['a wait', { ending: 'waiting' }, 'waits'],
    ['other people', { asked: ['vp'] }, 'rerouted'],
    ['other people to come', { toAsk: ['vp'] }, 'rerouted'],
    ['only another rule', { rule: 'C07_direct_stale' }, 'unchanged'],
  ] as const)('tells %s', (_what, changes, expected) => {
    expect(compareRuns([ended()], [ended(changes)]).counts).toMatchObject({ [expected]: 1 });
  });

  it('does not compare claims of which one run knows nothing', () => {
    expect(() => compareRuns([], [ended()])).toThrow('is in one run only');
  });
});
