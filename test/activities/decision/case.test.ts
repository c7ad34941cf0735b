import { caseWorkflowId, registrationWorkflowId } from '../../../program/messages.ts';
import type { CaseOutcome, RegistrationStatus } from '../../../program/vocabulary.ts';
import type { Registration } from '../../../store/registration.ts';
import { createDecisionStage, emptyStore, later, MONDAY, type ClaimWishes, type DecisionStage } from '../../support/decision-stage.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';
import { stepOf } from '../../support/open-step.ts';

jest.setTimeout(60_000);

/** Probably the customer of an ordinary claim: the same name in the same country, without a domain. */
const ALIKE: ClaimWishes = { customer: { domain: null } };

let postgres: TestPostgres;
let stage: DecisionStage;

beforeAll(async () => {
  postgres = await startTestPostgres();
  stage = createDecisionStage((await postgres.openEmpty()).db);
});
afterEach(() => emptyStore(stage.db));
afterAll(() => postgres.stop());

/** A protected claim, and one on what is probably the same customer: their conflict is a case. */
async function conflict(wishes: ClaimWishes = {}) {
  const holder = await stage.receiveAndEvaluate();
  const claimant = await stage.receiveAndEvaluate({ ...ALIKE, ...wishes });
  const caseId = claimant.state.caseId ?? '';
  return { holder, claimant, caseId };
}

async function status(registration: Registration): Promise<RegistrationStatus> {
  return (await stage.registration(registration.registrationId)).state.status;
}

describe('a conflict', () => {
  it('is one case, started once, however often it is found', async () => {
    const { holder, claimant, caseId } = await conflict();
    await stage.evaluate(claimant.registrationId);
    await stage.evaluate(claimant.registrationId, later(MONDAY, 1_000));
    const cases = await stage.db.selectFrom('conflict_case').select('id').execute();
    expect(cases).toEqual([{ id: caseId }]);
    expect(await stage.messages(caseWorkflowId(caseId))).toEqual([{ kind: 'start_case', payload: {} }]);
    expect(await stage.conflictCase(caseId)).toMatchObject({
      rule: 'C02_active_protection',
      customerId: holder.customerId,
      productLine: 'platform',
      state: { status: 'open', approval: { steps: [{ role: 'partner_manager', approver: 'manager' }] } },
    });
    expect((await stage.registration(claimant.registrationId)).state).toEqual(claimant.state);
  });

  it('is joined by the next claimant', async () => {
    const { holder, claimant, caseId } = await conflict();
    const next = await stage.receiveAndEvaluate(ALIKE);
    expect(next.state.caseId).toBe(caseId);
    const members = await stage.db.selectFrom('conflict_case_registration').selectAll().execute();
    expect(Object.fromEntries(members.map(({ registration_id, side }) => [registration_id, side]))).toEqual({
      [holder.registrationId]: 'rival',
      [claimant.registrationId]: 'claimant',
      [next.registrationId]: 'claimant',
    });
  });

  it('is another case when it comes up again after it was settled', async () => {
    const { caseId } = await conflict();
    await stage.settle(caseId, 'uphold', 'manager');
    const next = await stage.receiveAndEvaluate(ALIKE);
    expect(next.state.caseId).not.toBeNull();
    expect(next.state.caseId).not.toBe(caseId);
  });

  it('ends with nothing to settle when its last claimant withdraws', async () => {
    const { holder, claimant, caseId } = await conflict();
    const next = await stage.receiveAndEvaluate(ALIKE);
    await stage.command(claimant.registrationId, { kind: 'withdraw', actor: 'partner' });
    expect((await stage.conflictCase(caseId)).state.status).toBe('open');
    await stage.command(next.registrationId, { kind: 'withdraw', actor: 'partner' });
    expect((await stage.conflictCase(caseId)).state).toMatchObject({ status: 'resolved', outcome: { kind: 'uphold', by: 'program' } });
    expect(await stage.messages(caseWorkflowId(caseId))).toContainEqual({ kind: 'refresh_case', payload: {} });
    expect(await status(holder)).toBe('approved');
  });
});

