import type { Program } from '../../../program/definition/program.ts';
import { readOrders } from '../../../store/opportunity-order.ts';
import { readPlaces } from '../../../store/place.ts';
import { listIssues } from '../../../store/sync-issue.ts';
import { ACME } from '../../program/example.ts';
import {
  auditOf,
  converting,
  CRM,
  forgetMessages,
  isAskedAgain,
  linkOf,
  prepareMirror,
  queuedPrimaries,
  underProgram,
} from '../../support/conversion-stage.ts';
import { createDecisionStage, emptyStore, later, MONDAY, type DecisionStage } from '../../support/decision-stage.ts';
import { ACCOUNT, mirrorAccount, mirrorOpportunity, OPPORTUNITY } from '../../support/mirror.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';

jest.setTimeout(120_000);

const OTHER = '006000000000002AAA';
const TWIN_ACCOUNT = '001000000000002AAA';
const YEAR_MS = 365 * 24 * 60 * 60_000;
/** Touched last a year ago, beyond the first stages. */
const STALE = { stage_index: 5, created_at: later(MONDAY, -2 * YEAR_MS), last_activity_at: later(MONDAY, -YEAR_MS) } as const;

let postgres: TestPostgres;
let base: DecisionStage;

beforeAll(async () => {
  postgres = await startTestPostgres();
  base = createDecisionStage((await postgres.openEmpty()).db);
});
beforeEach(() => prepareMirror(base));
afterEach(() => emptyStore(base.db));
afterAll(() => postgres.stop());

/** A program under which direct opportunities stand against nothing, so that a claim beside one is approved at once. */
function lenient(conversion: Partial<Program['conversion']>): DecisionStage {
  const program = converting(conversion);
  const order = program.rules.order.filter(({ id }) => id !== 'C05_direct_early_stage' && id !== 'C06_direct_late_active');
  return underProgram(base, { ...program, rules: { ...program.rules, order } });
}
async function approvedUnder(stage: DecisionStage): Promise<string> {
  const { registrationId, state } = await stage.receiveAndEvaluate();
  expect(state.status).toBe('approved');
  return registrationId;
}
const issues = async () => (await listIssues(base.db, { status: 'open', limit: 10 })).map(({ code, localId }) => [code, localId]);
const orders = async (id: string) => (await readOrders(base.db, [id])).map(({ connection, askedBy }) => [connection, askedBy]);

