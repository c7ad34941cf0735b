import fc from 'fast-check';
import { holds, type Condition } from '../../../program/condition.ts';
import type { Program } from '../../../program/definition/program.ts';
import { tabulate, UNLIMITED } from '../../../program/lint/claim-table.ts';
import { findDeadRows, findGaps, findHoles, findOverlaps } from '../../../program/lint/coverage.ts';
import { ACME, claim, partner } from '../example.ts';
import { NO_FACTS } from '../../../program/claim.ts';

function tableOf(conditions: readonly Condition[], program: Program = ACME) {
  const table = tabulate(program, conditions, UNLIMITED);
  if (table === null) throw new Error('more combinations than are enumerated');
  return table;
}

/** Only partners of the solution track may register. */
const SOLUTION_ONLY: Program = { ...ACME, eligibility: { ...ACME.eligibility, rows: ACME.eligibility.rows.slice(0, 1) } };

const value = (range: Condition['value']): Condition => ({ value: range });
const quantity = (range: Condition['quantity']): Condition => ({ quantity: range });

describe('findGaps', () => {
  it.each<readonly [string, readonly Condition[], readonly string[]]>([
    ['edges that meet', [value({ upTo: '10.00' }), value({ above: '10.00' })], []],
    ['edges that both leave the value out', [value({ below: '10.00' }), value({ above: '10.00' })], ['a value of exactly USD 10.00']],
    ['edges a cent apart', [value({ upTo: '10.00' }), value({ from: '10.01' })], []],
    ['edges two cents apart', [value({ upTo: '10.00' }), value({ from: '10.02' })], ['a value of exactly USD 10.01']],
    ['an end that is missing', [value({ upTo: '10.00' })], ['a value from USD 10.01 on']],
    ['a beginning that is missing', [value({ from: '10.00' })], ['a value up to USD 9.99']],
    ['units, the last inside', [quantity({ upTo: 4999 }), quantity({ from: 5000 })], []],
    ['units, the first outside', [quantity({ upTo: 4999 }), quantity({ above: 5000 })], ['a quantity of exactly 5,000']],
    ['a kind', [{ kinds: ['resale', 'referral', 'co_sell'] }], ['kind renewal']],
    [
      'a tier',
      [{ tiers: ['silver', 'gold'] }, { tracks: ['technology', 'referral'] }, { types: ['technology'] }],
      ['partner type referral or reseller or affiliate or si_consultant or strategic or oem, track solution/platinum or none'],
    ],
    ['a line', [{ productLines: ['platform', 'analytics'] }], ['product line automation']],
    ['a country', [{ countries: ['DE'] }], ['country elsewhere']],
    ['a receipt', [{ submitted: { before: '2026-06-01' } }], ['receipt from 2026-06-01 on']],
    [
      'a band of one kind only',
      [{ kinds: ['resale', 'referral', 'co_sell'] }, value({ upTo: '10.00' })],
      ['kind renewal, a value from USD 10.01 on'],
    ],
  ])('names %s', (_what, conditions, gaps) => {
    expect(findGaps(tableOf(conditions)).map((gap) => gap.replace(/country in region.* or elsewhere/, 'country elsewhere'))).toEqual(gaps);
  });

  it('does not ask for claims that nobody may make', () => {
    // Only the referral track may register referrals.
    expect(findGaps(tableOf([{ kinds: ['resale', 'co_sell', 'renewal'] }, { tracks: ['referral'] }, { types: ['referral'] }]))).toEqual([]);
  });

  it('leaves a country in no region to the role that rules, since nobody can tell its region', () => {
    expect(findGaps(tableOf([{ regions: ACME.regions.map(({ id }) => id) }]))).toEqual([]);
  });

  it('gives up above the limit instead of taking minutes', () => {
    const many = Array.from({ length: 400 }, (_, at): Condition => ({ ...value({ upTo: `${at}.50` }), ...quantity({ upTo: at }) }));
    expect(tabulate(ACME, many, UNLIMITED)).toBeNull();
  });

  const amount = fc.integer({ min: 1, max: 12 }).map((cents) => (cents / 100).toFixed(2));
  const edge = fc.constantFrom('from', 'above', 'upTo', 'below');
  const condition = fc.record(
    {
      value: fc.tuple(edge, amount).map(([key, at]) => ({ [key]: at })),
      quantity: fc.tuple(edge, fc.integer({ min: 1, max: 6 })).map(([key, at]) => ({ [key]: at })),
      kinds: fc.subarray(['resale', 'renewal', 'co_sell'], { minLength: 1 }),
      productLines: fc.subarray(['platform', 'analytics'], { minLength: 1 }),
    },
    { requiredKeys: [] },
  ) as fc.Arbitrary<Condition>;

  it('agrees with how claims are really judged: a gap exactly where no row holds for some claim, an overlap where two do', () => {
    fc.assert(
      fc.property(fc.array(condition, { minLength: 1, maxLength: 4 }), (conditions) => {
        const table = tableOf(conditions, SOLUTION_ONLY);
        const counts = CLAIMS.map((one) => conditions.filter((when) => holds(when, ACME, one, partner()) === 'yes').length);
        expect(findGaps(table).length > 0).toBe(counts.includes(0));
        expect(findOverlaps(table).length > 0).toBe(counts.some((count) => count > 1));
        const isUsed = conditions.map((when, at) => CLAIMS.some((one) => isFirst(conditions, at, when, one)));
        expect(findDeadRows(table, 'first').map(({ row }) => row)).toEqual(isUsed.flatMap((used, at) => (used ? [] : [at])));
      }),
      { numRuns: 60 },
    );
  });

  const isFirst = (conditions: readonly Condition[], at: number, when: Condition, one: ReturnType<typeof claim>): boolean =>
    holds(when, ACME, one, partner()) === 'yes' &&
    conditions.slice(0, at).every((earlier) => holds(earlier, ACME, one, partner()) === 'no');

  /** Claims of a solution partner at and beside every edge that the rows above may have. */
  const CLAIMS = ['resale', 'renewal', 'co_sell'].flatMap((kind) =>
    ['platform', 'analytics', 'automation'].flatMap((line) =>
      Array.from({ length: 14 }, (_, cents) => ((cents + 1) / 100).toFixed(2)).flatMap((written) =>
        Array.from({ length: 8 }, (_, units) =>
          claim({
            kind,
            productLines: [line],
            estimatedValue: { amount: written, currency: 'USD' },
            facts: { ...NO_FACTS, quantity: units + 1 },
          }),
        ),
      ),
    ),
  );
});

