import type { SampleAccount } from './account.ts';
import type { Customer } from './customer.ts';
import type { Random } from './random.ts';

export interface SampleOpportunity {
  readonly key: string;
  readonly account: string;
  readonly name: string;
  readonly stage: string;
  readonly amount: string;
  readonly currency: 'USD';
  readonly closeInDays: number;
  readonly owner: 'rep' | 'rep2';
  readonly createdDaysAgo: number;
  readonly lastActivityDaysAgo: number | null;
}

/** How far the direct team is: in the first three stages, later and active, or later and without activity for more than 180 days. */
export type DirectProgress = 'early' | 'late_active' | 'stale';

export interface DirectTarget {
  readonly customer: Customer;
  readonly account: SampleAccount;
  readonly progress: DirectProgress;
}

// Salesforce's standard stages, in their order.
const EARLY_STAGES = ['Prospecting', 'Qualification', 'Needs Analysis'] as const;
const LATE_STAGES = [
  'Value Proposition',
  'Id. Decision Makers',
  'Perception Analysis',
  'Proposal/Price Quote',
  'Negotiation/Review',
] as const;
const CLOSED_STAGES = ['Closed Won', 'Closed Lost'] as const;

const EARLY_COUNT = 40;
const LATE_ACTIVE_COUNT = 54;
const CLOSED_AT_QUIET = 34;
const CLOSED_BESIDE_OPEN = 10;

/** Every selling customer gets one open opportunity; closed ones lie with quiet customers and beside some of the open ones. */
export function drawOpportunities(
  random: Random,
  selling: readonly Customer[],
  quiet: readonly Customer[],
  accounts: ReadonlyMap<string, SampleAccount>,
): { opportunities: readonly SampleOpportunity[]; targets: readonly DirectTarget[] } {
  const targets = random.shuffle(selling).map((customer, index): DirectTarget => {
    const account = accounts.get(customer.key);
    if (account === undefined) throw new RangeError(`customer ${customer.key} has no account in the sample`);
    return {
      customer,
      account,
      progress: index < EARLY_COUNT ? 'early' : index < EARLY_COUNT + LATE_ACTIVE_COUNT ? 'late_active' : 'stale',
    };
  });
  const closed = [...random.shuffle(quiet).slice(0, CLOSED_AT_QUIET), ...random.shuffle(selling).slice(0, CLOSED_BESIDE_OPEN)];
  const drawn = random.shuffle([
    ...targets.map(({ customer, progress }) => drawOpen(random, customer, progress)),
    ...closed.map((customer) => drawClosed(random, customer)),
  ]);
  return { opportunities: drawn.map((opportunity, index) => ({ ...opportunity, key: `O${String(index + 1).padStart(3, '0')}` })), targets };
}

function drawOpen(random: Random, customer: Customer, progress: DirectProgress): SampleOpportunity {
  // Active ones stay clear of the 180 days by a month, so that the labels hold for some weeks after the CRM was filled.
  switch (progress) {
    case 'early': {
      // One in ten is a blocker: opened long ago and never touched. In an early stage that makes no difference.
      const createdDaysAgo = random.chance(0.1) ? random.integer(200, 400) : random.integer(5, 90);
      const lastActivityDaysAgo = createdDaysAgo > 180 ? null : drawActivity(random, 0, createdDaysAgo);
      return drawShared(random, customer, random.pick(EARLY_STAGES), createdDaysAgo, lastActivityDaysAgo);
    }
    case 'late_active': {
      const createdDaysAgo = random.integer(30, 400);
      const lastActivityDaysAgo = createdDaysAgo > 150 ? random.integer(0, 150) : drawActivity(random, 0, createdDaysAgo);
      return drawShared(random, customer, random.pick(LATE_STAGES), createdDaysAgo, lastActivityDaysAgo);
    }
    case 'stale': {
      const createdDaysAgo = random.integer(220, 500);
      return drawShared(random, customer, random.pick(LATE_STAGES), createdDaysAgo, drawActivity(random, 190, createdDaysAgo));
    }
  }
}

function drawClosed(random: Random, customer: Customer): SampleOpportunity {
  const createdDaysAgo = random.integer(90, 600);
  const closedDaysAgo = random.integer(10, createdDaysAgo - 30);
  const shared = drawShared(random, customer, random.pick(CLOSED_STAGES), createdDaysAgo, closedDaysAgo);
  return { ...shared, closeInDays: -closedDaysAgo };
}

function drawShared(
  random: Random,
  customer: Customer,
  stage: string,
  createdDaysAgo: number,
  lastActivityDaysAgo: number | null,
): SampleOpportunity {
  const subject = random.pick(['platform', 'analytics rollout', 'automation pilot', 'renewal and extension', 'new business', 'reporting']);
  return {
    key: '',
    account: customer.key,
    name: `${customer.bareName}: ${subject}`,
    stage,
    amount: `${random.integer(8, 240) * 500}.00`,
    currency: 'USD',
    closeInDays: random.integer(10, 150),
    owner: random.chance(0.6) ? 'rep' : 'rep2',
    createdDaysAgo,
    lastActivityDaysAgo,
  };
}

/** Days since the last activity, from `atLeast` to `atMost`; one in six has none on record. */
function drawActivity(random: Random, atLeast: number, atMost: number): number | null {
  return random.chance(1 / 6) ? null : random.integer(atLeast, atMost);
}
