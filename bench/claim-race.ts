import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import type { ActivityDependencies } from '../activities/decision/dependencies.ts';
import { createRegistrationActivities } from '../activities/decision/registration-activities.ts';
import { NO_FACTS, type CustomerDetails } from '../program/claim.ts';
import type { Program } from '../program/definition/program.ts';
import type { RegistrationStatus } from '../program/vocabulary.ts';
import type { WorkingCalendar } from '../program/working-time.ts';
import type { Database } from '../store/database.ts';
import { storeReceipt } from '../store/receipt.ts';
import { savePartner } from './bare-partner.ts';
import { withClients } from './concurrency.ts';
import { openCompanyNames, slugOf } from './sample/company-name.ts';
import { fillPattern } from './sample/market.ts';
import type { Random } from './sample/random.ts';
import { drawLines } from './sample/registration.ts';
import { varyName, writeDomain } from './sample/restatement.ts';

/** Many claims on few customers at once, through the receipt and the verdict as they are in production, without Temporal between them. */
export interface ClaimRace {
  readonly program: Program;
  readonly calendar: WorkingCalendar;
  readonly claims: number;
  readonly customers: number;
  readonly partners: number;
  /** How many are on the way at a time. */
  readonly clients: number;
  readonly random: Random;
  readonly now: string;
}

/** A claim as the race left it, with the customer that it truly is about. */
export interface RacedClaim {
  readonly registrationId: string;
  readonly sequence: number;
  readonly customer: number;
  readonly productLines: readonly string[];
  readonly status: RegistrationStatus;
  /** The lines on which it holds an active protection. */
  readonly holds: readonly string[];
}

interface Truth {
  readonly bareName: string;
  readonly domain: string;
  readonly companyNumber: string;
}

/** Runs the race on an empty store. Half of the claims are judged as soon as they are received, the others later in any order, and one in ten twice, as after a lost answer. */
export async function raceClaims(db: Database, race: ClaimRace): Promise<readonly RacedClaim[]> {
  const { program, calendar, random, now } = race;
  const deps: ActivityDependencies = {
    db,
    programs: { current: () => program, byVersion: () => program },
    calendarOf: () => calendar,
    freeMailDomains: new Set(),
    connections: new Map(),
    now: () => now,
    newId: randomUUID,
    log: pino({ level: 'silent' }),
  };
  const activities = createRegistrationActivities(deps);
  const evaluate = (registrationId: string): Promise<unknown> => activities.evaluateRegistration(registrationId, 'receipt', now);
  const partners: string[] = [];
  for (let index = 0; index < race.partners; index += 1) {
    const fields = { ...PARTNER, name: `Partner ${index}`, domain: `partner-${index}.example` };
    partners.push(await savePartner(db, fields, now));
  }
  const names = openCompanyNames(random);
  const customers = Array.from({ length: race.customers }, (_unused, index): Truth => {
    const bareName = names.take(FLAVOURS[index % FLAVOURS.length]!);
    return { bareName, domain: `${slugOf(bareName)}.example`, companyNumber: `S${fillPattern(random, '#######')}` };
  });
  const plan = Array.from({ length: race.claims }, () => ({
    customer: random.integer(0, customers.length - 1),
    partnerId: random.pick(partners),
    productLines: drawLines(random),
    isJudgedAtOnce: random.chance(0.5),
    isJudgedTwice: random.chance(0.1),
  }));
  const settings = { connections: [], freeMailDomains: deps.freeMailDomains, newId: deps.newId, now: deps.now };
  const later: string[] = [];
  const received = await withClients(race.clients, plan, async ({ customer, partnerId, productLines, isJudgedAtOnce, isJudgedTwice }) => {
    const registrationId = randomUUID();
    const stated = stateCustomer(random, customers[customer]!);
    const { registration } = await storeReceipt(
      db,
      {
        registrationId,
        externalId: registrationId,
        partnerId,
        origin: 'api',
        kind: 'resale',
        facts: NO_FACTS,
        customer: stated,
        contact: { name: null, email: null },
        productLines,
        estimatedValue: { amount: '20000.00', currency: 'USD' },
        expectedCloseDate: '2027-03-31',
        description: 'a deal',
        evidence: [],
        programVersion: program.version,
        contentDigest: registrationId,
      },
      settings,
    );
    if (isJudgedAtOnce) await evaluate(registrationId);
    if (!isJudgedAtOnce || isJudgedTwice) later.push(registrationId);
    return { registrationId, sequence: registration.sequence, customer, productLines, partnerId };
  });
  await withClients(race.clients, random.shuffle(later), evaluate);
  return readResult(db, received);
}

const FLAVOURS = ['english', 'german', 'french'] as const;

/** The customer in the words of another partner each time; the domain says who it is. */
function stateCustomer(random: Random, { bareName, domain, companyNumber }: Truth): CustomerDetails {
  return {
    name: varyName(random, { bareName, suffix: 'Inc' }),
    domain: writeDomain(random, domain),
    country: 'US',
    postalCode: null,
    companyNumber: random.chance(0.5) ? companyNumber : null,
  };
}

async function readResult(db: Database, received: readonly Omit<RacedClaim, 'status' | 'holds'>[]): Promise<readonly RacedClaim[]> {
  const rows = await db.selectFrom('registration').select(['id', 'status']).execute();
  const statuses = new Map(rows.map(({ id, status }) => [id, status as RegistrationStatus]));
  const held = await db.selectFrom('protection').select(['registration_id', 'product_line']).where('ended_at', 'is', null).execute();
  return received.map((claim) => ({
    ...claim,
    status: statuses.get(claim.registrationId) ?? 'submitted',
    holds: held.filter((row) => row.registration_id === claim.registrationId).map((row) => row.product_line),
  }));
}

/** Customers and lines that more than one claim holds. */
export function protectedTwice(claims: readonly RacedClaim[]): readonly string[] {
  const held = claims.flatMap(({ customer, holds }) => holds.map((line) => `${customer} ${line}`));
  return held.filter((position, index) => held.indexOf(position) !== index);
}

/**
 * Claims that did not end as the rules say when each is taken in the order of its receipt: approved where none of its lines is held yet, otherwise denied. A claim
 * that lost to a later one is among them.
 */
export function outOfOrder(claims: readonly RacedClaim[]): readonly RacedClaim[] {
  const taken = new Set<string>();
  return claims
    .toSorted((left, right) => left.sequence - right.sequence)
    .filter(({ customer, productLines, status, holds }) => {
      const positions = productLines.map((line) => `${customer} ${line}`);
      const isFree = positions.every((position) => !taken.has(position));
      if (isFree) for (const position of positions) taken.add(position);
      return status !== (isFree ? 'approved' : 'denied') || holds.length !== (isFree ? productLines.length : 0);
    });
}

const PARTNER = {
  country: 'US',
  type: 'reseller',
  track: 'solution',
  tier: 'gold',
  status: 'active',
  manager: null,
  regions: [],
  companyNumber: null,
} as const;
