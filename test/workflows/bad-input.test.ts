import { randomUUID } from 'node:crypto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { caseWorkflowId, MESSAGES, registrationWorkflowId } from '../../program/messages.ts';
import { later, type ClaimWishes } from '../support/decision-stage.ts';
import { describeWith, findServers } from '../support/find-servers.ts';
import { nextWeekday, officeDaysLater, openFlowStage, openTimeSkipping, type FlowStage } from '../support/flow-stage.ts';
import { stepOf } from '../support/open-step.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';

jest.setTimeout(180_000);

const FOR_MANAGER: ClaimWishes = { estimatedValue: { amount: '60000.00', currency: 'USD' } };
const DONE = { kind: 'answered', answer: { kind: 'done' } };
const decide = (decision: 'approve' | 'deny' | 'return', actor: string) => ({ kind: 'decide', decision, actor }) as const;
const command = (rest: object) => ({ commandId: randomUUID(), command: rest });

/** What somebody may type into the form of the Temporal UI. */
const TYPED: readonly (readonly [what: string, value: unknown])[] = [
  ['nothing', undefined],
  ['null', null],
  ['a text', 'approve'],
  ['a number', 7],
  ['a list', ['approve']],
  ['an empty object', {}],
  ['a command without an id', { command: decide('approve', 'manager') }],
  ['an id that is too long', { commandId: 'x'.repeat(201), command: decide('approve', 'manager') }],
  ['a command without its actor', command({ kind: 'decide', decision: 'approve' })],
  ['a command that there is not', command({ kind: 'abolish', actor: 'manager' })],
  ['a decision that there is not', command({ kind: 'decide', decision: 'perhaps', actor: 'manager' })],
  ['an outcome that there is not', command({ kind: 'settle', outcome: 'perhaps', registrationId: null, actor: 'manager' })],
  ['days that are none', command({ kind: 'extend', days: -3, actor: 'partner' })],
  ['a delegation to nobody', command({ kind: 'delegate', to: '', actor: 'manager' })],
];

function argsOf(value: unknown): [never] {
  return (value === undefined ? [] : [value]) as [never];
}

