import type { Money } from '../../program/vocabulary.ts';
import type { BookedClaim, ClaimBook } from './claim-book.ts';
import { ANY, AUTOMATIC, BELOW_MINIMUM, BY_VP, dollars, drawValue, REVIEWED, type ValueRange } from './claim-value.ts';
import { type Customer, legalName } from './customer.ts';
import type { DirectProgress, DirectTarget } from './opportunity.ts';
import { kindsOf, type PartnerActivity, type SamplePartner, type SampleKind } from './partner.ts';
import type { Random } from './random.ts';
import { drawKind, drawLines, PRODUCT_LINES } from './registration.ts';
import { stateAgainExactly, stateAgainLoosely, stateCustomer, type StatedCustomer, varyName, writeDomain } from './restatement.ts';

/** What makes a label true: who claims what, of whom, in which words, and the claim it follows. */
export interface ClaimCause {
  readonly partner: SamplePartner;
  readonly customer: Customer;
  readonly stated: StatedCustomer;
  readonly productLines: readonly string[];
  readonly kind: SampleKind;
  readonly estimatedValue: Money;
  readonly follows: BookedClaim | null;
}

/** Everything that claims are drawn from. */
export interface ClaimWorld {
  readonly random: Random;
  readonly partners: readonly SamplePartner[];
  readonly activity: PartnerActivity;
  readonly book: ClaimBook;
  /** The next customer nobody has claimed and the direct team does not sell to. */
  takeCustomer(): Customer;
  takeTarget(progress: DirectProgress): DirectTarget;
}

/** A claim without any conflict; `nth` counts the clean claims of this band from 0 and puts some of them on the band's very edges. */
export function causeClean(world: ClaimWorld, band: 'auto' | 'review', nth: number): ClaimCause {
  const { random } = world;
  const companion = band === 'auto' && nth > 10 && random.chance(0.06) ? causeCompanion(world) : null;
  if (companion !== null) return companion;
  const edge = (band === 'auto' ? AUTOMATIC_EDGES : REVIEWED_EDGES)[nth];
  const range = band === 'auto' ? AUTOMATIC : nth % 24 === 23 ? BY_VP : REVIEWED;
  const cause = causeOrdinary(world, world.activity.pick(), range);
  return edge === undefined ? cause : { ...cause, estimatedValue: dollars(edge) };
}

const AUTOMATIC_EDGES: Readonly<Record<number, string>> = { 2: '25000.00', 5: '5000.00' };
const REVIEWED_EDGES: Readonly<Record<number, string>> = { 0: '25000.01', 1: '100000.00', 2: '100000.01', 3: '250000.00', 4: '250000.01' };

/** The same customer, other product lines: no conflict. */
function causeCompanion(world: ClaimWorld): ClaimCause | null {
  const { random } = world;
  for (const base of world.book.candidates(({ registration, followers }) => registration.productLines.length < 3 && followers.size === 0)) {
    const stated = stateAgainExactly(random, base.customer, base.registration.customer);
    if (stated === null) continue;
    const partner = random.chance(0.3) ? base.partner : world.activity.pick(base.partnerIds);
    base.followers.add('companion');
    base.partnerIds.add(partner.externalId);
    const free = PRODUCT_LINES.filter((line) => !base.registration.productLines.includes(line));
    return draw(world, partner, base.customer, stated, drawLines(random, free), AUTOMATIC, base);
  }
  return null;
}

/** The same partner files the same customer and line again. */
export function causeDuplicate(world: ClaimWorld): ClaimCause {
  const { random, book } = world;
  for (const base of book.candidates(({ followers }) => !followers.has('duplicate'))) {
    const stated = stateAgainExactly(random, base.customer, base.registration.customer);
    if (stated === null) continue;
    base.followers.add('duplicate');
    return draw(world, base.partner, base.customer, stated, drawLines(random, base.registration.productLines), ANY, base);
  }
  throw new RangeError('no claim is left for a duplicate');
}

