import type { PartnerSnapshot } from '../../../program/claim.ts';
import { defaultKind, partnerNotEligible } from '../../../program/rules/partner-not-eligible.ts';
import type { RegistrationKind } from '../../../program/vocabulary.ts';
import { ACME, partner, ruleInput } from '../example.ts';

function examine(kind: RegistrationKind, changes: Partial<PartnerSnapshot>): ReturnType<typeof partnerNotEligible.examine> {
  return partnerNotEligible.examine(ruleInput('C18_partner_not_eligible', { claim: { kind }, evidence: { partner: partner(changes) } }));
}

describe('C18_partner_not_eligible', () => {
  it.each<[RegistrationKind, Partial<PartnerSnapshot>, string | null]>([
    ['resale', { track: 'solution' }, null],
    ['renewal', { track: 'solution' }, null],
    ['co_sell', { track: 'solution' }, null],
    ['referral', { track: 'solution' }, 'kind'],
    ['referral', { track: 'referral', type: 'referral' }, null],
    ['resale', { track: 'referral', type: 'referral' }, 'kind'],
    ['co_sell', { track: 'technology', type: 'technology' }, null],
    ['resale', { track: 'technology', type: 'technology' }, 'kind'],
    ['resale', { track: 'solution', type: 'si_consultant' }, null],
    ['referral', { track: null, type: 'referral' }, null],
    ['co_sell', { track: null, type: 'technology' }, null],
    ['resale', { track: null, type: 'reseller' }, 'kind'],
    ['referral', { track: null, type: 'affiliate' }, 'kind'],
    ['resale', { status: 'applicant' }, 'status'],
    ['resale', { status: 'suspended' }, 'status'],
    ['resale', { status: 'terminated' }, 'status'],
    ['referral', { status: 'suspended' }, 'status'],
  ])('judges %s by %j: %p', (kind, changes, expected) => {
    const finding = examine(kind, changes);
    expect(finding.kind === 'quiet' ? null : finding.situation).toBe(expected);
  });

  it.each<[string, RegistrationKind, Partial<PartnerSnapshot>, RegExp]>([
    ['to settle a suspension', 'resale', { status: 'suspended' }, /account is suspended; only active .* Ask your partner manager/],
    ['to complete an application', 'resale', { status: 'applicant' }, /Complete your application/],
    ['what an ended agreement means', 'resale', { status: 'terminated' }, /agreement has ended/],
    ['the kinds it may submit', 'resale', { track: 'referral', type: 'referral' }, /Submit it as referral, or/],
    ['the track that allows the kind', 'resale', { track: null, type: 'reseller' }, /joining the solution track/],
  ])('tells the partner %s', (_what, kind, changes, message) => {
    expect(examine(kind, changes).partnerMessage).toMatch(message);
  });
});

describe('C18_partner_not_eligible, by tier', () => {
  const program = {
    ...ACME,
    eligibility: {
      ...ACME.eligibility,
      rows: [
        { tracks: ['solution'], types: [], tiers: ['gold', 'platinum'], kinds: ['resale', 'renewal'] },
        { tracks: ['solution'], types: [], tiers: [], kinds: ['renewal'] },
      ],
    },
  };
  const examine = (kind: RegistrationKind, tier: string | null): ReturnType<typeof partnerNotEligible.examine> =>
    partnerNotEligible.examine(
      ruleInput('C18_partner_not_eligible', { program, claim: { kind }, evidence: { partner: partner({ tier }) } }),
    );

  it.each<[RegistrationKind, string | null, string | null]>([
    ['resale', 'silver', 'kind'],
    ['resale', 'gold', null],
    ['resale', 'platinum', null],
    ['resale', null, 'kind'],
    ['renewal', 'silver', null],
    ['renewal', null, null],
  ])('judges %s in the tier %p: %p', (kind, tier, expected) => {
    const finding = examine(kind, tier);
    expect(finding.kind === 'quiet' ? null : finding.situation).toBe(expected);
  });
});

describe('defaultKind', () => {
  it.each([
    ['solution', 'reseller', 'resale'],
    ['referral', 'referral', 'referral'],
    ['technology', 'technology', 'co_sell'],
    [null, 'referral', 'referral'],
    [null, 'oem', 'resale'],
  ] as const)('is, for track %s and type %s, %s', (track, type, expected) => {
    expect(defaultKind(ACME, { track, type, tier: null })).toBe(expected);
  });
});