describe('a registration that is approved', () => {
  it('is linked to the one open opportunity that certainly stands at its customer, as its primary', async () => {
    await mirrorAccount(base.db);
    await mirrorOpportunity(base.db);
    const stage = lenient({ onApproval: 'link' });
    const id = await approvedUnder(stage);
    expect(await linkOf(stage, id)).toEqual({ opportunity: OPPORTUNITY, isPrimary: true, by: 'program', isCommanded: true });
    expect([await queuedPrimaries(stage), await auditOf(stage, id), await issues()]).toEqual([
      [OPPORTUNITY],
      expect.arrayContaining(['opportunity linked']),
      [],
    ]);
  });

  it('does not get the opportunity of another approved registration', async () => {
    await mirrorAccount(base.db);
    await mirrorOpportunity(base.db);
    const stage = lenient({ onApproval: 'link' });
    const first = await approvedUnder(stage);
    const { registrationId: second } = await stage.receiveAndEvaluate({ productLines: ['analytics'] });
    expect([(await linkOf(stage, first))?.isPrimary, await linkOf(stage, second)]).toEqual([true, null]);
  });

  it.each(['none', 'link'] as const)('is left to people where there is none, by %s', async (onApproval) => {
    await mirrorAccount(base.db);
    const stage = lenient({ onApproval });
    const id = await approvedUnder(stage);
    expect([await linkOf(stage, id), await orders(id), await issues()]).toEqual([null, [], []]);
  });

  it('is left to people by none, although the opportunity is certain; acme says so', async () => {
    expect(ACME.conversion.onApproval).toBe('none');
    await mirrorAccount(base.db);
    await mirrorOpportunity(base.db);
    const stage = lenient({ onApproval: 'none' });
    expect(await linkOf(stage, await approvedUnder(stage))).toBeNull();
  });

  it('of which several may be the opportunity is linked to none, which is told once on the record and as an issue', async () => {
    await mirrorAccount(base.db);
    await mirrorOpportunity(base.db);
    await mirrorOpportunity(base.db, { remote_id: OTHER });
    const stage = lenient({ onApproval: 'link_or_create' });
    const id = await approvedUnder(stage);
    expect([await linkOf(stage, id), await orders(id), await issues()]).toEqual([null, [], [['OPPORTUNITY_NOT_CERTAIN', id]]]);
    expect((await stage.registration(id)).syncNote).toMatch(/Several open opportunities .*006000000000001AAA.*006000000000002AAA/);
    // Linked by somebody, the issue is closed.
    const command = { kind: 'link', connection: CRM, opportunity: OTHER, primary: null, actor: 'manager' } as const;
    expect(await stage.command(id, command)).toEqual({ kind: 'done' });
    expect(await issues()).toEqual([]);
  });

  it.each([
    ['of a probable customer', { name: 'Northwind', domain: null }, {}],
    ['that is closed', {}, { is_closed: true, is_won: false }],
    ['that was deleted', {}, { deleted: true }],
    ['that is stale, and not given to partners', {}, STALE],
  ])('is not linked to an opportunity %s', async (_what, account, opportunity) => {
    await mirrorAccount(base.db, account);
    await mirrorOpportunity(base.db, opportunity);
    const stage = lenient({ onApproval: 'link', resource: false });
    const { registrationId } = await stage.receive();
    await stage.evaluate(registrationId);
    const { status } = (await stage.registration(registrationId)).state;
    if (status !== 'approved') await stage.command(registrationId, { kind: 'decide', decision: 'approve', actor: 'manager' });
    expect([(await stage.registration(registrationId)).state.status, await linkOf(stage, registrationId)]).toEqual(['approved', null]);
  });

  it('is linked to a stale opportunity as its primary where the program gives it to partners', async () => {
    await mirrorAccount(base.db);
    await mirrorOpportunity(base.db, STALE);
    const stage = lenient({ onApproval: 'link', resource: true, primary: 'by_command' });
    expect(await linkOf(stage, await approvedUnder(stage))).toMatchObject({ opportunity: OPPORTUNITY, isPrimary: true });
  });

  it('has an opportunity made where there is none, by link_or_create', async () => {
    await mirrorAccount(base.db);
    const stage = lenient({ onApproval: 'link_or_create' });
    const id = await approvedUnder(stage);
    expect([await linkOf(stage, id), await orders(id), await issues()]).toEqual([null, [[CRM, 'program']], []]);
  });

  it('has none made where its account is not known, which is told, until somebody chooses one', async () => {
    const stage = lenient({ onApproval: 'link_or_create' });
    const id = await approvedUnder(stage);
    expect([await orders(id), await issues()]).toEqual([[], [['CUSTOMER_ACCOUNT_UNKNOWN', id]]]);
    expect((await stage.registration(id)).syncNote).toContain('not certain which account is the customer');
  });

  it('has none made where two accounts are certainly the customer', async () => {
    await mirrorAccount(base.db);
    await mirrorAccount(base.db, { remote_id: TWIN_ACCOUNT });
    const stage = lenient({ onApproval: 'link_or_create' });
    const id = await approvedUnder(stage);
    expect([await orders(id), await issues()]).toEqual([[], [['CUSTOMER_ACCOUNT_UNKNOWN', id]]]);
  });

  it('and is judged again orders no second one', async () => {
    await mirrorAccount(base.db);
    const stage = lenient({ onApproval: 'link_or_create' });
    const id = await approvedUnder(stage);
    await stage.evaluate(id);
    expect(await orders(id)).toEqual([[CRM, 'program']]);
  });

  it('keeps the opportunity that a rep had linked before', async () => {
    await mirrorAccount(base.db);
    await mirrorOpportunity(base.db, { remote_id: OTHER, account_remote_id: null });
    const stage = lenient({ onApproval: 'link_or_create' });
    const { registrationId } = await stage.receive();
    const command = { kind: 'link', connection: CRM, opportunity: OTHER, primary: null, actor: 'manager' } as const;
    await stage.command(registrationId, command);
    await mirrorOpportunity(base.db);
    await stage.evaluate(registrationId);
    expect(await linkOf(stage, registrationId)).toMatchObject({ opportunity: OTHER, isPrimary: true, by: 'manager' });
    expect(await orders(registrationId)).toEqual([]);
  });

  it('is placed at the account at which its opportunity is made', async () => {
    await mirrorAccount(base.db);
    const stage = lenient({ onApproval: 'link_or_create' });
    const id = await approvedUnder(stage);
    const places = await stage.db.transaction().execute((trx) => readPlaces(trx, CRM, [id]));
    expect(places.get(id)?.customerAccount).toBe(ACCOUNT);
  });

  it('by the program is not judged again for its own link', async () => {
    await mirrorAccount(base.db);
    await mirrorOpportunity(base.db);
    const stage = lenient({ onApproval: 'link' });
    const { registrationId } = await stage.receive();
    await forgetMessages(stage);
    await stage.evaluate(registrationId);
    expect(await isAskedAgain(stage, registrationId)).toBe(false);
  });
});
