import fc from 'fast-check';
import type { ClaimSnapshot, EvidenceSnapshot, Purchase, RivalClaim } from '../../program/claim.ts';
import { PRECEDENCE } from '../../program/definition/conflict-rule.ts';
import type { Program } from '../../program/definition/program.ts';
import { judgeClaim } from '../../program/judge-claim.ts';
import { precedenceAmong, type Criterion } from '../../program/precedence.ts';
import { ACME, EXACT, PROBABLE, SUBMITTED_AT, acmeRules, claim, evidence, opportunity, partner, rival, ruleRow } from './example.ts';

const TIE_ROW = ruleRow('C04_near_simultaneous', { tie: { outcome: 'note' } }, { with: { within: '10 minutes' } });
const LETTER = { kind: 'customer_letter', date: '2026-11-01' };
const MEETING = { kind: 'meeting', date: '2026-11-02' };
const EMAIL = { kind: 'email', date: '2026-11-03' };
const withProofs = (...proofs: ClaimSnapshot['facts']['proofs']): ClaimSnapshot => claim({ facts: { ...claim().facts, proofs } });
const bought = (changes: Partial<Purchase> = {}): Purchase => ({
  source: { kind: 'registration', registrationId: 'reg-1' },
  productLine: 'platform',
  partnerId: 'partner-a',
  boughtAt: '2026-01-01T00:00:00.000Z',
  match: EXACT,
  ...changes,
});

/** A program that ranks by these criteria alone, and has no row about near receipts. */
const by = (...precedence: Criterion[]): Program => acmeRules([], { precedence });

/** The rival of these tests was received first (number 50, three days before), so that `claim` wins by the criterion alone. */
function decide(program: Program, mine: ClaimSnapshot, theirs: RivalClaim, changes: Partial<EvidenceSnapshot> = {}) {
  const { first, by: criterion } = precedenceAmong(program, mine, evidence({ rivals: [theirs], ...changes }))(theirs);
  return [first, criterion];
}

