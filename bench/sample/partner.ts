import type { PARTNER_TIERS, PARTNER_TRACKS, PARTNER_TYPES, PartnerStatus, REGISTRATION_KINDS } from '../../program/vocabulary.ts';

/** The sample keeps to the ids that `programs/acme.yaml` declares. */
type PartnerType = (typeof PARTNER_TYPES)[number];
type PartnerTrack = (typeof PARTNER_TRACKS)[number];
type PartnerTier = (typeof PARTNER_TIERS)[number];
export type SampleKind = (typeof REGISTRATION_KINDS)[number];
import { type CompanyNames, slugOf } from './company-name.ts';
import { pickMarket } from './market.ts';
import type { Random } from './random.ts';

/** The body of `PUT /v1/partners/{externalId}` with the id it is put under. */
export interface SamplePartner {
  readonly externalId: string;
  readonly name: string;
  readonly domain: string;
  readonly country: string;
  readonly type: PartnerType;
  readonly track: PartnerTrack | null;
  readonly tier: PartnerTier | null;
  readonly status: PartnerStatus;
  /** A user's alias; absent for most, who then belong to the program's default. */
  readonly manager?: string;
}

interface Cohort {
  readonly count: number;
  readonly type: PartnerType;
  readonly track: PartnerTrack | null;
  readonly tier: PartnerTier | null;
  readonly status: PartnerStatus;
}

const cohort = (
  count: number,
  type: PartnerType,
  track: PartnerTrack | null,
  tier: PartnerTier | null,
  status: PartnerStatus = 'active',
): Cohort => ({
  count,
  type,
  track,
  tier,
  status,
});

const COHORTS: readonly Cohort[] = [
  cohort(45, 'reseller', 'solution', 'silver'),
  cohort(25, 'reseller', 'solution', 'gold'),
  cohort(10, 'reseller', 'solution', 'platinum'),
  cohort(22, 'technology', 'technology', 'registered'),
  cohort(13, 'technology', 'technology', 'certified'),
  cohort(5, 'technology', 'technology', 'premier'),
  cohort(24, 'referral', 'referral', null),
  cohort(2, 'si_consultant', 'solution', 'silver'),
  cohort(1, 'si_consultant', 'solution', 'gold'),
  cohort(1, 'affiliate', null, null),
  cohort(1, 'strategic', null, null),
  cohort(1, 'oem', null, null),
  // Beyond the 150 active ones: partners who may not register now.
  cohort(2, 'reseller', 'solution', 'silver', 'suspended'),
  cohort(1, 'technology', 'technology', 'certified', 'suspended'),
  cohort(2, 'reseller', 'solution', null, 'applicant'),
  cohort(1, 'reseller', 'solution', 'gold', 'terminated'),
];

const TRADES: Readonly<Record<PartnerType, readonly string[]>> = {
  reseller: ['Systems', 'Cloud Partners', 'IT Solutions', 'Networks', 'Business Technology', 'Digital', 'Data Services', 'Computing'],
  technology: ['Labs', 'Connect', 'Integrations', 'Analytics', 'API Works', 'Dataflow', 'Automation'],
  referral: ['Advisors', 'Associates', 'Referrals', 'Introductions', 'Counsel'],
  si_consultant: ['Consulting'],
  affiliate: ['Review Media'],
  strategic: ['Alliance'],
  oem: ['Devices'],
};

/** Draws Acme's 150 active partners and six who are suspended, not yet admitted or gone; ids run from `P-001`. */
export function drawPartners(random: Random, names: CompanyNames): readonly SamplePartner[] {
  const members = COHORTS.flatMap((shape) => Array.from({ length: shape.count }, () => shape));
  return members.map(({ type, track, tier, status }, index) => {
    const market = pickMarket(random);
    const bareName = names.take(market.flavour, TRADES[type]);
    const manager =
      tier === 'platinum' || tier === 'premier' || type === 'strategic' ? (random.chance(0.5) ? 'manager' : undefined) : undefined;
    return {
      externalId: `P-${String(index + 1).padStart(3, '0')}`,
      name: `${bareName} ${random.pick(market.suffixes)}`,
      domain: `${slugOf(bareName)}.example`,
      country: market.country,
      type,
      track,
      tier,
      status,
      ...(manager === undefined ? {} : { manager }),
    };
  });
}

/** The kinds a partner of this track may register by the sample program; none without a track. */
export function kindsOf(track: PartnerTrack | null): readonly SampleKind[] {
  switch (track) {
    case 'solution':
      return ['resale', 'co_sell', 'renewal'];
    case 'technology':
      return ['co_sell'];
    case 'referral':
      return ['referral'];
    case null:
      return [];
  }
}

/** Hands out active, eligible partners as often as they would register: Zipf with exponent 1.1 over four fifths of them; the others are silent. */
export interface PartnerActivity {
  /** Any active partner who may register, except the excluded. */
  pick(except?: ReadonlySet<string>): SamplePartner;
}

export function openPartnerActivity(random: Random, partners: readonly SamplePartner[]): PartnerActivity {
  const eligible = partners.filter((partner) => partner.status === 'active' && partner.track !== null);
  const silentShare = 0.2;
  const ranked = eligible
    .map((partner) => ({ partner, eagerness: random.next() + (EAGERNESS[partner.tier ?? 'registered'] ?? 0) }))
    .toSorted((a, b) => b.eagerness - a.eagerness)
    .slice(0, Math.round(eligible.length * (1 - silentShare)))
    .map(({ partner }, index) => [partner, (index + 1) ** -1.1] as const);
  return { pick: (except = new Set()) => random.pickWeighted(ranked.filter(([partner]) => !except.has(partner.externalId))) };
}

const EAGERNESS: Partial<Readonly<Record<PartnerTier, number>>> = { platinum: 0.6, gold: 0.3, premier: 0.3, certified: 0.1 };
