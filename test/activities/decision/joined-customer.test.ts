import { createDecisionStage, emptyStore, later, MONDAY, type ClaimWishes, type DecisionStage } from '../../support/decision-stage.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';

jest.setTimeout(60_000);

let postgres: TestPostgres;
let stage: DecisionStage;

beforeAll(async () => {
  postgres = await startTestPostgres();
  stage = createDecisionStage((await postgres.openEmpty()).db);
});
afterEach(() => emptyStore(stage.db));
afterAll(() => postgres.stop());

const BY_DOMAIN = { name: 'Alpha Widgets', domain: 'alpha.com' };
const BY_NUMBER = { name: 'Borealis', domain: null, companyNumber: '12-3456789' };
const BY_BOTH = { name: 'Cobalt Works', domain: 'alpha.com', companyNumber: '12-3456789' };

let minutes = 0;
/** Each claim a minute after the one before. */
async function claimOn(customer: ClaimWishes['customer'], ...productLines: string[]) {
  const at = later(MONDAY, (minutes += 1) * 60_000);
  return stage.withDependencies({ now: () => at }).receiveAndEvaluate({ customer: customer ?? {}, productLines });
}

async function customersNow(): Promise<readonly string[]> {
  const rows = await stage.db.selectFrom('registration').select('customer_id').distinct().execute();
  return rows.map((row) => row.customer_id);
}

async function audit(): Promise<readonly { readonly kind: string; readonly details: object }[]> {
  const rows = await stage.db
    .selectFrom('audit_entry')
    .select(['kind', 'details'])
    .where('subject', 'like', 'customer/%')
    .orderBy('id')
    .execute();
  return rows;
}