describe('precedenceAmong', () => {
  it.each([
    ['the number just before', 99, 'rival'],
    ['the number just after', 101, 'claim'],
  ])('goes by the number of receipt, not by a clock: %s', (_what, sequence, first) => {
    const later = { submittedAt: '2026-11-24T00:00:00.000Z' };
    expect(decide(by('first_valid_claim'), claim(), rival({ sequence, ...later }))).toEqual([first, 'first_valid_claim']);
  });

  it('gives a returned claim no place where what is completed is received anew', () => {
    const returned = rival({ status: 'returned' });
    const keeping = acmeRules([], { returned: { ...ACME.returned, receipt: 'kept' } });
    expect(decide(by('first_valid_claim'), claim(), returned)).toEqual(['claim', 'first_valid_claim']);
    expect(decide(keeping, claim(), returned)).toEqual(['rival', 'first_valid_claim']);
  });

  it.each([
    ['a millisecond before the receipt', Date.parse(SUBMITTED_AT) - 1, 'receipt'],
    ['at the receipt', Date.parse(SUBMITTED_AT), 'receipt'],
    ['a millisecond after it', Date.parse(SUBMITTED_AT) + 1, 'opportunity_creator'],
  ])('prefers who was there before the opportunity: created %s', (_what, createdAt, criterion) => {
    const created = opportunity({ createdAt: new Date(createdAt).toISOString() });
    const late = rival({ sequence: 101, submittedAt: '2026-12-01T00:00:00.000Z' });
    expect(decide(by('opportunity_creator'), claim(), late, { opportunities: [created] })).toEqual(['claim', criterion]);
  });

  it.each<[string, Partial<EvidenceSnapshot>]>([
    ['nobody created one', {}],
    ['it is closed', { opportunities: [opportunity({ createdAt: '2026-11-30T00:00:00.000Z', isClosed: true })] }],
    ['it is only probable', { opportunities: [opportunity({ createdAt: '2026-11-30T00:00:00.000Z', match: PROBABLE })] }],
    ["it is a relative's", { opportunities: [opportunity({ createdAt: '2026-11-30T00:00:00.000Z', relation: 'parent' })] }],
  ])('has nothing to say of the opportunity where %s', (_what, changes) => {
    const late = rival({ sequence: 101, submittedAt: '2026-12-01T00:00:00.000Z' });
    expect(decide(by('opportunity_creator'), claim(), late, changes)).toEqual(['claim', 'receipt']);
  });

  it.each<[string, readonly Purchase[], readonly string[]]>([
    ['the latest purchase', [bought(), bought({ partnerId: 'partner-b', boughtAt: '2025-01-01T00:00:00.000Z' })], ['claim', 'incumbency']],
    ['a purchase of an unknown line', [bought({ productLine: null })], ['claim', 'incumbency']],
    [
      'a later direct purchase, which leaves no incumbent',
      [bought(), bought({ partnerId: null, boughtAt: '2026-02-01T00:00:00.000Z' })],
      ['rival', 'receipt'],
    ],
    ['a purchase of another line', [bought({ productLine: 'analytics' })], ['rival', 'receipt']],
    ['a purchase at the very receipt', [bought({ boughtAt: SUBMITTED_AT })], ['claim', 'incumbency']],
    ['a purchase after it', [bought({ boughtAt: '2026-11-23T15:00:00.001Z' })], ['rival', 'receipt']],
    ['a probable purchase', [bought({ match: PROBABLE })], ['rival', 'receipt']],
    ['nothing', [], ['rival', 'receipt']],
  ])('knows the incumbent by %s', (_what, purchases, expected) => {
    expect(decide(by('incumbency'), claim(), rival(), { purchases })).toEqual(expected);
  });

  it.each([
    ['the only letter', withProofs(LETTER), [], ['claim', 'customer_choice']],
    ['two letters', withProofs(LETTER), [LETTER], ['rival', 'receipt']],
    ['proofs that are no letters', withProofs(MEETING), [], ['rival', 'receipt']],
  ])("follows the customer's choice by %s", (_what, mine, proofs, expected) => {
    expect(decide(by('customer_choice'), mine, rival({ proofs }))).toEqual(expected);
  });

  it.each([
    ['one more', withProofs(MEETING, EMAIL), [MEETING], ['claim', 'substantial_work']],
    ['as many', withProofs(MEETING), [EMAIL], ['rival', 'receipt']],
    ['the same one twice', withProofs(MEETING, MEETING), [EMAIL], ['rival', 'receipt']],
  ])('counts proofs of work: %s', (_what, mine, proofs, expected) => {
    expect(decide(by('substantial_work'), mine, rival({ proofs }))).toEqual(expected);
  });

  it('takes the criteria in their order, and the first that tells the two apart', () => {
    const theirs = rival({ proofs: [LETTER] });
    const mine = withProofs(MEETING, EMAIL);
    expect(decide(by('customer_choice', 'substantial_work'), mine, theirs)).toEqual(['rival', 'customer_choice']);
    expect(decide(by('substantial_work', 'customer_choice'), mine, theirs)).toEqual(['claim', 'substantial_work']);
    expect(decide(by('first_valid_claim', 'substantial_work'), mine, theirs)).toEqual(['rival', 'first_valid_claim']);
  });

  it('says by what, for insiders', () => {
    const { message } = precedenceAmong(by('customer_choice'), withProofs(LETTER), evidence())(rival());
    expect(message).toBe('reg-100 precedes reg-50 (customer_choice): a letter of the customer.');
  });
});

describe('precedenceAmong, where the program has a row for near receipts', () => {
  const program = acmeRules([TIE_ROW], { precedence: ['first_valid_claim', 'customer_choice'] });
  const at = (minutesBefore: number, extraMs = 0): string =>
    new Date(Date.parse(SUBMITTED_AT) - minutesBefore * 60_000 - extraMs).toISOString();

  it.each([
    ['at exactly the time', at(10), 'customer_choice'],
    ['a millisecond more', at(10, 1), 'first_valid_claim'],
  ])('lets the other criteria decide on receipts within it: %s', (_what, submittedAt, criterion) => {
    expect(decide(program, withProofs(LETTER), rival({ submittedAt }))[1]).toBe(criterion);
  });

  it('breaks a tie by the work done, and only then by the receipt', () => {
    const near = { submittedAt: at(5) };
    expect(decide(program, withProofs(MEETING), rival(near))).toEqual(['claim', 'substantial_work']);
    expect(decide(program, withProofs(MEETING), rival({ ...near, proofs: [EMAIL] }))).toEqual(['rival', 'receipt']);
  });

  it('takes receipts that follow each other within the time as one', () => {
    const far = rival({ submittedAt: at(16) });
    const between = rival({ registrationId: 'reg-60', sequence: 60, partnerId: 'partner-c', submittedAt: at(8) });
    expect(decide(program, withProofs(MEETING), far)).toEqual(['rival', 'first_valid_claim']);
    expect(decide(program, withProofs(MEETING), far, { rivals: [far, between] })).toEqual(['claim', 'substantial_work']);
    const gone = { ...between, status: 'withdrawn' as const };
    expect(decide(program, withProofs(MEETING), far, { rivals: [far, gone] })).toEqual(['rival', 'first_valid_claim']);
  });
});