describeWith(findServers().timeSkipping, 'what comes in wrong', (path) => {
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

  const handleOf = (workflowId: string) => environment.client.workflow.getHandle(workflowId);
  const submit = (wishes: ClaimWishes = {}): Promise<string> => {
    customers += 1;
    const word = ['zorbix', 'kulwem', 'tapdyn', 'foghus', 'jalmir', 'bexfor', 'quilna', 'mirtap', 'wemzor', 'dynkul'][customers] ?? '';
    return flow.submit({ customer: { name: word, domain: `${word}.com` }, ...wishes });
  };
  /** The type of the failure that an update is refused with. */
  const refusedWith = (sent: Promise<unknown>): Promise<unknown> =>
    sent.then(
      (answer) => answer,
      (error: unknown) => (error instanceof WorkflowUpdateFailedError ? (error.cause as { readonly type?: string }).type : error),
    );

  it('typed by hand is refused with the form that is expected, leaves no trace, and the flow goes on', async () => {
    const id = await submit(FOR_MANAGER);
    const workflowId = registrationWorkflowId(id);
    await flow.untilVisible(workflowId, { RegistrationStatus: 'in_review' });
    const before = await flow.state(id);
    for (const [what, value] of TYPED) {
      const sent = handleOf(workflowId).executeUpdate(MESSAGES.commandRegistration, { args: argsOf(value) });
      expect({ what, answer: await refusedWith(sent) }).toEqual({ what, answer: 'COMMAND_INVALID' });
    }
    expect(await flow.state(id)).toEqual(before);
    // That a refused update leaves nothing in the history of a real server is shown in `history.test.ts`; this server keeps the tasks, and no update.
    const { events } = await handleOf(workflowId).fetchHistory();
    expect(events?.some(({ workflowExecutionUpdateAcceptedEventAttributes: accepted }) => accepted != null)).toBe(false);
    for (const [, value] of TYPED) {
      await handleOf(workflowId).signal(MESSAGES.commandRegistrationLater, value);
      await handleOf(workflowId).signal(MESSAGES.refreshRegistration, value);
    }
    expect(await flow.send(id, decide('approve', 'manager'))).toEqual(DONE);
    expect((await flow.state(id)).status).toBe('approved');
  });

  it('typed by hand is refused by a case too, which is settled by its arbiter afterwards', async () => {
    const name = 'Wembix Works';
    await flow.submit({ customer: { name, domain: 'wembix.com' } });
    const claimant = await flow.submit({ customer: { name, domain: null } });
    const { caseId } = await flow.state(claimant);
    const workflowId = caseWorkflowId(caseId ?? '');
    for (const [what, value] of TYPED) {
      const sent = handleOf(workflowId).executeUpdate(MESSAGES.resolveCase, { args: argsOf(value) });
      expect({ what, answer: await refusedWith(sent) }).toEqual({ what, answer: 'COMMAND_INVALID' });
      await handleOf(workflowId).signal(MESSAGES.refreshCase, value);
    }
    expect(await flow.settle(caseId ?? '', { outcome: 'uphold', registrationId: null, actor: 'manager' })).toEqual(DONE);
    expect(await flow.ended(workflowId)).toEqual({ outcome: 'uphold' });
  });

  it('typed by hand in the right form is carried out like any other, and only for whoever may', async () => {
    const id = await submit(FOR_MANAGER);
    const update = (value: object): Promise<unknown> =>
      refusedWith(handleOf(registrationWorkflowId(id)).executeUpdate(MESSAGES.commandRegistration, { args: argsOf(value) }));
    expect(await update(command(decide('approve', 'rep')))).toBe('ACTOR_MAY_NOT_DECIDE');
    expect((await flow.state(id)).status).toBe('in_review');
    expect(await update(command(decide('deny', 'manager')))).toEqual({ kind: 'done' });
    expect((await flow.state(id)).status).toBe('denied');
  });

  it('twice at once is one answer: whoever is first decides, and the other is told so', async () => {
    const id = await submit(FOR_MANAGER);
    const answers = await Promise.all([
      flow.send(id, decide('approve', 'manager')),
      flow.send(id, decide('deny', 'director')),
      flow.send(id, decide('approve', 'vp')),
    ]);
    expect(answers.filter((answer) => JSON.stringify(answer) === JSON.stringify(DONE))).toHaveLength(1);
    const refused = answers.filter((answer) => JSON.stringify(answer) !== JSON.stringify(DONE));
    expect(refused.map((answer) => JSON.stringify(answer).includes('STATE_DOES_NOT_ALLOW'))).toEqual([true, true]);
    const closed = await flow.decisions.db
      .selectFrom('question')
      .select(['number', 'closed_by'])
      .where('subject', '=', `registration/${id}`)
      .execute();
    expect(closed).toEqual([{ number: 1, closed_by: expect.stringMatching(/^(manager|director|vp)$/) }]);
  });

  it('after the claim was withdrawn is refused, also when its flow has ended', async () => {
    const id = await submit(FOR_MANAGER);
    const both = await Promise.all([flow.send(id, { kind: 'withdraw', actor: 'partner' }), flow.send(id, decide('approve', 'manager'))]);
    const { status } = await flow.state(id);
    // Either came first: a claim that was approved a moment before can be withdrawn all the same.
    expect(both[0]).toEqual(DONE);
    expect(status).toBe('withdrawn');
    expect(await flow.ended(registrationWorkflowId(id))).toEqual({ status: 'withdrawn' });
    for (const decision of ['approve', 'deny', 'return'] as const) {
      expect(JSON.stringify(await flow.send(id, decide(decision, 'manager')))).toContain('STATE_DOES_NOT_ALLOW');
    }
    expect((await flow.state(id)).status).toBe('withdrawn');
    expect(await flow.decisions.protections()).not.toContainEqual(expect.objectContaining({ registrationId: id }));
  });

  it('too late, and contradicting what was decided, is refused with who decides now', async () => {
    await flow.skipTo(nextWeekday(await flow.now(), 2));
    const id = await submit(FOR_MANAGER);
    await flow.skipTo(later(stepOf(await flow.state(id))?.dueAt ?? '', 20));
    await flow.untilState(id, 'the director is asked', (state) => stepOf(state)?.role === 'director');
    const late = await flow.send(id, decide('approve', 'manager'));
    expect(JSON.stringify(late)).toContain('ACTOR_MAY_NOT_DECIDE');
    expect(JSON.stringify(late)).toContain('director');
    expect(await flow.send(id, decide('approve', 'director'), { commandId: 'yes' })).toEqual(DONE);
    for (const [actor, commandId] of [
      ['director', 'no'],
      ['vp', 'no-of-vp'],
    ] as const) {
      expect(JSON.stringify(await flow.send(id, decide('deny', actor), { commandId }))).toContain('STATE_DOES_NOT_ALLOW');
    }
    expect(await flow.send(id, decide('approve', 'director'), { commandId: 'yes' })).toEqual(DONE);
    expect((await flow.state(id)).status).toBe('approved');
  });

  it('such as a calendar that is closed for a year gives a deadline a year away, and an answer in between counts', async () => {
    const monday = nextWeekday(await flow.now(), 1);
    await flow.skipTo(monday);
    const closed = Array.from({ length: 350 }, (_unused, day) => officeDaysLater(monday, day + 1).slice(0, 10));
    flow.holidays.push(...closed);
    try {
      const id = await submit(FOR_MANAGER);
      const dueAt = stepOf(await flow.state(id))?.dueAt ?? '';
      expect(dueAt.slice(0, 10) > officeDaysLater(monday, 349).slice(0, 10)).toBe(true);
      await flow.untilVisible(registrationWorkflowId(id), { NeedsAttention: false });
      await flow.skipTo(officeDaysLater(monday, 100));
      expect((await flow.state(id)).status).toBe('in_review');
      expect(await flow.send(id, decide('approve', 'manager'))).toEqual(DONE);
    } finally {
      flow.holidays.splice(0);
    }
  });
});
