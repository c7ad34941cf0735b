import type { RivalClaim } from '../../../program/claim.ts';
import type { Program } from '../../../program/definition/program.ts';
import { judgeClaim } from '../../../program/judge-claim.ts';
import { multiPartner } from '../../../program/rules/multi-partner.ts';
import { PROBABLE, acmeRules, claim, evidence, holder, reviewBy, rival, ruleInput, ruleRow } from '../example.ts';

const SPLIT = { id: 'found_and_sold', label: 'Found and sold', shares: { referral: '20', resale: '80' } };
const THREE = { id: 'all_three', label: 'All three', shares: { referral: '10', resale: '60', co_sell: '30' } };
const review = reviewBy('director');
const ROW = ruleRow('C23_multi_partner', { other_role: review });
const COMPETING = [
  ruleRow('C22_customer_choice', { letter: review }),
  ruleRow('C04_near_simultaneous', { tie: review }),
  ruleRow('C02_active_protection', { exact: { outcome: 'deny', waitlist: true }, probable: review }),
  ruleRow('C03_competing_pending', { exact: { outcome: 'wait' }, probable: review }),
];
const PROGRAM = acmeRules([ROW], { splits: [SPLIT] });

const referrer = (changes: Partial<RivalClaim> = {}): RivalClaim => rival({ kind: 'referral', ...changes });

function examine(rivals: readonly RivalClaim[], program: Program = PROGRAM, site: string | null = null) {
  return multiPartner.examine(
    ruleInput('C23_multi_partner', { program, claim: { facts: { ...claim().facts, site } }, evidence: { rivals } }),
  );
}

describe('C23_multi_partner', () => {
  it.each<[string, RivalClaim, 'found' | 'quiet']>([
    ['an earlier claim of another kind', referrer(), 'found'],
    ['a protected one that came later', holder({ kind: 'referral', sequence: 101 }), 'found'],
    ['a later undecided one', referrer({ sequence: 101 }), 'quiet'],
    ['the same kind', rival(), 'quiet'],
    ['a kind that no split names', rival({ kind: 'renewal' }), 'quiet'],
    ['another line', referrer({ productLines: ['analytics'] }), 'quiet'],
    ['one that stands no more', referrer({ status: 'expired' }), 'quiet'],
    ['a probable match', referrer({ match: PROBABLE }), 'quiet'],
    ["the partner's own claim", referrer({ partnerId: 'partner-a' }), 'quiet'],
  ])('looks at %s', (_what, other, kind) => {
    expect(examine([other]).kind).toBe(kind);
  });

  it.each([
    ['the same site', 'north', 'north', 'found'],
    ['the same site, written otherwise', 'North  Plant', ' north plant', 'found'],
    ['sites that differ', 'north', 'south', 'quiet'],
    ['a site on one side alone', 'north', null, 'found'],
  ])('takes one deal for one deal: %s', (_what, mine, theirs, kind) => {
    expect(examine([referrer({ site: theirs })], PROGRAM, mine).kind).toBe(kind);
  });

  it('shows the splits that name every part', () => {
    const finding = examine([referrer()]);
    expect(finding.message).toContain('Splits that name all parts: Found and sold (referral 20 %, resale 80 %).');
    expect(finding.exhibits).toMatchObject([{ kind: 'split' }, { kind: 'rival', summary: expect.stringContaining('as referral: ') }]);
    expect(finding.partnerMessage).not.toMatch(/referral|reg-|partner/);
  });

  it('says so where no split names every part', () => {
    const coSell = { id: 'two', label: 'Two', shares: { resale: '50', co_sell: '50' } };
    const several = [referrer(), rival({ registrationId: 'reg-60', sequence: 60, kind: 'co_sell' })];
    const without = acmeRules([ROW], { splits: [SPLIT, coSell] });
    expect(examine(several, without).message).toContain('No split of the program names all parts.');
    expect(examine(several, acmeRules([ROW], { splits: [SPLIT, coSell, THREE] })).message).toContain('All three (');
  });
});

describe('C23_multi_partner and the rules about competition', () => {
  const LETTER = { kind: 'customer_letter', date: null };
  const judge = (program: Program, other: RivalClaim) =>
    judgeClaim(program, claim({ facts: { ...claim().facts, proofs: [LETTER] } }), evidence({ rivals: [other] }));
  const sharing = acmeRules([...COMPETING, ROW], { splits: [SPLIT] });

  it.each<[string, RivalClaim]>([
    ['a protection', holder({ kind: 'referral', submittedAt: claim().submittedAt, proofs: [LETTER] })],
    ['an undecided claim', referrer({ submittedAt: claim().submittedAt, proofs: [LETTER] })],
  ])('leave partners with different parts to the split: %s', (_what, other) => {
    const verdict = judge(sharing, other);
    expect(verdict.trace.filter(({ fired }) => fired).map(({ rule }) => rule)).toEqual(['C23_multi_partner']);
    expect(verdict).toMatchObject({ outcome: 'review', conflict: { rule: 'C23_multi_partner', rivalIds: ['reg-50'] } });
  });

  it.each<[string, Program]>([
    ['the program has no row for it', acmeRules(COMPETING, { splits: [SPLIT] })],
    ['the row does not apply', acmeRules([...COMPETING, { ...ROW, when: { kinds: ['co_sell'] } }], { splits: [SPLIT] })],
    ['no split names both parts', acmeRules([...COMPETING, ROW], { splits: [] })],
  ])('compete where %s', (_what, program) => {
    const fired = judge(program, holder({ kind: 'referral' })).trace.filter((entry) => entry.fired);
    expect(fired.map(({ rule }) => rule)).toEqual(['C22_customer_choice', 'C02_active_protection']);
  });

  it.each([['note'], ['approve']] as const)('compete where the program would only %s, since a line is not protected twice', (outcome) => {
    const row = ruleRow('C23_multi_partner', { other_role: { outcome } });
    const fired = judge(acmeRules([...COMPETING, row], { splits: [SPLIT] }), holder({ kind: 'referral' })).trace.filter(
      (entry) => entry.fired,
    );
    expect(fired.map(({ rule }) => rule)).toEqual(['C22_customer_choice', 'C02_active_protection', 'C23_multi_partner']);
  });

  it('look first whether it is the same customer', () => {
    const fired = judge(sharing, holder({ kind: 'referral', match: PROBABLE })).trace.filter((entry) => entry.fired);
    expect(fired.map(({ rule }) => rule)).toEqual(['C22_customer_choice', 'C02_active_protection']);
  });
});