describe('precedenceAmong among many', () => {
  const contender = fc.record({
    minutes: fc.integer({ min: 0, max: 40 }),
    proofs: fc.subarray([LETTER, MEETING, EMAIL]),
    productLines: fc.subarray(['platform', 'analytics'], { minLength: 1 }),
    status: fc.constantFrom('submitted' as const, 'in_review' as const),
  });
  const world = fc.record({
    contenders: fc.array(contender, { minLength: 2, maxLength: 5 }),
    precedence: fc.shuffledSubarray([...PRECEDENCE], { minLength: 1 }),
    hasTieRow: fc.boolean(),
    purchases: fc.array(
      fc.integer({ min: 0, max: 4 }).map((at) => bought({ partnerId: `p-${at}`, productLine: 'platform' })),
      { maxLength: 1 },
    ),
    createdAfterMinutes: fc.integer({ min: 0, max: 40 }),
  });
  const START_MS = Date.parse('2026-11-23T09:00:00.000Z');
  const instant = (minutes: number): string => new Date(START_MS + minutes * 60_000).toISOString();

  type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

  function build({ contenders, precedence, hasTieRow, purchases, createdAfterMinutes }: World) {
    const rows = [
      ruleRow('C03_competing_pending', { exact: { outcome: 'wait' }, probable: { outcome: 'wait' } }),
      ...(hasTieRow ? [TIE_ROW] : []),
    ];
    const program = acmeRules(rows, { precedence });
    const all = contenders
      .toSorted((left, right) => left.minutes - right.minutes)
      .map(({ minutes, ...drawn }, at) =>
        rival({ ...drawn, registrationId: `r-${at}`, partnerId: `p-${at}`, sequence: at + 1, submittedAt: instant(minutes) }),
      );
    const opportunities = [opportunity({ createdAt: instant(createdAfterMinutes) })];
    const seenBy = (one: RivalClaim) => ({
      claim: claim({
        registrationId: one.registrationId,
        sequence: one.sequence,
        productLines: one.productLines,
        submittedAt: one.submittedAt,
        facts: { ...claim().facts, proofs: one.proofs },
      }),
      evidence: evidence({
        partner: partner({ partnerId: one.partnerId }),
        rivals: all.filter((other) => other !== one),
        purchases,
        opportunities,
      }),
    });
    return { program, all, seenBy };
  }

  it('puts them all in one order, the same from every side', () => {
    fc.assert(
      fc.property(world, (drawn) => {
        const { program, all, seenBy } = build(drawn);
        const isFirst = (one: RivalClaim, other: RivalClaim): boolean => {
          const seen = seenBy(one);
          return precedenceAmong(program, seen.claim, seen.evidence)(other).first === 'claim';
        };
        for (const one of all) {
          for (const other of all) {
            if (one !== other) expect(isFirst(one, other)).toBe(!isFirst(other, one));
          }
        }
        const wins = all.map((one) => all.filter((other) => other !== one && isFirst(one, other)).length);
        expect(wins.toSorted((left, right) => left - right)).toEqual(all.map((_, at) => at));
      }),
      { numRuns: 500 },
    );
  });

  it('leaves somebody who waits for nobody, and nobody who waits in a ring', () => {
    fc.assert(
      fc.property(world, (drawn) => {
        const { program, all, seenBy } = build(drawn);
        const waits = new Map(
          all.map((one) => {
            const seen = seenBy(one);
            const verdict = judgeClaim(program, seen.claim, seen.evidence);
            return [one.registrationId, verdict.outcome === 'wait' ? verdict.waitFor : []] as const;
          }),
        );
        const settled = new Set<string>();
        for (let round = 0; round < all.length; round += 1) {
          for (const [id, waitFor] of waits) if (waitFor.every((other) => settled.has(other))) settled.add(id);
        }
        expect(settled.size).toBe(all.length);
      }),
      { numRuns: 500 },
    );
  });
});
