import { outOfOrder, protectedTwice, raceClaims } from '../../../bench/claim-race.ts';
import { openRandom } from '../../../bench/sample/random.ts';
import type { CustomerDetails } from '../../../program/claim.ts';
import type { Registration } from '../../../store/registration.ts';
import { ACME, OFFICE } from '../../program/example.ts';
import { createDecisionStage, emptyStore, MONDAY, type DecisionStage } from '../../support/decision-stage.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';
import { inParallel } from '../../support/until.ts';

jest.setTimeout(120_000);

const PAIRS = 50;
/** Printed with a failure, so that the same order can be run again. */
const SEED = 20_261_116;

let postgres: TestPostgres;
let stage: DecisionStage;

beforeAll(async () => {
  postgres = await startTestPostgres();
  stage = createDecisionStage((await postgres.openEmpty()).db);
});
afterEach(() => emptyStore(stage.db));
afterAll(() => postgres.stop());

describe('two partners race for one customer and line', () => {
  it(`approves exactly the earlier receipt in each of ${PAIRS} pairs, whoever is judged first (seed ${SEED})`, async () => {
    const random = randomFrom(SEED);
    const [one, other] = [await stage.addPartner(), await stage.addPartner()];
    const claims = shuffled(
      Array.from({ length: PAIRS }, (_unused, pair) => [one, other].map((partnerId) => ({ pair, partnerId }))).flat(),
      random,
    );
    const received: { readonly pair: number; readonly registration: Registration }[] = [];
    // Some are judged as soon as they are received, while others still come in; the rest afterwards, in any order.
    const later: string[] = [];
    await inParallel(claims, 5, async ({ pair, partnerId }) => {
      const registration = await stage.receive({ partnerId, customer: customerOf(pair) });
      received.push({ pair, registration });
      if (random() < 0.5) later.push(registration.registrationId);
      else await stage.evaluate(registration.registrationId);
    });
    // And everything twice, as after a lost answer.
    await inParallel(shuffled([...later, ...received.map((claim) => claim.registration.registrationId)], random), 5, (id) =>
      stage.evaluate(id),
    );

    for (let pair = 0; pair < PAIRS; pair += 1) {
      const claimed = received.filter((claim) => claim.pair === pair).map(({ registration }) => registration);
      const [first, second] = claimed.sort((a, b) => a.sequence - b.sequence);
      expect((await stage.registration(first?.registrationId ?? '')).state.status).toBe('approved');
      const loser = (await stage.registration(second?.registrationId ?? '')).state;
      expect(loser).toMatchObject({ status: 'denied', waitlistedBehind: [first?.registrationId] });
      expect(loser.decision?.reasons[0]?.rule).toBe('C02_active_protection');
    }
    expect(await stage.protections()).toHaveLength(PAIRS);
  });

  it('gives both what they ask for when their lines are disjoint', async () => {
    const [one, other] = [await stage.receive({ productLines: ['platform'] }), await stage.receive({ productLines: ['analytics'] })];
    await inParallel([other, one], 2, ({ registrationId }) => stage.evaluate(registrationId));
    expect((await stage.protections()).map(({ line }) => line).sort()).toEqual(['analytics', 'platform']);
  });
});

describe('many claims on few customers at once', () => {
  const CLAIMS = 400;
  const CUSTOMERS = 20;

  it(`protect nobody twice and keep the order of receipt: ${CLAIMS} over ${CUSTOMERS} (seed ${SEED})`, async () => {
    const race = { program: ACME, calendar: OFFICE, claims: CLAIMS, customers: CUSTOMERS, partners: 12, clients: 12, now: MONDAY };
    const claims = await raceClaims(stage.db, { ...race, random: openRandom(SEED, 'race') });
    expect(claims).toHaveLength(CLAIMS);
    expect(protectedTwice(claims)).toEqual([]);
    expect(outOfOrder(claims)).toEqual([]);
    expect(claims.filter(({ status }) => status === 'approved').length).toBeGreaterThanOrEqual(CUSTOMERS);
  });

  const RACED = {
    registrationId: 'a',
    sequence: 1,
    customer: 1,
    productLines: ['platform'],
    status: 'approved',
    holds: ['platform'],
  } as const;

  it('are seen to be protected twice where they are: the control', () => {
    expect(protectedTwice([RACED, { ...RACED, registrationId: 'b', sequence: 2 }])).toEqual(['1 platform']);
    expect(protectedTwice([RACED, { ...RACED, registrationId: 'b', sequence: 2, customer: 2 }])).toEqual([]);
  });

  it('are seen to be out of order where a later receipt won: the control', () => {
    const lost = { ...RACED, registrationId: 'b', sequence: 0, status: 'denied', holds: [] } as const;
    expect(outOfOrder([RACED, lost]).map(({ registrationId }) => registrationId)).toEqual(['b', 'a']);
    expect(outOfOrder([RACED, { ...lost, sequence: 2 }])).toEqual([]);
  });
});

