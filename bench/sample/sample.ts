import { openClaimBook } from './claim-book.ts';
import {
  causeActiveConflict,
  causeBelowMinimum,
  causeClean,
  causeDirect,
  causeDuplicate,
  causeIneligible,
  causeProbableConflict,
  type ClaimCause,
  type ClaimWorld,
} from './claim-cause.ts';
import { openCompanyNames } from './company-name.ts';
import { drawCrm, type DrawnCrm, type SampleCrm } from './crm.ts';
import { type Customer, drawCustomers } from './customer.ts';
import type { DirectProgress } from './opportunity.ts';
import { drawPartners, openPartnerActivity, type SamplePartner } from './partner.ts';
import { openRandom, type Random } from './random.ts';
import { drawRegistration, EXPECTED_OUTCOMES, type LabelledRegistration } from './registration.ts';
import { drawLabels, type Label } from './stream.ts';

export interface Sample {
  readonly partners: readonly SamplePartner[];
  readonly crm: SampleCrm;
  readonly registrations: readonly LabelledRegistration[];
}

/** A sample with what only its generator knows. */
export interface DrawnSample extends Sample {
  /** The customer that each registration truly is about, in their order. */
  readonly customers: readonly Customer[];
}

const SELLING_COUNT = 116;
const QUIET_COUNT = 236;
const OUTSIDE_COUNT = 700;

/** Draws the whole sample; the same seed gives the same sample. */
export function drawSample(seed: number): DrawnSample {
  const names = openCompanyNames(openRandom(seed, 'names'));
  const partners = drawPartners(openRandom(seed, 'partners'), names);
  const selling = drawCustomers(openRandom(seed, 'selling'), names, 'A', SELLING_COUNT);
  const quiet = drawCustomers(openRandom(seed, 'quiet'), names, 'B', QUIET_COUNT);
  const outside = drawCustomers(openRandom(seed, 'outside'), names, 'C', OUTSIDE_COUNT);
  const drawn = drawCrm(openRandom(seed, 'crm'), selling, quiet);
  const random = openRandom(seed, 'registrations');
  const world: ClaimWorld = {
    random,
    partners,
    activity: openPartnerActivity(random, partners),
    book: openClaimBook(random),
    takeCustomer: queueCustomers(random, quiet, outside, drawn),
    takeTarget: queueTargets(drawn),
  };
  const played = playLabels(world, drawLabels(openRandom(seed, 'labels')));
  return {
    partners,
    crm: drawn.crm,
    registrations: played.map(({ labelled }) => labelled),
    customers: played.map(({ customer }) => customer),
  };
}

/** Draws a claim for each label, in order, and books the clean ones for later claims to follow. */
function playLabels(
  world: ClaimWorld,
  labels: readonly Label[],
): readonly { readonly labelled: LabelledRegistration; readonly customer: Customer }[] {
  const counts = new Map<Label, number>();
  return labels.map((label, index) => {
    const nth = counts.get(label) ?? 0;
    counts.set(label, nth + 1);
    const cause = causeOf(world, label, nth);
    const registration = drawRegistration(world.random, { ...cause, externalId: `DR-${String(index + 1).padStart(4, '0')}` });
    // A companion is not booked: what followed it could as well be said to follow its base.
    if ((label === 'clean_auto' || label === 'clean_review') && cause.follows === null) {
      world.book.add({
        registration,
        customer: cause.customer,
        partner: cause.partner,
        approved: label === 'clean_auto',
        followers: new Set(),
        partnerIds: new Set([cause.partner.externalId]),
      });
    }
    const isRivalry = label === 'duplicate_same_partner' || label === 'conflict_active' || label === 'conflict_probable';
    const rival = isRivalry && cause.follows !== null ? { rivalExternalId: cause.follows.registration.externalId } : {};
    const labelled = { registration, label, truth: { expectedOutcome: EXPECTED_OUTCOMES[label], ...rival } };
    return { labelled, customer: cause.customer };
  });
}

function causeOf(world: ClaimWorld, label: Label, nth: number): ClaimCause {
  switch (label) {
    case 'clean_auto':
      return causeClean(world, 'auto', nth);
    case 'clean_review':
      return causeClean(world, 'review', nth);
    case 'duplicate_same_partner':
      return causeDuplicate(world);
    case 'conflict_active':
      return causeActiveConflict(world);
    case 'conflict_probable':
      return causeProbableConflict(world);
    case 'direct_early':
      return causeDirect(world, 'early');
    case 'direct_late_active':
      return causeDirect(world, 'late_active');
    case 'direct_stale':
      return causeDirect(world, 'stale');
    case 'ineligible':
      return causeIneligible(world, nth);
    case 'below_minimum':
      return causeBelowMinimum(world, nth);
  }
}

/** Customers nobody sells to, those in the CRM and those not in it mixed evenly; each is handed out once. */
function queueCustomers(random: Random, quiet: readonly Customer[], outside: readonly Customer[], drawn: DrawnCrm): () => Customer {
  const queue = random.shuffle([...quiet, ...drawn.subsidiaries, ...outside]);
  return () => queue.shift() ?? exhausted('customer');
}

function queueTargets(drawn: DrawnCrm): (progress: DirectProgress) => DrawnCrm['targets'][number] {
  const left = [...drawn.targets];
  return (progress) => {
    const index = left.findIndex((target) => target.progress === progress);
    return left.splice(index, index < 0 ? 0 : 1)[0] ?? exhausted(`opportunity that is ${progress}`);
  };
}

function exhausted(what: string): never {
  throw new RangeError(`the sample has no ${what} left`);
}
