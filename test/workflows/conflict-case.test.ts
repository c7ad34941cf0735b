import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { caseWorkflowId, registrationWorkflowId } from '../../program/messages.ts';
import type { CaseState } from '../../program/case-life.ts';
import { later, type ClaimWishes } from '../support/decision-stage.ts';
import { describeWith, findServers } from '../support/find-servers.ts';
import { nextWeekday, officeDaysLater, openFlowStage, openTimeSkipping, type FlowStage } from '../support/flow-stage.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';
import { until } from '../support/until.ts';
import { stepOf } from '../support/open-step.ts';

jest.setTimeout(180_000);

const DONE = { kind: 'answered', answer: { kind: 'done' } };

describeWith(findServers().timeSkipping, 'conflictCase', (path) => {
  let environment: TestWorkflowEnvironment;
  let postgres: TestPostgres;
  let flow: FlowStage;

  beforeAll(async () => {
    [environment, postgres] = await Promise.all([openTimeSkipping(path), startTestPostgres()]);
    const { db, url } = await postgres.openEmpty();
    flow = await openFlowStage(environment, db, url);
  });
  afterAll(async () => {
    await flow.close();
    await environment.teardown();
    await postgres.stop();
  });

  /** A protected claim, and one on what is probably the same customer, by names that no other test uses. */
  async function conflict(name: string, wishes: ClaimWishes = {}) {
    const holder = await flow.submit({ customer: { name, domain: `${name.split(' ')[0]?.toLowerCase()}.com` } });
    const claimant = await flow.submit({ customer: { name, domain: null }, ...wishes });
    const caseId = (await flow.state(claimant)).caseId ?? '';
    const workflowId = caseWorkflowId(caseId);
    await flow.untilVisible(workflowId, { Step: 'partner_manager' });
    return { holder, claimant, caseId, workflowId };
  }
  const stateOf = async (caseId: string): Promise<CaseState> => (await flow.decisions.conflictCase(caseId)).state;

  it('climbs to the VP while it is ignored, in business days, keeps asking there and needs attention', async () => {
    const thursday = nextWeekday(await flow.now(), 4);
    flow.holidays.push(officeDaysLater(thursday, 4).slice(0, 10));
    await flow.skipTo(thursday);
    const { holder, claimant, caseId, workflowId } = await conflict('Zorbix Zorbix');
    const asked = await stateOf(caseId);
    expect(stepOf(asked)).toMatchObject({ approver: 'manager', dueAt: officeDaysLater(stepOf(asked)?.openedAt ?? '', 1) });

    const director = await climb(caseId, claimant, 'director');
    expect(stepOf(director)?.dueAt).toBe(officeDaysLater(stepOf(director)?.openedAt ?? '', 4));
    const vp = await climb(caseId, claimant, 'vp');
    expect(vp).toMatchObject({ needsAttention: false, approval: { steps: [{ dueAt: officeDaysLater(stepOf(vp)?.openedAt ?? '', 3) }] } });
    for (const _time of ['once', 'twice']) {
      expect(await climb(caseId, claimant, 'vp')).toMatchObject({
        needsAttention: true,
        approval: { steps: [{ openedAt: stepOf(vp)?.openedAt }] },
      });
      await flow.untilVisible(workflowId, { NeedsAttention: true });
      await flow.untilVisible(registrationWorkflowId(claimant), { NeedsAttention: true });
    }

    expect(await flow.settle(caseId, { outcome: 'uphold', registrationId: null, actor: 'director' })).toMatchObject({
      kind: 'rejected',
      refusal: { code: 'ACTOR_MAY_NOT_DECIDE' },
    });
    expect(await flow.settle(caseId, { outcome: 'award', registrationId: claimant, actor: 'vp' })).toEqual(DONE);
    expect(await flow.ended(workflowId)).toEqual({ outcome: 'award' });
    await flow.untilVisible(workflowId, { NeedsAttention: false });
    expect([(await flow.state(holder)).status, (await flow.state(claimant)).status]).toEqual(['revoked', 'approved']);
    // Whoever lost may appeal for a while; nothing is left to do after that.
    await flow.skipTo(later((await flow.state(holder)).appealUntil ?? '', 20));
    expect(await flow.ended(registrationWorkflowId(holder))).toEqual({ status: 'revoked' });
    await flow.untilVisible(registrationWorkflowId(claimant), { RegistrationStatus: 'approved' });
  });

  /** Goes past the deadline of the open question: who is asked then, in the case and on the claim alike. */
  async function climb(caseId: string, claimant: string, role: string): Promise<CaseState> {
    const before = stepOf(await stateOf(caseId));
    await flow.skipTo(later(before?.dueAt ?? '', 20));
    const after = await until(`${role} is asked`, async () => {
      const state = await stateOf(caseId);
      return stepOf(state)?.dueAt === before?.dueAt ? null : state;
    });
    expect(stepOf(after)?.role).toBe(role);
    expect(Date.parse(stepOf(after)?.dueAt ?? '')).toBeGreaterThan(Date.parse(before?.dueAt ?? ''));
    expect((await flow.state(claimant)).approval).toEqual(after.approval);
    return after;
  }

  it('answers the same command id once, also after it has ended, and another one with a refusal', async () => {
    const { caseId, workflowId } = await conflict('Kulwem Kulwem');
    const uphold = { outcome: 'uphold', registrationId: null, actor: 'manager' } as const;
    expect(await flow.settle(caseId, uphold, 'settle-once')).toEqual(DONE);
    expect(await flow.ended(workflowId)).toEqual({ outcome: 'uphold' });
    const after = await stateOf(caseId);
    expect(await flow.settle(caseId, uphold, 'settle-once')).toEqual(DONE);
    expect(await stateOf(caseId)).toEqual(after);
    expect(await flow.settle(caseId, uphold)).toMatchObject({ answer: { code: 'STATE_DOES_NOT_ALLOW' } });
    expect(await flow.settle(caseId, { ...uphold, outcome: 'deny' })).toMatchObject({ answer: { code: 'STATE_DOES_NOT_ALLOW' } });
  });

  it('ends when it is settled by a decision on the claim', async () => {
    const { holder, claimant, workflowId } = await conflict('Tapdyn Tapdyn');
    expect(await flow.send(claimant, { kind: 'decide', decision: 'deny', actor: 'manager' })).toEqual(DONE);
    expect(await flow.ended(workflowId)).toEqual({ outcome: 'deny' });
    expect([(await flow.state(holder)).status, (await flow.state(claimant)).status]).toEqual(['approved', 'denied']);
  });

  it('begins anew when its outcome is appealed, and ends with the outcome of the appeal', async () => {
    const { holder, claimant, caseId, workflowId } = await conflict('Wexcor Wexcor');
    expect(await flow.settle(caseId, { outcome: 'uphold', registrationId: null, actor: 'manager' })).toEqual(DONE);
    expect(await flow.ended(workflowId)).toEqual({ outcome: 'uphold' });
    await flow.untilVisible(registrationWorkflowId(claimant), { RegistrationStatus: 'denied' });
    const evidence = ['An order that nobody had seen.'];
    expect(await flow.send(claimant, { kind: 'appeal', actor: 'partner' }, { amendment: { evidence } })).toEqual(DONE);
    await flow.untilVisible(workflowId, { Step: 'director' });
    const award = { outcome: 'award', registrationId: claimant } as const;
    expect(await flow.settle(caseId, { ...award, actor: 'manager' })).toMatchObject({ refusal: { code: 'ACTOR_MAY_NOT_DECIDE' } });
    expect(await flow.settle(caseId, { ...award, actor: 'director' })).toEqual(DONE);
    expect(await flow.ended(workflowId)).toEqual({ outcome: 'award' });
    expect([(await flow.state(holder)).status, (await flow.state(claimant)).status]).toEqual(['revoked', 'approved']);
  });

  it('ends with nothing to settle when the claimant withdraws', async () => {
    const { claimant, workflowId } = await conflict('Foghus Foghus');
    await flow.send(claimant, { kind: 'withdraw', actor: 'partner' });
    expect(await flow.ended(workflowId)).toEqual({ outcome: 'uphold' });
    expect(await flow.ended(registrationWorkflowId(claimant))).toEqual({ status: 'withdrawn' });
  });
});
