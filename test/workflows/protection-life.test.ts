import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { Program } from '../../program/definition/program.ts';
import { registrationWorkflowId } from '../../program/messages.ts';
import { listAudit } from '../../store/audit.ts';
import { ACME } from '../program/example.ts';
import { later, type ClaimWishes } from '../support/decision-stage.ts';
import { describeWith, findServers } from '../support/find-servers.ts';
import { openFlowStage, openTimeSkipping, type FlowStage } from '../support/flow-stage.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';
import { stepOf } from '../support/open-step.ts';

jest.setTimeout(180_000);

const MINUTE_MS = 60 * 1000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const FOR_TWO: ClaimWishes = { estimatedValue: { amount: '60000.00', currency: 'USD' } };
const days = (amount: number) => ({ amount, unit: 'days', restated: null }) as const;

/** Acme's program with what it does without: a silent yes in a chain of two, further time after the end, and a wait before a claim is closed. */
const PROGRAM: Program = {
  ...ACME,
  routing: {
    ...ACME.routing,
    rows: [
      { when: { value: { upTo: '25000' } }, steps: [] },
      { when: {}, steps: [{ role: 'partner_manager', deadline: days(2), silence: 'approve' }, { role: 'director' }] },
    ],
  },
  protection: {
    ...ACME.protection,
    reminders: [days(14), days(1)],
    waitBeforeClose: days(3),
    extension: { ...ACME.protection.extension, askWithin: days(10) },
  },
};

describeWith(findServers().timeSkipping, 'the life of a protection', (path) => {
  let environment: TestWorkflowEnvironment;
  let postgres: TestPostgres;
  let flow: FlowStage;

  beforeAll(async () => {
    [environment, postgres] = await Promise.all([openTimeSkipping(path), startTestPostgres()]);
    const { db, url } = await postgres.openEmpty();
    flow = await openFlowStage(environment, db, url, {}, PROGRAM);
  });
  afterAll(async () => {
    await flow.close();
    await environment.teardown();
    await postgres.stop();
  });

  const submit = (word: string, wishes: ClaimWishes = {}): Promise<string> =>
    flow.submit({ customer: { name: `${word} ${word}`, domain: `${word}.com` }, ...wishes });
  const reminders = async (id: string) =>
    (await listAudit(flow.decisions.db, registrationWorkflowId(id), 100)).filter(({ kind }) => kind === 'reminded').map(({ at }) => at);

  it('reminds twice, at its instants, and then ends; operators see the end all the time', async () => {
    const id = await submit('zorbix');
    const until = (await flow.state(id)).protection?.until ?? '';
    await flow.untilVisible(registrationWorkflowId(id), { DueAt: until });
    await flow.skipTo(later(until, -14 * DAY_MS - MINUTE_MS));
    expect(await reminders(id)).toEqual([]);
    await flow.skipTo(later(until, -14 * DAY_MS + 20));
    await flow.untilState(id, 'the first reminder', (state) => state.reminders.length === 1);
    await flow.untilVisible(registrationWorkflowId(id), { DueAt: until });
    await flow.skipTo(later(until, 20));
    await flow.untilState(id, 'the end', ({ status }) => status === 'expired');
    const sent = await reminders(id);
    expect(sent).toHaveLength(2);
    for (const [index, before] of [14, 1].entries()) {
      const lateMs = Date.parse(sent[index] ?? '') - Date.parse(later(until, -before * DAY_MS));
      expect(lateMs).toBeGreaterThanOrEqual(0);
      expect(lateMs).toBeLessThan(MINUTE_MS);
    }
  });

  it('begins where nobody answers and silence is a yes, after the last of those who are asked', async () => {
    const id = await submit('kulwem', FOR_TWO);
    const step = stepOf(await flow.state(id));
    expect(step).toMatchObject({ role: 'partner_manager', silence: 'approve' });
    await flow.skipTo(later(step?.dueAt ?? '', -MINUTE_MS));
    expect(stepOf(await flow.state(id))).toEqual(step);
    await flow.skipTo(later(step?.dueAt ?? '', 20));
    const next = await flow.untilState(id, 'the director is asked', (state) => stepOf(state)?.role === 'director');
    expect(next).toMatchObject({ status: 'in_review', approval: { granted: [{ role: 'partner_manager', by: 'program' }] } });
    await flow.untilVisible(registrationWorkflowId(id), { Step: 'director' });
    expect(await flow.send(id, { kind: 'decide', decision: 'approve', actor: 'director' })).toMatchObject({ answer: { kind: 'done' } });
    expect((await flow.state(id)).status).toBe('approved');
  });

  it('goes on by an extension that is asked for after the end, and ends with it', async () => {
    const id = await submit('tapdyn');
    const until = (await flow.state(id)).protection?.until ?? '';
    await flow.skipTo(later(until, 20));
    await flow.untilState(id, 'the end', ({ status }) => status === 'expired');
    await flow.skipTo(later(until, 9 * DAY_MS));
    expect(await flow.send(id, { kind: 'extend', days: null, actor: 'partner' })).toEqual({ kind: 'answered', answer: { kind: 'done' } });
    const extended = later(until, 30 * DAY_MS);
    expect(await flow.state(id)).toMatchObject({ status: 'approved', protection: { until: extended } });
    await flow.skipTo(later(extended, 20));
    await flow.untilState(id, 'the end of the extension', ({ status }) => status === 'expired');
    // Its only extension is used: nothing but an appeal is possible any more.
    expect((await flow.state(id)).expired?.extensibleUntil).toBeNull();
  });

  it('does not go on when that is asked for too late', async () => {
    const id = await submit('foghus');
    const until = (await flow.state(id)).protection?.until ?? '';
    await flow.skipTo(later(until, 20));
    await flow.untilState(id, 'the end', ({ status }) => status === 'expired');
    await flow.skipTo(later(until, 10 * DAY_MS + 20));
    await flow.untilState(id, 'the end of the time for it', ({ expired }) => expired?.extensibleUntil === null);
    expect(await flow.send(id, { kind: 'extend', days: 1, actor: 'partner' })).toMatchObject({ kind: 'rejected' });
  });

  it('lasts until a win is credible', async () => {
    const id = await submit('jalmir');
    await flow.send(id, { kind: 'close', outcome: 'won', actor: 'rep' });
    const { closing, status } = await flow.state(id);
    expect(status).toBe('approved');
    await flow.skipTo(later(closing?.at ?? '', -MINUTE_MS));
    expect((await flow.state(id)).status).toBe('approved');
    await flow.skipTo(later(closing?.at ?? '', 20));
    expect(await flow.ended(registrationWorkflowId(id))).toEqual({ status: 'won' });
  });

  it('goes on where the opportunity is opened again in time', async () => {
    const id = await submit('dynzor');
    await flow.send(id, { kind: 'close', outcome: 'lost', actor: 'rep' });
    const { closing } = await flow.state(id);
    expect(await flow.send(id, { kind: 'reopen', actor: 'salesforce' })).toMatchObject({ answer: { kind: 'done' } });
    await flow.skipTo(later(closing?.at ?? '', DAY_MS));
    expect(await flow.state(id)).toMatchObject({ status: 'approved', closing: null });
    expect(await flow.send(id, { kind: 'revoke', actor: 'director' })).toMatchObject({ answer: { kind: 'done' } });
    expect(await flow.ended(registrationWorkflowId(id))).toEqual({ status: 'revoked' });
  });
});
