import { compareIdentities, identify, type Identity } from './sample-identity.ts';
import { type Crm, type Label, OPEN_STAGES, type Partners, type Registrations } from './sample-schema.ts';

type Registration = Registrations[number]['registration'];

/** What the contract's sample program makes of one registration; `unplanned` names what the sample must not contain. */
export interface Judgement {
  readonly label: Label | 'unplanned';
  readonly why: string;
  /** Earlier claims that cause the label. */
  readonly rivals: readonly string[];
}

interface JudgedClaim {
  readonly registration: Registration;
  readonly identity: Identity;
  readonly state: 'approved' | 'undecided' | 'denied';
}

interface OpenOpportunity {
  readonly key: string;
  readonly identity: Identity;
  readonly progress: 'direct_early' | 'direct_late_active' | 'direct_stale';
}

/** Plays the stream from an empty store against the CRM, by the contract's rules, without looking at the labels. */
export function judgeStream(partners: Partners, crm: Crm, stream: readonly Registration[]): readonly Judgement[] {
  const byId = new Map(partners.map((partner) => [partner.externalId, partner]));
  const open = openOpportunities(crm);
  const earlier: JudgedClaim[] = [];
  return stream.map((registration) => {
    const partner = byId.get(registration.partnerId);
    if (partner === undefined) return { label: 'unplanned', why: `unknown partner ${registration.partnerId}`, rivals: [] };
    const identity = identify(registration.customer);
    const judgement = judge(partner, registration, identity, earlier, open);
    earlier.push({ registration, identity, state: stateAfter(judgement.label) });
    return judgement;
  });
}

function judge(
  partner: Partners[number],
  registration: Registration,
  identity: Identity,
  earlier: readonly JudgedClaim[],
  open: readonly OpenOpportunity[],
): Judgement {
  if (partner.status !== 'active') return { label: 'ineligible', why: `partner is ${partner.status}`, rivals: [] };
  if (!mayRegister(partner.track, registration.kind))
    return { label: 'ineligible', why: `${partner.track} may not register ${registration.kind}`, rivals: [] };
  const band = bandOf(registration.estimatedValue);
  if (band === 'below_minimum') return { label: band, why: registration.estimatedValue.amount, rivals: [] };
  if (band === 'unclear') return { label: 'unplanned', why: `${registration.estimatedValue.amount} is too near an edge`, rivals: [] };

  const matches = earlier.flatMap((claim) => {
    const isLive = claim.state !== 'denied' && claim.registration.productLines.some((line) => registration.productLines.includes(line));
    const match = isLive ? compareIdentities(identity, claim.identity) : null;
    return match === null ? [] : [{ ...claim, match, isOwn: claim.registration.partnerId === registration.partnerId }];
  });
  const found = (label: Judgement['label'], why: string, claims: readonly JudgedClaim[]): Judgement => ({
    label,
    why,
    rivals: claims.map((claim) => claim.registration.externalId),
  });
  const own = matches.filter((claim) => claim.isOwn && claim.match === 'exact');
  if (own.length > 0) return found('duplicate_same_partner', 'own earlier claim', own);
  const others = matches.filter((claim) => !claim.isOwn);
  const active = others.filter((claim) => claim.match === 'exact' && claim.state === 'approved');
  if (active.length > 0) return found('conflict_active', 'active protection', active);
  const probable = others.filter((claim) => claim.match === 'probable');
  if (probable.length > 0) return found('conflict_probable', 'probable match', probable);
  if (others.length > 0) return found('unplanned', 'waits for an undecided claim', others);

  const direct = open
    .map((opportunity) => ({ ...opportunity, match: compareIdentities(identity, opportunity.identity) }))
    .filter(({ match }) => match !== null);
  const [first, second] = direct;
  if (second !== undefined) return { label: 'unplanned', why: 'more than one open opportunity', rivals: [] };
  if (first === undefined) return { label: band, why: 'no conflict', rivals: [] };
  if (first.match === 'probable') return { label: 'unplanned', why: `probably the customer of ${first.key}`, rivals: [] };
  const isStaleButLarge = first.progress === 'direct_stale' && band !== 'clean_auto';
  return { label: isStaleButLarge ? 'unplanned' : first.progress, why: first.key, rivals: [] };
}

function openOpportunities(crm: Crm): readonly OpenOpportunity[] {
  const accounts = new Map(crm.accounts.map((account) => [account.key, account]));
  return crm.opportunities.flatMap((opportunity) => {
    const stage = OPEN_STAGES.findIndex((name) => name === opportunity.stage);
    const account = accounts.get(opportunity.account);
    if (stage < 0 || account === undefined) return [];
    const quietDays = Math.min(opportunity.createdDaysAgo, opportunity.lastActivityDaysAgo ?? opportunity.createdDaysAgo);
    const progress = stage < 3 ? 'direct_early' : quietDays <= 180 ? 'direct_late_active' : 'direct_stale';
    return [{ key: opportunity.key, identity: identify({ ...account, domain: account.website }), progress }];
  });
}

function mayRegister(track: Partners[number]['track'], kind: Registration['kind']): boolean {
  switch (track) {
    case 'solution':
      return kind === 'resale' || kind === 'renewal' || kind === 'co_sell';
    case 'technology':
      return kind === 'co_sell';
    case 'referral':
      return kind === 'referral';
    case null:
      return false;
  }
}

/** US dollars a unit is worth at least and at most: wide enough for any table of recent years, so the labels do not hang on one. */
const RATES: Readonly<Record<string, readonly [number, number]>> = {
  USD: [1, 1],
  EUR: [1.02, 1.22],
  GBP: [1.2, 1.4],
  JPY: [0.0062, 0.0073],
  CHF: [1.08, 1.28],
  AED: [0.272, 0.2726],
  CAD: [0.68, 0.78],
};

export function bandOf(value: Registration['estimatedValue']): 'clean_auto' | 'clean_review' | 'below_minimum' | 'unclear' {
  const bands = (RATES[value.currency] ?? [0, Infinity]).map((rate) => {
    const dollars = Number(value.amount) * rate;
    return dollars < 5_000 ? 'below_minimum' : dollars <= 25_000 ? 'clean_auto' : 'clean_review';
  });
  const [low, high] = bands;
  return low !== undefined && low === high ? low : 'unclear';
}

function stateAfter(label: Judgement['label']): JudgedClaim['state'] {
  switch (label) {
    case 'clean_auto':
    case 'direct_stale':
      return 'approved';
    case 'clean_review':
    case 'conflict_probable':
    case 'direct_early':
    case 'unplanned':
      return 'undecided';
    case 'duplicate_same_partner':
    case 'conflict_active':
    case 'direct_late_active':
    case 'ineligible':
    case 'below_minimum':
      return 'denied';
  }
}
