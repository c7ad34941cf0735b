import { caseWorkflowId, registrationWorkflowId } from '../../../program/messages.ts';
import type { Program } from '../../../program/definition/program.ts';
import { createDecisionStage, emptyStore, later, type DecisionStage } from '../../support/decision-stage.ts';
import { mirrorAccount, mirrorOpportunity } from '../../support/mirror.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';
import { acmeWith, parseOrThrow } from '../../program/example.ts';
import { stepOf } from '../../support/open-step.ts';

jest.setTimeout(60_000);

let postgres: TestPostgres;
let stage: DecisionStage;

beforeAll(async () => {
  postgres = await startTestPostgres();
  stage = createDecisionStage((await postgres.openEmpty()).db);
});
afterEach(() => emptyStore(stage.db));
afterAll(() => postgres.stop());

function running(program: Program): DecisionStage {
  return stage.withDependencies({ programs: { current: () => program, byVersion: () => program } });
}

const EARLY_STAGE = 'on: { exact: { outcome: review, decider: partner_manager }, probable: { outcome: review, decider: partner_manager } }';
const reviewedBy = (text: string) =>
  running(parseOrThrow(acmeWith(EARLY_STAGE, `on: { exact: { outcome: review, ${text} }, probable: { outcome: review, ${text} } }`)));

/** GitLab 2026: the partner manager, and then the sales manager, whose silence of ten days is a yes. */
const likeGitLab = () => reviewedBy('decider: partner_manager, then: [{ role: director, deadline: 10 days, silence: approve }]');

async function conflictWithSales(own: DecisionStage) {
  await mirrorAccount(own.db);
  await mirrorOpportunity(own.db);
  const { registrationId, state } = await own.receiveAndEvaluate();
  return { registrationId, caseId: state.caseId ?? '' };
}
const stateOf = async (id: string) => (await stage.registration(id)).state;
const caseOf = async (id: string) => (await stage.conflictCase(id)).state;

describe('a case that several roles settle', () => {
  it('is settled when the last of them agrees', async () => {
    const own = likeGitLab();
    const { registrationId, caseId } = await conflictWithSales(own);
    expect(await caseOf(caseId)).toMatchObject({
      approval: { steps: [{ role: 'partner_manager' }], granted: [], rest: [{ role: 'director' }] },
    });
    expect(await own.settle(caseId, 'award', 'manager', registrationId)).toEqual({ kind: 'done' });
    const asked = await caseOf(caseId);
    expect(asked).toMatchObject({
      status: 'open',
      approval: {
        steps: [{ role: 'director', silence: 'approve' }],
        granted: [{ role: 'partner_manager', by: 'manager' }],
        rest: [],
      },
      proposed: { outcome: 'award', registrationId },
    });
    expect((await stateOf(registrationId)).approval).toEqual(asked.approval);
    expect(await own.settle(caseId, 'award', 'manager', registrationId)).toMatchObject({ code: 'ACTOR_MAY_NOT_DECIDE' });
    await own.settle(caseId, 'award', 'director', registrationId);
    expect([(await caseOf(caseId)).status, (await stateOf(registrationId)).status]).toEqual(['resolved', 'approved']);
  });

  it('can be agreed to on the claim itself; its case hears of it', async () => {
    const own = likeGitLab();
    const { registrationId, caseId } = await conflictWithSales(own);
    await own.command(registrationId, { kind: 'decide', decision: 'approve', actor: 'manager' });
    expect(stepOf(await caseOf(caseId))?.role).toBe('director');
    expect(await own.messages(caseWorkflowId(caseId))).toContainEqual({ kind: 'refresh_case', payload: {} });
  });

  it('is refused by any one of them', async () => {
    const own = likeGitLab();
    const { registrationId, caseId } = await conflictWithSales(own);
    await own.settle(caseId, 'deny', 'manager');
    expect([(await caseOf(caseId)).status, (await stateOf(registrationId)).status]).toEqual(['resolved', 'denied']);
  });

  it('carries out what was proposed when the last one stays silent, and not a millisecond before', async () => {
    const own = likeGitLab();
    const { registrationId, caseId } = await conflictWithSales(own);
    await own.settle(caseId, 'award', 'manager', registrationId);
    const dueAt = stepOf(await caseOf(caseId))?.dueAt ?? '';
    await own.cases.escalateCase(caseId, later(dueAt, -1));
    expect((await caseOf(caseId)).status).toBe('open');
    await own.cases.escalateCase(caseId, dueAt);
    expect(await caseOf(caseId)).toMatchObject({ status: 'resolved', outcome: { kind: 'award', registrationId, by: 'program' } });
    expect(await stateOf(registrationId)).toMatchObject({ status: 'approved', protection: { from: dueAt } });
    expect(await own.messages(registrationWorkflowId(registrationId))).toContainEqual({
      kind: 'refresh_registration',
      payload: { reevaluate: false },
    });
  });

  it('counts the time of a step from the submission where the program says so', async () => {
    const own = reviewedBy('decider: partner_manager, then: [{ role: director, deadline: 10 days, from: submission, silence: approve }]');
    const { registrationId, caseId } = await conflictWithSales(own);
    const { submittedAt } = await own.registration(registrationId);
    const askedAt = stepOf(await caseOf(caseId))?.dueAt ?? '';
    expect(Date.parse(askedAt)).toBeGreaterThan(Date.parse(submittedAt));
    await own.settle(caseId, 'award', 'manager', registrationId, askedAt);
    expect(stepOf(await caseOf(caseId))).toMatchObject({ openedAt: askedAt, dueAt: later(submittedAt, 10 * 24 * 3_600_000) });
  });

  it('does not settle by a silent yes what a rule denies by then', async () => {
    const own = likeGitLab();
    const { registrationId, caseId } = await conflictWithSales(own);
    await own.settle(caseId, 'award', 'manager', registrationId);
    const { partnerId } = await own.registration(registrationId);
    await own.db.updateTable('partner').set({ status: 'suspended' }).where('id', '=', partnerId).execute();
    await own.cases.escalateCase(caseId, stepOf(await caseOf(caseId))?.dueAt ?? '');
    expect((await stateOf(registrationId)).status).toBe('denied');
  });
});