describe('three partners claim one customer that each of them describes in another way', () => {
  const BY_DOMAIN = { name: 'Contoso Ltd', domain: 'contoso.com', country: 'US', postalCode: '10001', companyNumber: null };
  const BY_NUMBER = { name: 'CONTOSO, Inc.', domain: null, country: 'US', postalCode: '10001', companyNumber: '12-3456789' };
  const BY_NAME = { name: 'Contoso', domain: null, country: 'US', postalCode: '10001-0000', companyNumber: null };

  it.each([
    ['domain, number, name', [BY_DOMAIN, BY_NUMBER, BY_NAME]],
    ['name, domain, number', [BY_NAME, BY_DOMAIN, BY_NUMBER]],
    ['number, name, domain', [BY_NUMBER, BY_NAME, BY_DOMAIN]],
  ] as const)('protects the first receipt alone: %s', async (_order, customers) => {
    const claims = await receiveAll(customers);
    await inParallel([...claims].reverse(), 3, ({ registrationId }) => stage.evaluate(registrationId));
    expect(await statuses(claims)).toEqual(['approved', 'denied', 'denied']);
    expect(await stage.protections()).toEqual([{ registrationId: claims[0]?.registrationId, line: 'platform' }]);
  });

  it('lets the next in the order of receipt have it when the first one withdraws', async () => {
    const claims = await receiveAll([BY_NUMBER, BY_DOMAIN, BY_NAME]);
    for (const { registrationId } of claims) await stage.evaluate(registrationId);
    await stage.command(claims[0]?.registrationId ?? '', { kind: 'withdraw', actor: 'partner' });
    await stage.runMessages();
    expect(await statuses(claims)).toEqual(['withdrawn', 'approved', 'denied']);
    await stage.command(claims[1]?.registrationId ?? '', { kind: 'withdraw', actor: 'partner' });
    await stage.runMessages();
    expect(await statuses(claims)).toEqual(['withdrawn', 'withdrawn', 'approved']);
  });

  it('takes another postal code for another customer as far as a person has to look', async () => {
    const [first, second] = await receiveAll([BY_NAME, { ...BY_NAME, postalCode: '94105' }]);
    await stage.evaluate(first?.registrationId ?? '');
    const { state } = await stage.evaluate(second?.registrationId ?? '');
    expect(state).toMatchObject({ status: 'in_review', approval: { steps: [{ approver: 'manager' }] } });
    expect((await stage.conflictCase(state.caseId)).rule).toBe('C02_active_protection');
  });

  async function receiveAll(customers: readonly CustomerDetails[]): Promise<readonly Registration[]> {
    const claims: Registration[] = [];
    for (const customer of customers) claims.push(await stage.receive({ customer }));
    return claims;
  }
});

async function statuses(claims: readonly Registration[]): Promise<readonly string[]> {
  return Promise.all(claims.map(async ({ registrationId }) => (await stage.registration(registrationId)).state.status));
}

/** A name that resembles no other pair's. */
function customerOf(pair: number): Partial<CustomerDetails> {
  const letters = [...`${pair}`.padStart(2, '0')].map((digit) => 'bdfgklmnpr'[Number(digit)]).join('a');
  return { name: `${letters}olux ${letters}erim`, domain: `${letters}.com` };
}

function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  return items
    .map((item) => ({ item, rank: random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

/** mulberry32: small, and the same everywhere. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
