import type { RivalClaim } from '../../../program/claim.ts';
import { nearSimultaneous } from '../../../program/rules/near-simultaneous.ts';
import { PROBABLE, SUBMITTED_AT, acmeRules, claim, holder, rival, ruleInput, ruleRow } from '../example.ts';

const WITHIN = { within: '10 minutes' };
const PROGRAM = acmeRules([ruleRow('C04_near_simultaneous', { tie: { outcome: 'note' } }, { with: WITHIN })]);
const MEETING = { kind: 'meeting', date: '2026-11-02' };
const EMAIL = { kind: 'email', date: '2026-11-03' };
const at = (ms: number): string => new Date(Date.parse(SUBMITTED_AT) + ms).toISOString();
const TEN_MINUTES_MS = 10 * 60_000;
const near = (changes: Partial<RivalClaim> = {}): RivalClaim => rival({ submittedAt: at(-1000), ...changes });

function examine(
  rivals: readonly RivalClaim[],
  proofs = claim().facts.proofs,
  program = PROGRAM,
  parameters: Record<string, string> = WITHIN,
) {
  return nearSimultaneous.examine(
    ruleInput('C04_near_simultaneous', { program, claim: { facts: { ...claim().facts, proofs } }, evidence: { rivals }, with: parameters }),
  );
}

describe('C04_near_simultaneous', () => {
  it.each([
    ['at the same instant', 0, 'found'],
    ['a millisecond before the edge', -TEN_MINUTES_MS + 1, 'found'],
    ['at the edge before', -TEN_MINUTES_MS, 'found'],
    ['just outside it', -TEN_MINUTES_MS - 1, 'quiet'],
    ['at the edge after', TEN_MINUTES_MS, 'found'],
    ['just outside it', TEN_MINUTES_MS + 1, 'quiet'],
  ])('ties claims that were received %s', (_what, ms, kind) => {
    expect(examine([rival({ submittedAt: at(ms), sequence: ms > 0 ? 101 : 50 })]).kind).toBe(kind);
  });

  it.each<[string, RivalClaim, 'found' | 'quiet']>([
    ['an undecided claim', near(), 'found'],
    ['one that was approved meanwhile', holder({ submittedAt: at(-1000) }), 'found'],
    ['one that was withdrawn', near({ status: 'withdrawn' }), 'quiet'],
    ['one that was returned, which comes back later', near({ status: 'returned' }), 'quiet'],
    ['another line', near({ productLines: ['analytics'] }), 'quiet'],
    ['a probable match', near({ match: PROBABLE }), 'quiet'],
    ["the partner's own claim", near({ partnerId: 'partner-a' }), 'quiet'],
  ])('looks at %s', (_what, other, kind) => {
    expect(examine([other]).kind).toBe(kind);
  });

  it.each([
    ['neither side', [], [], 'found'],
    ['both sides alike', [MEETING], [EMAIL], 'found'],
    ['this side alone', [MEETING], [], 'quiet'],
    ['the other side alone', [], [MEETING], 'quiet'],
  ])('is no tie where the work tells them apart: proofs on %s', (_what, mine, theirs, kind) => {
    expect(examine([near({ proofs: theirs })], mine).kind).toBe(kind);
  });

  it('is no tie where a criterion of the program tells them apart', () => {
    const letters = { ...PROGRAM, precedence: ['customer_choice' as const] };
    const letter = { kind: 'customer_letter', date: null };
    expect(examine([near({ proofs: [MEETING] })], [letter], letters).kind).toBe('quiet');
    expect(examine([near({ proofs: [MEETING] })], [letter]).kind).toBe('found');
  });

  it('follows the declared time', () => {
    const other = [rival({ submittedAt: at(-TEN_MINUTES_MS) })];
    const narrow = acmeRules([ruleRow('C04_near_simultaneous', { tie: { outcome: 'note' } }, { with: { within: '9 minutes' } })]);
    expect(examine(other, [], narrow, { within: '9 minutes' }).kind).toBe('quiet');
  });

  it('names all who are tied to insiders, nobody to the partner, and the lines they contest', () => {
    const finding = examine([near(), near({ registrationId: 'reg-60', sequence: 60, partnerId: 'partner-c' })]);
    expect(finding).toMatchObject({ situation: 'tie', rivalIds: ['reg-50', 'reg-60'], lines: ['platform'] });
    expect(finding.message).toContain('reg-60 of partner partner-c');
    expect(finding.partnerMessage).not.toMatch(/reg-|partner|same time/);
  });
});
