import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { registrationWorkflowId } from '../../program/messages.ts';
import type { RegistrationState } from '../../program/registration-life.ts';
import { later, type ClaimWishes } from '../support/decision-stage.ts';
import { describeWith, findServers } from '../support/find-servers.ts';
import { nextWeekday, officeDaysLater, openFlowStage, openTimeSkipping, type FlowStage } from '../support/flow-stage.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';
import { until } from '../support/until.ts';
import { stepOf } from '../support/open-step.ts';

jest.setTimeout(180_000);

const MINUTE_MS = 60 * 1000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const FOR_MANAGER: ClaimWishes = { estimatedValue: { amount: '60000.00', currency: 'USD' } };
const TOO_SMALL: ClaimWishes = { estimatedValue: { amount: '100.00', currency: 'USD' } };
const RETURN = { kind: 'decide', decision: 'return', actor: 'manager' } as const;
const APPEAL = { kind: 'appeal', actor: 'partner' } as const;
const NEW_EVIDENCE = { amendment: { evidence: ['An order that nobody had seen.'] } };

describeWith(findServers().timeSkipping, 'registration', (path) => {
  let environment: TestWorkflowEnvironment;
  let postgres: TestPostgres;
  let flow: FlowStage;
  let customers = 0;

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

  /** A claim on a customer that no other test knows. */
  function aCustomer(): ClaimWishes['customer'] {
    customers += 1;
    const word = [...`${customers}`.padStart(2, '0')]
      .map((digit) => ['zor', 'bix', 'kul', 'wem', 'tap', 'dyn', 'fog', 'hus', 'jal', 'mir'][Number(digit)])
      .join('');
    return { name: `${word} ${word}`, domain: `${word}.com` };
  }
  const submit = (wishes: ClaimWishes = {}): Promise<string> => flow.submit({ customer: aCustomer() ?? {}, ...wishes });
  const shown = (state: RegistrationState) => {
    const step = stepOf(state);
    return { role: step?.role, approver: step?.approver, dueAt: step?.dueAt };
  };

  it('climbs from the manager to the VP while nobody answers, in business days, keeps asking there and needs attention', async () => {
    const thursday = nextWeekday(await flow.now(), 4);
    // The office is closed on the Monday after the weekend.
    flow.holidays.push(officeDaysLater(thursday, 4).slice(0, 10));
    await flow.skipTo(thursday);
    const id = await submit(FOR_MANAGER);
    const workflowId = registrationWorkflowId(id);
    const asked = await flow.state(id);
    expect(shown(asked)).toEqual({
      role: 'partner_manager',
      approver: 'manager',
      dueAt: officeDaysLater(stepOf(asked)?.openedAt ?? '', 1),
    });
    await flow.untilVisible(workflowId, { Step: 'partner_manager', NeedsAttention: false, RegistrationStatus: 'in_review' });

    await flow.skipTo(later(stepOf(asked)?.dueAt ?? '', -MINUTE_MS));
    expect(await flow.state(id)).toEqual(asked);
    const director = await climb(id, asked, 'director');
    // Friday, then a weekend and a holiday: Tuesday.
    expect(shown(director)).toEqual({
      role: 'director',
      approver: 'director',
      dueAt: officeDaysLater(stepOf(director)?.openedAt ?? '', 4),
    });
    const vp = await climb(id, director, 'vp');
    expect(shown(vp)).toEqual({ role: 'vp', approver: 'vp', dueAt: officeDaysLater(stepOf(vp)?.openedAt ?? '', 3) });
    expect(vp.needsAttention).toBe(false);

    const again = await climb(id, vp, 'vp');
    expect(again).toMatchObject({ needsAttention: true, approval: { steps: [{ openedAt: stepOf(vp)?.openedAt }] } });
    // From Friday over the weekend to Wednesday.
    expect(Date.parse(stepOf(again)?.dueAt ?? '') - Date.parse(officeDaysLater(stepOf(vp)?.dueAt ?? '', 5))).toBeLessThan(MINUTE_MS);
    await flow.untilVisible(workflowId, { NeedsAttention: true, DueAt: stepOf(again)?.dueAt });
    expect(await climb(id, again, 'vp')).toMatchObject({ needsAttention: true });

    expect(await flow.send(id, { kind: 'decide', decision: 'approve', actor: 'manager' })).toMatchObject({
      kind: 'rejected',
      refusal: { code: 'ACTOR_MAY_NOT_DECIDE' },
    });
    expect(await flow.send(id, { kind: 'decide', decision: 'approve', actor: 'vp' })).toEqual({
      kind: 'answered',
      answer: { kind: 'done' },
    });
    await flow.untilVisible(workflowId, { RegistrationStatus: 'approved', NeedsAttention: false });
  });

  /** Goes past the deadline of the open step: what is asked then. The skipped time is in the store, not the machine's. */
  async function climb(id: string, from: RegistrationState, role: string): Promise<RegistrationState> {
    const dueAt = stepOf(from)?.dueAt ?? '';
    await flow.skipTo(later(dueAt, 20));
    const state = await flow.untilState(id, `${role} is asked`, (current) => stepOf(current)?.dueAt !== dueAt);
    expect(stepOf(state)?.role).toBe(role);
    const audit = await flow.decisions.db
      .selectFrom('audit_entry')
      .select('at')
      .where('kind', '=', 'silence')
      .orderBy('id', 'desc')
      .limit(1)
      .execute();
    const lateMs = Date.parse(audit[0]?.at ?? '') - Date.parse(dueAt);
    expect(lateMs).toBeGreaterThanOrEqual(0);
    expect(lateMs).toBeLessThan(MINUTE_MS);
    return state;
  }

  it('lapses when it is returned and not completed in time, and ends', async () => {
    const id = await submit(FOR_MANAGER);
    await flow.send(id, RETURN);
    const { returnedUntil } = await flow.state(id);
    await flow.skipTo(later(returnedUntil ?? '', -MINUTE_MS));
    expect((await flow.state(id)).status).toBe('returned');
    await flow.skipTo(later(returnedUntil ?? '', 20));
    expect(await flow.ended(registrationWorkflowId(id))).toEqual({ status: 'lapsed' });
    expect((await flow.state(id)).status).toBe('lapsed');
  });

  it('starts its review anew when it is completed in time', async () => {
    const id = await submit(FOR_MANAGER);
    await flow.send(id, RETURN);
    const { returnedUntil } = await flow.state(id);
    await flow.skipTo(later(returnedUntil ?? '', -HOUR_MS));
    const amended = { amendment: { description: 'complete now' } };
    expect(await flow.send(id, { kind: 'amend', actor: 'partner' }, amended)).toEqual({ kind: 'answered', answer: { kind: 'done' } });
    await flow.skipTo(later(returnedUntil ?? '', HOUR_MS));
    const state = await flow.state(id);
    expect(state).toMatchObject({ status: 'in_review', returnedUntil: null });
    expect(Date.parse(stepOf(state)?.openedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(returnedUntil ?? '') - HOUR_MS);
    await flow.send(id, { kind: 'withdraw', actor: 'partner' });
  });

  it('is protected for 90 days; then it expires and the rival on the waitlist moves up', async () => {
    const customer = aCustomer() ?? {};
    const holder = await submit({ customer });
    const rival = await submit({ customer });
    const { protection } = await flow.state(holder);
    expect(Date.parse(protection?.until ?? '') - Date.parse(protection?.from ?? '')).toBe(90 * DAY_MS);
    expect(await flow.state(rival)).toMatchObject({ status: 'denied', waitlistedBehind: [holder] });

    await flow.skipTo(later(protection?.until ?? '', -MINUTE_MS));
    expect((await flow.state(holder)).status).toBe('approved');
    await flow.skipTo(later(protection?.until ?? '', 20));
    await flow.untilState(holder, 'the end of the protection', ({ status }) => status === 'expired');
    const promoted = await flow.untilState(rival, 'the promotion', ({ status }) => status === 'approved');
    expect(promoted.protection?.from.slice(0, 10)).toBe((protection?.until ?? '').slice(0, 10));
    expect((await flow.decisions.protections()).filter((one) => [holder, rival].includes(one.registrationId))).toEqual([
      { registrationId: rival, line: 'platform' },
    ]);

    const { appealUntil } = await flow.state(holder);
    await flow.skipTo(later(appealUntil ?? '', 20));
    expect(await flow.ended(registrationWorkflowId(holder))).toEqual({ status: 'expired' });
  });

  it('moves the end by an extension that is asked for in time', async () => {
    const id = await submit();
    const first = (await flow.state(id)).protection?.until ?? '';
    expect(await flow.send(id, { kind: 'extend', days: 31, actor: 'partner' })).toMatchObject({
      answer: { code: 'EXTENSION_NOT_ALLOWED' },
    });
    expect(await flow.send(id, { kind: 'extend', days: 30, actor: 'partner' })).toMatchObject({ answer: { kind: 'done' } });
    const extended = later(first, 30 * DAY_MS);
    await flow.untilVisible(registrationWorkflowId(id), { DueAt: extended });
    await flow.skipTo(later(first, HOUR_MS));
    expect(await flow.state(id)).toMatchObject({ status: 'approved', protection: { until: extended } });
    await flow.skipTo(later(extended, 20));
    await flow.untilState(id, 'the end of the extension', ({ status }) => status === 'expired');
  });

  it('hears an appeal in time', async () => {
    const id = await submit(TOO_SMALL);
    const { appealUntil } = await flow.state(id);
    await flow.skipTo(later(appealUntil ?? '', -HOUR_MS));
    expect(await flow.send(id, APPEAL, NEW_EVIDENCE)).toEqual({ kind: 'answered', answer: { kind: 'done' } });
    expect(await flow.state(id)).toMatchObject({ status: 'in_review', appealed: true, approval: { steps: [{ role: 'director' }] } });
    expect(await flow.send(id, { kind: 'decide', decision: 'approve', actor: 'director' })).toMatchObject({ answer: { kind: 'done' } });
    expect((await flow.state(id)).status).toBe('approved');
  });

  it('does not hear an appeal that comes too late: it has ended by then', async () => {
    const id = await submit(TOO_SMALL);
    const { appealUntil } = await flow.state(id);
    await flow.skipTo(later(appealUntil ?? '', 20));
    expect(await flow.ended(registrationWorkflowId(id))).toEqual({ status: 'denied' });
    expect(await flow.send(id, APPEAL)).toMatchObject({ answer: { kind: 'refused', code: 'APPEAL_NOT_ALLOWED' } });
    expect((await flow.state(id)).status).toBe('denied');
  });

  it('carries a command out once, whatever happens between its two arrivals', async () => {
    const id = await submit();
    const extend = { kind: 'extend', days: 10, actor: 'partner' } as const;
    const done = { kind: 'answered', answer: { kind: 'done' } };
    expect(await flow.send(id, extend, { commandId: 'extend-once' })).toEqual(done);
    const before = { state: await flow.state(id), length: await flow.historyLength(registrationWorkflowId(id)) };
    expect(await flow.send(id, extend, { commandId: 'extend-once' })).toEqual(done);
    expect({ state: await flow.state(id), length: await flow.historyLength(registrationWorkflowId(id)) }).toEqual(before);
    // The control: another id is another command.
    expect(await flow.send(id, extend, { commandId: 'extend-twice' })).toMatchObject({ answer: { code: 'EXTENSION_NOT_ALLOWED' } });
    // In another run the server has forgotten the id; the store has not.
    await flow.send(id, { kind: 'withdraw', actor: 'partner' }, { commandId: 'withdraw-once' });
    expect(await flow.ended(registrationWorkflowId(id))).toEqual({ status: 'withdrawn' });
    expect(await flow.send(id, { kind: 'withdraw', actor: 'partner' }, { commandId: 'withdraw-once' })).toEqual(done);
  });

  it('goes on with another worker where the first one was stopped', async () => {
    const id = await submit(FOR_MANAGER);
    const asked = await flow.state(id);
    const dueAt = stepOf(asked)?.dueAt ?? '';
    // The server skips no time while a task waits for a worker: the last seconds pass as they are.
    await flow.skipTo(later(dueAt, -4_000));
    await flow.stopWorker();
    await until('the deadline has passed without a worker', async () => Date.parse(await flow.now()) > Date.parse(dueAt) + 500);
    expect(await flow.state(id)).toEqual(asked);
    await flow.startWorker();
    const director = await flow.untilState(id, 'the director is asked', (current) => stepOf(current)?.role === 'director');
    expect(Date.parse(stepOf(director)?.openedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(dueAt) + 500);
    expect(await flow.send(id, { kind: 'decide', decision: 'deny', actor: 'director' })).toMatchObject({ answer: { kind: 'done' } });
  });

  it('waits behind an earlier claim until that one is decided', async () => {
    const customer = aCustomer() ?? {};
    const earlier = await submit({ ...FOR_MANAGER, customer });
    const waiting = await submit({ customer });
    expect((await flow.state(waiting)).waitingFor).toEqual([earlier]);
    await flow.send(earlier, { kind: 'decide', decision: 'deny', actor: 'manager' });
    await flow.untilState(waiting, 'the verdict on the waiting claim', ({ status }) => status === 'approved');
  });
});