describe('the outcome of a case', () => {
  it.each<[CaseOutcome, 'claimant' | 'holder' | null, RegistrationStatus, RegistrationStatus, string]>([
    ['uphold', null, 'approved', 'denied', 'resale'],
    ['deny', null, 'approved', 'denied', 'resale'],
    ['award', 'claimant', 'revoked', 'approved', 'resale'],
    ['award', 'holder', 'approved', 'denied', 'resale'],
    ['split', null, 'approved', 'approved', 'resale'],
    ['co_sell', null, 'approved', 'approved', 'co_sell'],
    ['revoke', null, 'revoked', 'approved', 'resale'],
    ['revoke', 'holder', 'revoked', 'approved', 'resale'],
  ])('%s of %s: the holder is %s, the claimant %s', async (outcome, named, holderStatus, claimantStatus, kind) => {
    const { holder, claimant, caseId } = await conflict();
    const registrationId = named === null ? undefined : { claimant, holder }[named].registrationId;
    expect(await stage.settle(caseId, outcome, 'manager', registrationId)).toEqual({ kind: 'done' });
    expect([await status(holder), await status(claimant)]).toEqual([holderStatus, claimantStatus]);
    expect((await stage.registration(claimant.registrationId)).kind).toBe(kind);
    const holding = [holder, claimant].filter((one) => [holderStatus, claimantStatus][one === holder ? 0 : 1] === 'approved');
    expect((await stage.protections()).map((one) => one.registrationId).sort()).toEqual(holding.map((one) => one.registrationId).sort());
    expect((await stage.conflictCase(caseId)).state).toMatchObject({
      status: 'resolved',
      approval: null,
      outcome: { kind: outcome, registrationId: registrationId ?? null, by: 'manager', at: MONDAY },
    });
    // Their own workflows read again what this one's transaction changed.
    expect(await stage.messages(registrationWorkflowId(claimant.registrationId))).toContainEqual({
      kind: 'refresh_registration',
      payload: { reevaluate: false },
    });
  });

  it.each(['split', 'co_sell'] as const)(
    '%s stands also for a partner that may register no co-sell: its claim keeps its kind',
    async (outcome) => {
      const partnerId = await stage.addPartner({ type: 'referral', track: 'referral', tier: null });
      const { holder, claimant, caseId } = await conflict({ partnerId, kind: 'referral' });
      expect(await stage.settle(caseId, outcome, 'manager')).toEqual({ kind: 'done' });
      expect([await status(holder), await status(claimant)]).toEqual(['approved', 'approved']);
      expect((await stage.registration(claimant.registrationId)).kind).toBe('referral');
    },
  );

  it('can be given on the claim itself: approve is an award, deny refuses all who ask', async () => {
    const { holder, claimant, caseId } = await conflict();
    const approve = { kind: 'decide', decision: 'approve', actor: 'manager' } as const;
    expect(await stage.command(claimant.registrationId, approve)).toEqual({ kind: 'done' });
    expect([await status(holder), await status(claimant)]).toEqual(['revoked', 'approved']);
    expect((await stage.conflictCase(caseId)).state.outcome).toMatchObject({
      kind: 'award',
      registrationId: claimant.registrationId,
      by: 'manager',
    });
    expect(await stage.messages(caseWorkflowId(caseId))).toContainEqual({ kind: 'refresh_case', payload: {} });
  });

  it.each([
    ['manager', { status: 'in_review', approval: { steps: [{ role: 'vp' }] } }],
    ['director', { status: 'in_review', approval: { steps: [{ role: 'vp' }] } }],
    ['vp', { status: 'approved', approval: null }],
  ] as const)('of a claim for the VP, settled by %s, is %j', async (actor, expected) => {
    const { claimant, caseId } = await conflict({ estimatedValue: { amount: '300000.00', currency: 'USD' } });
    await stage.settle(caseId, 'award', actor, claimant.registrationId);
    expect((await stage.registration(claimant.registrationId)).state).toMatchObject(expected);
  });

  it('an award holds against a claim on the waitlist of the protection that it takes', async () => {
    const holder = await stage.receiveAndEvaluate();
    const waitlisted = await stage.receiveAndEvaluate();
    const claimant = await stage.receiveAndEvaluate(ALIKE);
    expect([waitlisted.state.status, claimant.state.status]).toEqual(['denied', 'in_review']);
    await stage.settle(claimant.state.caseId ?? '', 'award', 'manager', claimant.registrationId);
    await stage.runMessages();
    // The earlier receipt moves up behind the winner, with whom it has the same conflict that the winner had.
    expect([await status(holder), await status(waitlisted), await status(claimant)]).toEqual(['revoked', 'in_review', 'approved']);
    const { caseId } = (await stage.registration(waitlisted.registrationId)).state;
    expect((await stage.conflictCase(caseId)).rule).toBe('C02_active_protection');
    expect((await stage.protections()).map(({ registrationId }) => registrationId)).toEqual([claimant.registrationId]);
  });

  it('the conflict that was settled does not come up again between the same two, and does with a third', async () => {
    const { holder, claimant, caseId } = await conflict({ estimatedValue: { amount: '300000.00', currency: 'USD' } });
    await stage.settle(caseId, 'co_sell', 'manager');
    const { state } = await stage.evaluate(claimant.registrationId);
    expect(state).toMatchObject({ caseId: null, approval: { steps: [{ role: 'vp' }] }, settled: [{ with: [holder.registrationId] }] });
    const third = await stage.receiveAndEvaluate({ ...ALIKE, customer: { domain: null, name: 'Northwind' } });
    expect(third.state.caseId).not.toBeNull();
  });
});

