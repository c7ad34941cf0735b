import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { claimOf } from '../activities/decision/claim-of.ts';
import type { ActivityDependencies } from '../activities/decision/dependencies.ts';
import { gatherEvidence } from '../activities/decision/gather-evidence.ts';
import { createRegistrationActivities } from '../activities/decision/registration-activities.ts';
import { NO_FACTS, type CustomerDetails } from '../program/claim.ts';
import { judgeClaim } from '../program/judge-claim.ts';
import { SUBMITTED } from '../program/registration-life.ts';
import type { Database } from '../store/database.ts';
import { storeReceipt } from '../store/receipt.ts';
import { readRegistrations } from '../store/registration.ts';
import { createCalendars, loadFreeMailDomains } from '../workers/compose/reference-data.ts';
import { loadAccounts, loadPositions } from './account-load.ts';
import { readAcme, withBareDatabase } from './bare-database.ts';
import { savePartner } from './bare-partner.ts';
import { figure, quantile, type Benchmark, type Figure } from './benchmark.ts';
import { timed } from './concurrency.ts';
import { composeName } from './sample/company-name.ts';
import type { PopulationAccount } from './sample/population.ts';
import { openRandom, type Random } from './sample/random.ts';
import { varyName } from './sample/restatement.ts';

const SIZES = { full: { accounts: 1_000_000, claims: 400 }, small: { accounts: 5_000, claims: 10 } } as const;
const SEED = 20_260_105;
/** The first decisions fill the caches of the database and let Node compile what it runs; they are not counted. */
const WARM_UP = 40;
const MOST_MS = 50;
const CLAIMED_PERCENT = 5;

const PARTNER = {
  name: 'Aster Consulting',
  domain: 'aster.example',
  country: 'US',
  type: 'reseller',
  track: 'solution',
  tier: 'gold',
  status: 'active',
  manager: null,
  regions: [],
  companyNumber: null,
} as const;

export const scale: Benchmark = {
  name: 'scale',
  summary: 'one decision with 1,000,000 customers in the mirror',
  run: (size) =>
    withBareDatabase(async (db) => {
      const { accounts, claims } = SIZES[size];
      const random = openRandom(SEED, 'scale');
      const program = readAcme();
      const deps: ActivityDependencies = {
        db,
        programs: { current: () => program, byVersion: () => program },
        calendarOf: createCalendars(() => new Date()),
        freeMailDomains: loadFreeMailDomains(),
        connections: new Map(),
        now: () => new Date().toISOString(),
        newId: randomUUID,
        log: pino({ level: 'silent' }),
      };
      const holder = await savePartner(db, PARTNER, deps.now());
      const claimant = await savePartner(db, { ...PARTNER, name: 'Birch Systems', domain: 'birch.example' }, deps.now());
      const known = await loadAccounts(db, random, accounts, Math.max(1, Math.floor(accounts / claims)));
      await loadPositions(db, holder, program.version, { ...SUBMITTED, status: 'approved' }, CLAIMED_PERCENT);
      const count = WARM_UP + claims;
      const customers = Array.from({ length: count }, (_unused, index) => stateCustomer(random, known[index % known.length]!));
      return measure(db, deps, claimant, customers);
    }),
};

/** A claim on a customer that the CRM has, in the words of a partner, or, one in three, on one that nobody knows. */
function stateCustomer(random: Random, { name, domain, market, postalCode }: PopulationAccount): CustomerDetails {
  const suffix = market.suffixes.find((each) => name.endsWith(` ${each}`)) ?? '';
  const bareName = suffix === '' ? name : name.slice(0, -suffix.length - 1);
  if (random.chance(1 / 3)) {
    const unknown = `${composeName(random, market.flavour)} ${composeName(random, market.flavour)}`;
    return { name: unknown, domain: null, country: market.country, postalCode: null, companyNumber: null };
  }
  return {
    name: random.chance(0.25) ? varyName(random, { bareName, suffix }) : name,
    domain: random.chance(0.14) ? null : domain,
    country: market.country,
    postalCode: random.chance(0.7) ? postalCode : null,
    companyNumber: null,
  };
}

async function measure(
  db: Database,
  deps: ActivityDependencies,
  partnerId: string,
  customers: readonly CustomerDetails[],
): Promise<readonly Figure[]> {
  const program = deps.programs.current();
  const activities = createRegistrationActivities(deps);
  const settings = { connections: [], freeMailDomains: deps.freeMailDomains, newId: deps.newId, now: deps.now };
  const gathers: number[] = [];
  const decisions: number[] = [];
  const lookups: number[] = [];
  for (const [index, customer] of customers.entries()) {
    const registrationId = randomUUID();
    await storeReceipt(db, newClaim(registrationId, partnerId, customer, program.version), settings);
    const [registration] = await readRegistrations(db, [registrationId]);
    if (registration === undefined) throw new Error('what was received is not there');
    // The floor is taken in turns with ours, so that a noisy moment of the machine falls on both.
    const lookup = await timed(() => lookUp(db, customer.domain));
    const gather = await timed(() =>
      db.transaction().execute(async (trx) => {
        const evidence = await gatherEvidence(trx, deps, program, registration, deps.now());
        judgeClaim(program, claimOf(registration), evidence);
      }),
    );
    const decision = await timed(() => activities.evaluateRegistration(registrationId, 'receipt', deps.now()));
    if (index < WARM_UP) continue;
    lookups.push(lookup);
    gathers.push(gather);
    decisions.push(decision);
  }
  const shares = [['p50', 0.5] as const, ['p95', 0.95] as const, ['max', 1] as const];
  return [
    figure(`evidence and verdict, ${gathers.length} claims, p95`, 'ms', quantile(gathers, 0.95), 'at most', MOST_MS),
    ...shares.map(([name, share]) =>
      figure(`evidence and verdict, ${name}`, 'ms', quantile(gathers, share), 'a bare indexed lookup', quantile(lookups, share)),
    ),
    ...shares.map(([name, share]) =>
      figure(
        `with everything that is stored, ${name}`,
        'ms',
        quantile(decisions, share),
        'a bare indexed lookup',
        quantile(lookups, share),
      ),
    ),
  ];
}

/** One row by one index, as the decision looks accounts up. */
async function lookUp(db: Database, domain: string | null): Promise<void> {
  const found = db.selectFrom('crm_account').select('remote_id').where('deleted', '=', false);
  await found.where('domain', '=', domain ?? 'none.example').execute();
}

function newClaim(registrationId: string, partnerId: string, customer: CustomerDetails, programVersion: string) {
  return {
    registrationId,
    externalId: registrationId,
    partnerId,
    origin: 'api',
    kind: 'resale',
    facts: NO_FACTS,
    customer,
    contact: { name: null, email: null },
    productLines: ['platform'],
    estimatedValue: { amount: '20000.00', currency: 'USD' },
    expectedCloseDate: '2027-03-31',
    description: 'a deal',
    evidence: [],
    programVersion,
    contentDigest: registrationId,
  };
}
