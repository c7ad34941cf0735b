import type { RivalClaim } from '../../../program/claim.ts';
import { activeProtection } from '../../../program/rules/active-protection.ts';
import { competingPending } from '../../../program/rules/competing-pending.ts';
import { duplicateSamePartner } from '../../../program/rules/duplicate-same-partner.ts';
import { linesDisjoint } from '../../../program/rules/lines-disjoint.ts';
import type { Finding, Rule } from '../../../program/rules/rule.ts';
import { REGISTRATION_STATUSES } from '../../../program/vocabulary.ts';
import { ACME, PROBABLE, WEAK, acmeWith, holder, parseOrThrow, rival, ruleInput } from '../example.ts';

function situationOf(
  rule: Pick<Rule, 'id'> & { readonly examine: (input: never) => Finding },
  rivals: readonly RivalClaim[],
  program = ACME,
): string | null {
  const finding = rule.examine(ruleInput(rule.id, { program, evidence: { rivals } }) as never);
  return finding.kind === 'quiet' ? null : finding.situation;
}

const KEEPS_RECEIPT = parseOrThrow(acmeWith('receipt: renewed', 'receipt: kept'));

const UNDECIDED = ['submitted', 'in_review', 'returned'];

describe('C01_duplicate_same_partner', () => {
  const own = (changes: Partial<RivalClaim> = {}): RivalClaim => rival({ partnerId: 'partner-a', ...changes });

  it.each<[string, RivalClaim, string | null]>([
    ['an earlier undecided claim', own(), 'exact'],
    ['an earlier protected claim', own({ status: 'approved', protectedLines: ['platform'] }), 'exact'],
    ['the claim just before', own({ sequence: 99 }), 'exact'],
    ['the claim itself', own({ registrationId: 'reg-100', sequence: 99 }), null],
    ['a later claim', own({ sequence: 101 }), null],
    ['a claim whose protection has ended', own({ status: 'approved', protectedLines: [] }), null],
    ['another line', own({ productLines: ['analytics'] }), null],
    ['one of several lines', own({ productLines: ['analytics', 'platform'] }), 'exact'],
    ['a probable match', own({ match: PROBABLE }), null],
    ['another partner', rival(), null],
  ])('looks at %s', (_what, other, expected) => {
    expect(situationOf(duplicateSamePartner, [other])).toBe(expected);
  });

  it.each(REGISTRATION_STATUSES.map((status) => [status] as const))(
    'counts a claim without a protection that is %s only while it is undecided',
    (status) => {
      expect(situationOf(duplicateSamePartner, [own({ status })])).toBe(UNDECIDED.includes(status) ? 'exact' : null);
    },
  );

  it('names the earlier registration to the partner, whose own it is', () => {
    const finding = duplicateSamePartner.examine(ruleInput(duplicateSamePartner.id, { evidence: { rivals: [own()] } }));
    expect(finding.partnerMessage).toContain('reg-50');
  });
});

describe('C02_active_protection', () => {
  it.each<[string, readonly RivalClaim[], string | null]>([
    ['a protection of the line', [holder()], 'exact'],
    ['a protection that was received later', [holder({ sequence: 500 })], 'exact'],
    ['a protection of a won deal', [holder({ status: 'won' })], 'exact'],
    ['a protection of another line', [holder({ productLines: ['platform', 'analytics'], protectedLines: ['analytics'] })], null],
    ['an approved claim whose protection has ended', [holder({ protectedLines: [] })], null],
    ["the partner's own protection", [holder({ partnerId: 'partner-a' })], null],
    ['the claim itself, mistaken for a rival', [holder({ registrationId: 'reg-100' })], null],
    ['a probable match', [holder({ match: PROBABLE })], 'probable'],
    ['a weak match', [holder({ match: WEAK })], null],
    ['a probable and a certain one', [holder({ match: PROBABLE }), holder({ registrationId: 'reg-51' })], 'exact'],
  ])('looks at %s', (_what, rivals, expected) => {
    expect(situationOf(activeProtection, rivals)).toBe(expected);
  });

  it('fires on an overlap by one of several lines and names that line alone', () => {
    const finding = activeProtection.examine(
      ruleInput(activeProtection.id, { claim: { productLines: ['automation', 'platform'] }, evidence: { rivals: [holder()] } }),
    );
    expect(finding).toMatchObject({
      kind: 'found',
      lines: ['platform'],
      message: expect.stringContaining('Protected on platform at'),
      partnerMessage: expect.stringContaining('registered for platform.'),
    });
  });

  it('notes weak matches without firing', () => {
    const finding = activeProtection.examine(ruleInput(activeProtection.id, { evidence: { rivals: [holder({ match: WEAK })] } }));
    expect(finding).toMatchObject({ kind: 'quiet', exhibits: [{ kind: 'weak_match' }] });
  });
});

describe('C03_competing_pending', () => {
  it.each<[string, RivalClaim, string | null]>([
    ['the claim just before', rival({ sequence: 99 }), 'exact'],
    ['the claim just after', rival({ sequence: 101 }), null],
    ['another line', rival({ productLines: ['analytics'] }), null],
    ["the partner's own claim", rival({ partnerId: 'partner-a' }), null],
    ['a probable match', rival({ match: PROBABLE }), 'probable'],
    ['a later probable match', rival({ match: PROBABLE, sequence: 101 }), null],
    ['a weak match', rival({ match: WEAK }), null],
  ])('looks at %s', (_what, other, expected) => {
    expect(situationOf(competingPending, [other])).toBe(expected);
  });

  it.each(REGISTRATION_STATUSES.map((status) => [status] as const))('counts a claim that is %s only while it is undecided', (status) => {
    expect(situationOf(competingPending, [rival({ status })], KEEPS_RECEIPT)).toBe(UNDECIDED.includes(status) ? 'exact' : null);
  });

  it('does not count a claim that is returned where what is completed has a later receipt', () => {
    expect(situationOf(competingPending, [rival({ status: 'returned' })])).toBeNull();
    expect(situationOf(competingPending, [rival({ status: 'in_review' })])).toBe('exact');
  });

  it('waits for the certain ones alone where there are probable ones too', () => {
    const rivals = [
      rival({ registrationId: 'reg-40', match: PROBABLE }),
      rival({ registrationId: 'reg-41' }),
      rival({ registrationId: 'reg-42', sequence: 42 }),
    ];
    const finding = competingPending.examine(ruleInput(competingPending.id, { evidence: { rivals } }));
    expect(finding).toMatchObject({ situation: 'exact', rivalIds: ['reg-42', 'reg-41'] });
  });
});

describe('C16_lines_disjoint', () => {
  it.each<[string, RivalClaim, string | null]>([
    ['a protection of another line', holder({ productLines: ['analytics'], protectedLines: ['analytics'] }), 'exact'],
    ['an undecided claim on another line', rival({ productLines: ['analytics', 'automation'] }), 'exact'],
    ['an overlap', rival({ productLines: ['analytics', 'platform'] }), null],
    ['a claim that stands no more', rival({ status: 'denied', productLines: ['analytics'] }), null],
    ["the partner's own claim", rival({ partnerId: 'partner-a', productLines: ['analytics'] }), null],
    ['a probable match', rival({ productLines: ['analytics'], match: PROBABLE }), 'probable'],
    ['a weak match', rival({ productLines: ['analytics'], match: WEAK }), null],
  ])('looks at %s', (_what, other, expected) => {
    expect(situationOf(linesDisjoint, [other])).toBe(expected);
  });
});