describe('who may settle a case', () => {
  it.each<[string, CaseOutcome, string, string]>([
    ['rep', 'uphold', 'nobody', 'ACTOR_MAY_NOT_DECIDE'],
    ['manager', 'award', 'nobody', 'OUTCOME_NOT_POSSIBLE'],
    ['manager', 'award', 'a stranger', 'OUTCOME_NOT_POSSIBLE'],
    ['manager', 'revoke', 'the claimant', 'OUTCOME_NOT_POSSIBLE'],
  ])('%s may not: %s naming %s (%s)', async (actor, outcome, named, code) => {
    const { claimant, caseId } = await conflict();
    const stranger = await stage.receive({ customer: { name: 'Fabrikam', domain: 'fabrikam.com' } });
    const registrationId = named === 'nobody' ? undefined : named === 'the claimant' ? claimant.registrationId : stranger.registrationId;
    const before = await stage.conflictCase(caseId);
    expect(await stage.settle(caseId, outcome, actor, registrationId)).toMatchObject({ kind: 'refused', code });
    expect(await stage.conflictCase(caseId)).toEqual(before);
  });

  it('nobody may settle a case again, nor otherwise', async () => {
    const { caseId } = await conflict();
    await stage.settle(caseId, 'uphold', 'manager');
    expect(await stage.settle(caseId, 'deny', 'vp', undefined, later(MONDAY, 1_000))).toMatchObject({ code: 'STATE_DOES_NOT_ALLOW' });
  });
});

