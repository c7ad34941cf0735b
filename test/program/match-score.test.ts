import fc from 'fast-check';
import { knownAsOne, matchOf, placedTogether, throughGroup, WEIGHTS, type Signal } from '../../program/match-score.ts';

const DOMAIN: Signal = { says: 'same registrable domain', weight: WEIGHTS.domain };
const NAME: Signal = { says: 'same name', weight: WEIGHTS.nameAlone };
const AGAINST: Signal = { says: 'but the countries differ', weight: -WEIGHTS.contradiction };
const BANDS = ['weak', 'probable', 'exact'] as const;
const signals = fc.array(fc.record({ says: fc.constant('a sign'), weight: fc.double({ min: -1, max: 1, noNaN: true }) }), { maxLength: 5 });

describe('matchOf', () => {
  it('shows each signal with its weight, and one without any as it stands', () => {
    const { signals: shown } = matchOf('probable', [DOMAIN, AGAINST, { says: 'a domain is missing', weight: 0 }]);
    expect(shown).toEqual(['+0.95 same registrable domain', '−0.50 but the countries differ', 'a domain is missing']);
  });

  it('is as sure as independent witnesses are together, less what speaks against it', () => {
    expect(matchOf('exact', [DOMAIN]).score).toBe(0.995);
    expect(matchOf('exact', [DOMAIN, NAME]).score).toBe(0.997);
    expect(matchOf('exact', [DOMAIN, AGAINST]).score).toBe(0.947);
  });

  it('has a higher score in a surer band, whatever the signals', () => {
    fc.assert(
      fc.property(signals, signals, (some, others) => {
        const scores = BANDS.map((band, at) => matchOf(band, at % 2 === 0 ? some : others).score);
        expect(scores.toSorted((left, right) => left - right)).toEqual(scores);
        expect(scores[0]).toBeGreaterThanOrEqual(0.1);
        expect(scores.at(-1)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('is never made surer by what speaks against it, nor less sure by what speaks for it', () => {
    fc.assert(
      fc.property(signals, fc.constantFrom(...BANDS), (some, band) => {
        const { score } = matchOf(band, some);
        expect(matchOf(band, [...some, AGAINST]).score).toBeLessThanOrEqual(score);
        expect(matchOf(band, [...some, NAME]).score).toBeGreaterThanOrEqual(score);
      }),
    );
  });
});

describe('what is known besides the records', () => {
  const exact = matchOf('exact', [DOMAIN]);
  const weak = matchOf('weak', [NAME]);

  it('makes one customer of what other claims join, and keeps what the records say', () => {
    expect(knownAsOne(exact)).toBe(exact);
    expect(knownAsOne(weak)).toMatchObject({
      band: 'exact',
      signals: [expect.stringContaining('+0.90 known as one customer'), ...weak.signals],
    });
    expect(knownAsOne(null).band).toBe('exact');
  });

  it('makes one customer of what the CRM places at one account, unless their own keys contradict that: then a person looks', () => {
    expect(placedTogether('salesforce', '001', weak, false)).toMatchObject({
      band: 'exact',
      signals: [expect.stringContaining('placed at the same account 001 of salesforce'), ...weak.signals],
    });
    expect(placedTogether('salesforce', '001', weak, true)).toMatchObject({
      band: 'probable',
      signals: [expect.any(String), '−0.50 but the domains or company numbers differ', ...weak.signals],
    });
    expect(placedTogether('salesforce', '001', exact, true)).toBe(exact);
  });

  it('is as sure as the less sure step through a group', () => {
    for (const [one, other] of [
      [exact, weak],
      [weak, exact],
    ] as const) {
      expect(throughGroup('its parent', one, other)).toEqual({
        band: 'weak',
        score: weak.score,
        signals: ['its parent', ...other.signals],
      });
    }
  });
});
