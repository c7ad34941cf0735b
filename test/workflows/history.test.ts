import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { caseWorkflowId, MESSAGES, registrationWorkflowId } from '../../program/messages.ts';
import { type ClaimWishes } from '../support/decision-stage.ts';
import { describeWith, findServers } from '../support/find-servers.ts';
import { openDevelopmentServer, openFlowStage, type FlowStage } from '../support/flow-stage.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';
import { until } from '../support/until.ts';

jest.setTimeout(120_000);

const FOR_MANAGER: ClaimWishes = { estimatedValue: { amount: '60000.00', currency: 'USD' } };
const RETURN = { kind: 'decide', decision: 'return', actor: 'manager' } as const;
const DONE = { kind: 'answered', answer: { kind: 'done' } };
/** So few that a handful of signals makes a workflow continue as new. */
const EVENTS_PER_RUN = 40;

describeWith(findServers().temporal, 'the history of a flow', (path) => {
  let environment: TestWorkflowEnvironment;
  let postgres: TestPostgres;
  let flow: FlowStage;

  beforeAll(async () => {
    [environment, postgres] = await Promise.all([openDevelopmentServer(path, EVENTS_PER_RUN), startTestPostgres()]);
    const { db, url } = await postgres.openEmpty();
    flow = await openFlowStage(environment, db, url);
  });
  afterAll(async () => {
    await flow.close();
    await environment.teardown();
    await postgres.stop();
  });

  it.each([
    ['403 for somebody who may not', 'Zorbix', { kind: 'decide', decision: 'approve', actor: 'rep' }, 'ACTOR_MAY_NOT_DECIDE'],
    ['409 for an extension of what is not protected', 'Jalmir', { kind: 'extend', days: 10, actor: 'partner' }, 'STATE_DOES_NOT_ALLOW'],
    ['409 for an appeal of what is not decided', 'Foghus', { kind: 'appeal', actor: 'partner' }, 'STATE_DOES_NOT_ALLOW'],
  ] as const)('holds no trace of a refused command: %s', async (_what, customer, command, code) => {
    const id = await flow.submit({ ...FOR_MANAGER, customer: { name: `${customer} Works`, domain: `${customer}.com` } });
    const workflowId = registrationWorkflowId(id);
    await untilSettledDown(workflowId);
    const before = await flow.historyLength(workflowId);
    expect(await flow.send(id, command)).toMatchObject({ kind: 'rejected', refusal: { kind: 'refused', code } });
    expect(await flow.historyLength(workflowId)).toBe(before);
    // The control: what is carried out leaves one.
    expect(await flow.send(id, RETURN)).toEqual(DONE);
    expect(await flow.historyLength(workflowId)).toBeGreaterThan(before);
  });

  it('begins anew when it is long, and nothing of a registration is lost', async () => {
    const id = await flow.submit({ ...FOR_MANAGER, customer: { name: 'Kulwem Works', domain: 'kulwem.com' } });
    const workflowId = registrationWorkflowId(id);
    const before = await flow.state(id);
    await flow.untilVisible(workflowId, { RegistrationStatus: 'in_review' });
    const visible = await flow.visible(workflowId);
    const runs = await signalUntilRuns(workflowId, 3, MESSAGES.refreshRegistration, { reevaluate: false });
    expect(runs).toBeGreaterThanOrEqual(3);
    expect(await flow.state(id)).toEqual(before);
    expect(await flow.visible(workflowId)).toEqual(visible);
    // What it carried over is enough to refuse without asking the store, and to go on.
    expect(await flow.send(id, { ...RETURN, actor: 'rep' })).toMatchObject({ kind: 'rejected' });
    expect(await flow.send(id, RETURN, { commandId: 'return-once' })).toEqual(DONE);
    const returned = await flow.state(id);
    await signalUntilRuns(workflowId, 2, MESSAGES.refreshRegistration, { reevaluate: true });
    // The server forgot the command's id with the run; the store did not.
    const amend = { kind: 'amend', actor: 'partner' } as const;
    expect(returned.status).toBe('returned');
    expect(await flow.send(id, amend, { commandId: 'amend-once', amendment: { description: 'more' } })).toEqual(DONE);
    expect((await flow.state(id)).status).toBe('in_review');
    const verdicts = await countVerdicts(id);
    await signalUntilRuns(workflowId, 2, MESSAGES.refreshRegistration, { reevaluate: false });
    expect(await flow.send(id, amend, { commandId: 'amend-once', amendment: { description: 'more' } })).toEqual(DONE);
    expect(await countVerdicts(id)).toBe(verdicts);
  });

  it('begins anew when it is long, and nothing of a case is lost', async () => {
    await flow.submit({ customer: { name: 'Tapdyn Works', domain: 'tapdyn.com' } });
    const claimant = await flow.submit({ customer: { name: 'Tapdyn Works', domain: null } });
    const { caseId } = await flow.state(claimant);
    const workflowId = caseWorkflowId(caseId ?? '');
    const before = await flow.decisions.conflictCase(caseId);
    await signalUntilRuns(workflowId, 3, MESSAGES.refreshCase);
    expect(await flow.decisions.conflictCase(caseId)).toEqual(before);
    expect(await flow.settle(caseId ?? '', { outcome: 'uphold', registrationId: null, actor: 'rep' })).toMatchObject({ kind: 'rejected' });
    expect(await flow.settle(caseId ?? '', { outcome: 'uphold', registrationId: null, actor: 'manager' })).toEqual(DONE);
    expect(await flow.ended(workflowId)).toEqual({ outcome: 'uphold' });
  });

  /** Sends a signal after the other, each when the one before was worked on, until so many runs were seen. */
  async function signalUntilRuns(workflowId: string, wanted: number, signal: string, ...args: unknown[]): Promise<number> {
    const handle = environment.client.workflow.getHandle(workflowId);
    // What is committed is delivered a moment later.
    await until(`${workflowId} is there`, () => handle.describe());
    const runs = new Set<string>();
    for (let sent = 0; sent < 100 && runs.size < wanted; sent += 1) {
      runs.add((await handle.describe()).runId);
      await handle.signal(signal, ...args);
      await untilSettledDown(workflowId);
    }
    return runs.size;
  }

  async function untilSettledDown(workflowId: string): Promise<void> {
    const handle = environment.client.workflow.getHandle(workflowId);
    await until('nothing is under way', async () => {
      const { raw, historyLength } = await handle.describe();
      if (raw.pendingWorkflowTask != null || (raw.pendingActivities?.length ?? 0) > 0) return false;
      // The server lets a run that was continued as new begin a moment later: nothing is pending then, and nothing was worked on.
      const events = (await handle.fetchHistory()).events ?? [];
      const workedOn = events.findLastIndex(({ workflowTaskCompletedEventAttributes: completed }) => completed != null);
      const signalled = events.findLastIndex(({ workflowExecutionSignaledEventAttributes: signal }) => signal != null);
      return workedOn > signalled && historyLength === events.length;
    });
  }

  async function countVerdicts(id: string): Promise<number> {
    return (await flow.decisions.db.selectFrom('verdict').select('id').where('registration_id', '=', id).execute()).length;
  }
});