describe('a silent arbiter', () => {
  it('is followed by the next role at the deadline, not before, and everybody in the case sees it', async () => {
    const { claimant, caseId } = await conflict();
    const dueAt = stepOf(claimant.state)?.dueAt ?? '';
    expect(stepOf(await stage.cases.escalateCase(caseId, later(dueAt, -1)))?.role).toBe('partner_manager');
    const progress = await stage.cases.escalateCase(caseId, dueAt);
    expect(progress).toMatchObject({ approval: { steps: [{ role: 'director', openedAt: dueAt }] }, needsAttention: false });
    expect((await stage.registration(claimant.registrationId)).state.approval).toEqual(progress.approval);
    const director = await stage.cases.escalateCase(caseId, stepOf(progress)?.dueAt ?? '');
    const vp = await stage.cases.escalateCase(caseId, stepOf(director)?.dueAt ?? '');
    expect(vp).toMatchObject({ approval: { steps: [{ role: 'vp' }] }, needsAttention: true });
    expect((await stage.registration(claimant.registrationId)).state.needsAttention).toBe(true);
    expect(await stage.settle(caseId, 'uphold', 'manager', undefined, stepOf(vp)?.openedAt)).toMatchObject({
      code: 'ACTOR_MAY_NOT_DECIDE',
    });
    expect(await stage.settle(caseId, 'uphold', 'vp', undefined, stepOf(vp)?.openedAt)).toEqual({ kind: 'done' });
  });
});

describe('a case whose claims are all returned to their partners', () => {
  const DAY_MS = 24 * 60 * 60 * 1000;
  const giveBack = (id: string) => stage.command(id, { kind: 'decide', decision: 'return', actor: 'manager' });

  it('does not climb: the same role keeps it, with a deadline that lies ahead each time', async () => {
    const { claimant, caseId } = await conflict();
    await giveBack(claimant.registrationId);
    let dueAt = stepOf(claimant.state)?.dueAt ?? '';
    for (let round = 0; round < 4; round += 1) {
      const { approval, needsAttention } = await stage.cases.escalateCase(caseId, dueAt);
      const step = stepOf({ approval });
      expect({ role: step?.role, approver: step?.approver, needsAttention }).toEqual({
        role: 'partner_manager',
        approver: 'manager',
        needsAttention: false,
      });
      expect(Date.parse(step?.dueAt ?? '')).toBeGreaterThan(Date.parse(dueAt));
      dueAt = step?.dueAt ?? '';
    }
    expect(await status(claimant)).toBe('returned');
  });

  it('climbs while one claim of two still waits for the arbiter', async () => {
    const { claimant, caseId } = await conflict();
    await stage.receiveAndEvaluate(ALIKE);
    await giveBack(claimant.registrationId);
    expect(stepOf(await stage.cases.escalateCase(caseId, stepOf(claimant.state)?.dueAt ?? ''))?.role).toBe('director');
  });

  it('gives its arbiter the full time again when the first of them comes back', async () => {
    const { claimant, caseId } = await conflict();
    await giveBack(claimant.registrationId);
    const at = later(MONDAY, DAY_MS - 60_000);
    await stage.command(claimant.registrationId, { kind: 'amend', actor: 'partner' }, { amendment: { description: 'more' }, at });
    const { approval } = (await stage.conflictCase(caseId)).state;
    const step = stepOf({ approval });
    expect(step).toMatchObject({ role: 'partner_manager', openedAt: at });
    expect(Date.parse(step?.dueAt ?? '')).toBeGreaterThan(Date.parse(stepOf(claimant.state)?.dueAt ?? ''));
    expect((await stage.registration(claimant.registrationId)).state).toMatchObject({ status: 'in_review', caseId, approval });
    expect(await stage.messages(caseWorkflowId(caseId))).toContainEqual({ kind: 'refresh_case', payload: {} });
  });

  it('does not give it more time for a claim that comes back while another one waits', async () => {
    const { claimant, caseId } = await conflict();
    await stage.receiveAndEvaluate(ALIKE);
    await giveBack(claimant.registrationId);
    const at = later(MONDAY, 60_000);
    await stage.command(claimant.registrationId, { kind: 'amend', actor: 'partner' }, { amendment: { description: 'more' }, at });
    expect((await stage.conflictCase(caseId)).state.approval).toEqual(claimant.state.approval);
  });
});