describe('findHoles', () => {
  it('sees a band between two rows, and no open end', () => {
    expect(findHoles(tableOf([quantity({ upTo: 9 }), quantity({ above: 10, upTo: 20 })]), ['quantity'])).toEqual([
      'a quantity of exactly 10',
    ]);
    expect(findHoles(tableOf([quantity({ from: 10, upTo: 20 })]), ['quantity'])).toEqual([]);
  });
});

describe('findDeadRows', () => {
  it.each<readonly [string, readonly Condition[], ReturnType<typeof findDeadRows>]>([
    [
      'a row that two others cover together',
      [value({ upTo: '10.00' }), value({ above: '10.00' }), { kinds: ['resale'] }],
      [{ row: 2, coveredBy: [0, 1] }],
    ],
    ['a row that keeps one cent', [value({ upTo: '10.00' }), value({ above: '10.01' }), { kinds: ['resale'] }], []],
    ['a condition that contradicts itself', [{ tracks: ['solution'], tiers: ['premier'] }, {}], [{ row: 0, coveredBy: [] }]],
    ['a kind that the track may not register', [{ tracks: ['technology'], kinds: ['resale'] }, {}], [{ row: 0, coveredBy: [] }]],
  ])('names %s', (_what, conditions, dead) => {
    expect(findDeadRows(tableOf(conditions), 'first')).toEqual(dead);
  });
});

describe('findOverlaps', () => {
  it('sees lines that meet on one claim, where it is told to look at claims for both', () => {
    const conditions: readonly Condition[] = [{ productLines: ['platform'] }, { productLines: ['analytics', 'automation'] }];
    expect(findOverlaps(tableOf(conditions))).toEqual([]);
    const both = tabulate(ACME, conditions, UNLIMITED, [['platform'], ['analytics'], ['platform', 'analytics']]);
    expect(both === null ? null : findOverlaps(both)).toEqual([{ rows: [0, 1], where: 'product line platform together with analytics' }]);
  });
});