describe('customers that turn out to be one', () => {
  it('are joined: what one of them holds stands against a claim that knows it by a key of the other', async () => {
    const first = await claimOn(BY_DOMAIN, 'analytics');
    const second = await claimOn(BY_NUMBER, 'automation');
    expect(await customersNow()).toHaveLength(2);
    const joining = await claimOn(BY_BOTH, 'platform');
    const newcomer = await claimOn({ name: 'Dorado', domain: 'alpha.com' }, 'platform');
    expect([first, second, joining, newcomer].map(({ state }) => state.status)).toEqual(['approved', 'approved', 'approved', 'denied']);
    expect(newcomer.state.waitlistedBehind).toEqual([joining.registrationId]);
    expect(await customersNow()).toEqual([first.customerId]);
    expect(await audit()).toEqual([{ kind: 'customers_joined', details: { joined: [second.customerId] } }]);
  });

  it('go on as the one with the most running protections', async () => {
    await claimOn(BY_DOMAIN, 'analytics');
    const { customerId } = await claimOn(BY_NUMBER, 'automation', 'platform');
    await claimOn(BY_BOTH, 'platform');
    expect(await customersNow()).toEqual([customerId]);
    const held = await stage.db.selectFrom('protection').select('customer_id').distinct().execute();
    expect(held).toEqual([{ customer_id: customerId }]);
  });

  it('keep apart two protections of one line, and say so', async () => {
    const [first, second] = [await claimOn(BY_DOMAIN, 'platform'), await claimOn(BY_NUMBER, 'platform')];
    await claimOn(BY_BOTH, 'platform');
    expect(await stage.protections()).toEqual([first, second].map(({ registrationId }) => ({ registrationId, line: 'platform' })));
    const contested = [{ productLine: 'platform', registrationIds: [first.registrationId, second.registrationId] }];
    expect(await audit()).toEqual([
      { kind: 'customers_joined', details: { joined: [second.customerId] } },
      { kind: 'customers_not_joined', details: { joined: [second.customerId], contested } },
    ]);
  });

  it('make a case of two protections of one line, in which the earlier receipt held its position before', async () => {
    const [first, second] = [await claimOn(BY_DOMAIN, 'platform'), await claimOn(BY_NUMBER, 'platform', 'analytics')];
    await claimOn(BY_BOTH, 'platform');
    const contested = await stage.registration(second.registrationId);
    expect(contested.state.status).toBe('approved');
    const conflict = await stage.conflictCase(contested.state.caseId);
    expect(conflict).toMatchObject({
      rule: 'C02_active_protection',
      productLine: 'platform',
      state: { status: 'open', approval: { steps: [{ approver: 'manager' }] } },
    });
    expect(await stage.settle(conflict.id, 'award', 'manager', first.registrationId)).toMatchObject({ kind: 'done' });
    expect((await stage.registration(second.registrationId)).state.status).toBe('revoked');
    expect(await stage.protections()).toEqual([{ registrationId: first.registrationId, line: 'platform' }]);
  });

  it('make one case of it, however many claims come on the customer, and none again once people let both stand', async () => {
    const [, second] = [await claimOn(BY_DOMAIN, 'platform'), await claimOn(BY_NUMBER, 'platform')];
    await claimOn(BY_BOTH, 'platform');
    const { caseId } = (await stage.registration(second.registrationId)).state;
    await claimOn({ name: 'Dorado', domain: 'alpha.com' }, 'platform');
    const cases = () => stage.db.selectFrom('conflict_case').select('id').execute();
    expect(await cases()).toEqual([{ id: caseId }]);
    await stage.settle(caseId ?? '', 'uphold', 'manager');
    await claimOn({ name: 'Eldorado', domain: 'alpha.com' }, 'platform');
    expect(await cases()).toHaveLength(1);
    expect(await stage.protections()).toHaveLength(2);
  });

  it('make no case where their protections are of other lines: the control', async () => {
    await claimOn(BY_DOMAIN, 'analytics');
    await claimOn(BY_NUMBER, 'automation');
    await claimOn(BY_BOTH, 'platform');
    expect(await stage.db.selectFrom('conflict_case').select('id').execute()).toEqual([]);
  });

  it('protect nobody else while one of two such protections runs, by whatever key the customer is known', async () => {
    const [first, second] = [await claimOn(BY_DOMAIN, 'platform'), await claimOn(BY_NUMBER, 'platform')];
    const joining = await claimOn(BY_BOTH, 'platform');
    await stage.command(first.registrationId, { kind: 'withdraw', actor: 'partner' });
    await stage.runMessages();
    const newcomer = await claimOn({ name: 'Dorado', domain: 'alpha.com' }, 'platform');
    expect(newcomer.state).toMatchObject({ status: 'denied', waitlistedBehind: [second.registrationId] });
    expect((await stage.registration(joining.registrationId)).state.status).toBe('denied');
    await stage.command(second.registrationId, { kind: 'withdraw', actor: 'partner' });
    await stage.runMessages();
    expect(await stage.protections()).toEqual([{ registrationId: joining.registrationId, line: 'platform' }]);
  });

  it('have one case of a conflict that was open before', async () => {
    await claimOn({}, 'platform');
    const claimant = await claimOn({ domain: null }, 'platform');
    const { customerId } = await claimOn(BY_NUMBER, 'analytics', 'automation');
    await claimOn({ name: 'Cobalt Works', companyNumber: '12-3456789' }, 'automation');
    expect((await stage.conflictCase(claimant.state.caseId)).customerId).toBe(customerId);
    expect((await claimOn({ domain: null }, 'platform')).state.caseId).toBe(claimant.state.caseId);
  });

  it('are joined by an amendment too', async () => {
    const { customerId } = await claimOn(BY_DOMAIN, 'analytics');
    await claimOn(BY_NUMBER, 'automation');
    const amended = await stage.receiveAndEvaluate({ estimatedValue: { amount: '60000.00', currency: 'USD' } });
    const amendment = { customer: { ...BY_BOTH, country: 'US' } };
    await stage.command(amended.registrationId, { kind: 'amend', actor: 'partner' }, { amendment });
    expect(await customersNow()).toEqual([customerId]);
  });

  it('stay two while no claim has a key of both: the control', async () => {
    await claimOn(BY_DOMAIN, 'platform');
    await claimOn(BY_NUMBER, 'platform');
    expect(await customersNow()).toHaveLength(2);
    expect(await audit()).toEqual([]);
  });
});