/** Another partner holds an active protection on the same customer and line. */
export function causeActiveConflict(world: ClaimWorld): ClaimCause {
  const { random, book, activity } = world;
  for (const base of book.candidates(({ approved, followers }) => approved && !followers.has('active'))) {
    const stated = stateAgainExactly(random, base.customer, base.registration.customer);
    if (stated === null) continue;
    base.followers.add('active');
    return draw(world, activity.pick(base.partnerIds), base.customer, stated, drawOverlap(random, base), ANY, base);
  }
  throw new RangeError('no protection is left for a conflict');
}

/** Another partner holds or seeks what is probably the same customer and line. */
export function causeProbableConflict(world: ClaimWorld): ClaimCause {
  const { random, book, activity } = world;
  const [base] = book.candidates(({ followers }) => followers.size === 0);
  if (base === undefined) throw new RangeError('no claim is left for a probable conflict');
  base.followers.add('probable');
  const stated = stateAgainLoosely(random, base.customer, base.registration.customer);
  return draw(world, activity.pick(base.partnerIds), base.customer, stated, drawOverlap(random, base), ANY, base);
}

/** The direct team has an open opportunity with this customer. */
export function causeDirect(world: ClaimWorld, progress: DirectProgress): ClaimCause {
  const { random } = world;
  const { customer, account } = world.takeTarget(progress);
  const name = random.chance(0.25) ? varyName(random, customer) : legalName(customer);
  // An account without a website can only be known surely by name, country and postal code.
  const stated: StatedCustomer =
    account.website === null && account.postalCode !== null
      ? { name, country: account.country, postalCode: account.postalCode }
      : { name, domain: writeDomain(random, customer.domain), country: customer.market.country };
  const range = progress === 'stale' ? AUTOMATIC : ANY;
  return draw(world, world.activity.pick(), customer, stated, drawLines(random), range, null);
}

/** A partner who may not register this: not active, or of a track that this kind is not for. `nth` walks through the reasons. */
export function causeIneligible(world: ClaimWorld, nth: number): ClaimCause {
  const { random, partners } = world;
  const inactive = partners.filter(({ status }) => status !== 'active');
  const trackless = partners.filter(({ status, track }) => status === 'active' && track === null);
  const reasons = [
    () => random.pick(inactive),
    () => world.activity.pick(new Set(partners.filter(({ track }) => track !== 'technology').map(({ externalId }) => externalId))),
    () => world.activity.pick(new Set(partners.filter(({ track }) => track !== 'referral').map(({ externalId }) => externalId))),
    () => random.pick(trackless),
  ];
  const partner = reasons[nth % reasons.length]!();
  const allowed = kindsOf(partner.track);
  const kind =
    partner.status === 'active'
      ? random.pick((['resale', 'co_sell', 'referral'] as const).filter((each) => !allowed.includes(each)))
      : null;
  const cause = causeOrdinary(world, partner, AUTOMATIC);
  return kind === null ? cause : { ...cause, kind };
}

/** Below the program's minimum; the first by a cent. */
export function causeBelowMinimum(world: ClaimWorld, nth: number): ClaimCause {
  const cause = causeOrdinary(world, world.activity.pick(), BELOW_MINIMUM);
  return nth === 0 ? { ...cause, estimatedValue: dollars('4999.99') } : cause;
}

function causeOrdinary(world: ClaimWorld, partner: SamplePartner, range: ValueRange): ClaimCause {
  const customer = world.takeCustomer();
  return draw(world, partner, customer, stateCustomer(world.random, customer), drawLines(world.random), range, null);
}

function draw(
  { random }: ClaimWorld,
  partner: SamplePartner,
  customer: Customer,
  stated: StatedCustomer,
  productLines: readonly string[],
  range: ValueRange,
  follows: BookedClaim | null,
): ClaimCause {
  const currency = random.chance(0.1) ? 'USD' : customer.market.currency;
  const kind = partner.track === null ? 'resale' : drawKind(random, partner);
  return { partner, customer, stated, productLines, kind, estimatedValue: drawValue(random, range, currency), follows };
}

/** At least one of the lines of the earlier claim, and sometimes others. */
function drawOverlap(random: Random, base: BookedClaim): readonly string[] {
  const shared = random.pick(base.registration.productLines);
  return PRODUCT_LINES.filter((line) => line === shared || random.chance(0.25));
}