describe('silence in a case', () => {
  it('that is a no upholds who held the position', async () => {
    const own = reviewedBy('decider: partner_manager, silence: deny');
    const { registrationId, caseId } = await conflictWithSales(own);
    await own.cases.escalateCase(caseId, stepOf(await caseOf(caseId))?.dueAt ?? '');
    expect(await caseOf(caseId)).toMatchObject({ outcome: { kind: 'uphold', by: 'program' } });
    expect((await stateOf(registrationId)).status).toBe('denied');
  });

  it('takes nothing from another partner: the next role is asked, and somebody should look after it', async () => {
    const probable = 'on: { exact: { outcome: deny, waitlist: true }, probable: { outcome: review, decider: partner_manager } }';
    const own = running(
      parseOrThrow(acmeWith(probable, probable.replace('decider: partner_manager', 'decider: partner_manager, silence: approve'))),
    );
    const holder = await own.receiveAndEvaluate();
    const { registrationId, state } = await own.receiveAndEvaluate({ customer: { domain: null } });
    const caseId = state.caseId ?? '';
    await own.cases.escalateCase(caseId, stepOf(state)?.dueAt ?? '');
    expect(await caseOf(caseId)).toMatchObject({ status: 'open', approval: { steps: [{ role: 'director' }] }, needsAttention: true });
    expect([(await stateOf(holder.registrationId)).status, (await stateOf(registrationId)).status]).toEqual(['approved', 'in_review']);
  });
});

describe("the customer's choice of another partner", () => {
  it('supersedes the claim that was protected', async () => {
    const own = running(
      parseOrThrow(
        acmeWith(
          '    - id: C02_active_protection',
          '    - id: C22_customer_choice\n      on: { letter: { outcome: review, decider: partner_manager } }\n    - id: C02_active_protection',
        ),
      ),
    );
    const holder = await own.receiveAndEvaluate();
    const facts = { ...holder.facts, proofs: [{ kind: 'customer_letter', date: '2026-11-16' }] };
    const chosen = await own.receiveAndEvaluate({ facts });
    const { caseId } = await stateOf(chosen.registrationId);
    expect((await own.conflictCase(caseId)).rule).toBe('C22_customer_choice');
    await own.settle(caseId ?? '', 'award', 'manager', chosen.registrationId);
    expect(await stateOf(holder.registrationId)).toMatchObject({ status: 'revoked', decision: { reasons: [{ rule: 'superseded' }] } });
    expect((await stateOf(chosen.registrationId)).status).toBe('approved');
  });
});
