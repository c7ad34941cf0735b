import type { Program } from '../../../program/definition/program.ts';
import { readOpenTasksOf, readTasks, type Task } from '../../../store/task.ts';
import { createDecisionStage, emptyStore, MONDAY, later, type DecisionStage } from '../../support/decision-stage.ts';
import { silentConnection } from '../../support/mirror.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';
import { ACME } from '../../program/example.ts';

jest.setTimeout(60_000);

const REVIEWED = { estimatedValue: { amount: '60000.00', currency: 'USD' } };
const TUESDAY = '2026-11-17T15:00:00.000Z';

let postgres: TestPostgres;
let stage: DecisionStage;

beforeAll(async () => {
  postgres = await startTestPostgres();
  stage = createDecisionStage((await postgres.openEmpty()).db, { connections: new Map([['salesforce', silentConnection()]]) });
});
afterEach(() => emptyStore(stage.db));
afterAll(() => postgres.stop());

function running(program: Program): DecisionStage {
  return stage.withDependencies({ programs: { current: () => program, byVersion: () => program } });
}

/** Received and left to people, as it is without a look at a CRM. */
async function reviewed(own: DecisionStage = stage): Promise<string> {
  const { registrationId } = await own.withDependencies({ connections: new Map() }).receiveAndEvaluate(REVIEWED);
  return registrationId;
}

const about = (id: string) => `registration/${id}`;
const decide = (decision: 'approve' | 'deny' | 'return', actor: string) => ({ kind: 'decide', decision, actor }) as const;

async function told(id: string): Promise<readonly (readonly [alias: string, event: string])[]> {
  const rows = await stage.db
    .selectFrom('message')
    .select(['recipient_id', 'event'])
    .where('subject', '=', about(id))
    .where('event', 'like', 'question.%')
    .orderBy('sequence')
    .execute();
  return rows.map((row) => [row.recipient_id, row.event]);
}

async function tasksOf(id: string): Promise<readonly Task[]> {
  const rows = await stage.db
    .selectFrom('task')
    .select('id')
    .where('registration_id', '=', id)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return readTasks(
    stage.db,
    rows.map((row) => row.id),
  );
}

describe('a question', () => {
  it('is a message and a task of whoever is asked, with the deadline', async () => {
    const id = await reviewed();
    expect(await told(id)).toEqual([['manager', 'question.asked']]);
    expect(await readOpenTasksOf(stage.db, about(id))).toMatchObject([
      { assignee: 'manager', kind: 'question', status: 'open', dueAt: TUESDAY, priority: 'normal', registrationId: id },
    ]);
  });

  it('closes its task with the answer, wherever it was given, and says so to whoever was asked and did not give it', async () => {
    const id = await reviewed();
    await stage.command(id, decide('approve', 'director'));
    expect(await tasksOf(id)).toMatchObject([{ assignee: 'manager', status: 'done', outcome: 'approved (director)' }]);
    expect((await told(id)).slice(1)).toEqual([['manager', 'question.answered']]);
  });

  it('does not tell whoever answered what they did', async () => {
    const id = await reviewed();
    await stage.command(id, decide('deny', 'manager'));
    expect(await told(id)).toEqual([['manager', 'question.asked']]);
    expect(await tasksOf(id)).toMatchObject([{ status: 'done', outcome: 'denied (manager)' }]);
  });

  it('closes its task when the claim is withdrawn', async () => {
    const id = await reviewed();
    await stage.command(id, { kind: 'withdraw', actor: 'partner' });
    expect(await tasksOf(id)).toMatchObject([{ status: 'done', outcome: 'withdrawn (partner)' }]);
    expect((await told(id)).slice(1)).toEqual([['manager', 'question.answered']]);
  });

  it('moves with its task when silence escalates it', async () => {
    const id = await reviewed();
    await stage.registrations.passDeadline(id, TUESDAY);
    expect(await tasksOf(id)).toMatchObject([
      { assignee: 'manager', status: 'cancelled', outcome: 'put to director as director' },
      { assignee: 'director', status: 'open', dueAt: '2026-11-18T15:00:00.000Z' },
    ]);
    expect((await told(id)).slice(1)).toEqual([
      ['manager', 'question.taken_away'],
      ['director', 'question.escalated'],
    ]);
  });

  it('that is asked again at the top calls for attention, with a task of its own that is urgent', async () => {
    const top = running({ ...ACME, routing: { ...ACME.routing, rows: [{ when: {}, steps: [{ role: 'vp' }] }] } });
    const id = await reviewed(top);
    const { dueAt } = (await stage.registration(id)).state.approval?.steps[0] ?? { dueAt: MONDAY };
    await top.registrations.passDeadline(id, dueAt);
    expect((await told(id)).slice(1)).toEqual([
      ['vp', 'question.asked_again'],
      ['vp', 'question.attention_needed'],
    ]);
    expect(await tasksOf(id)).toMatchObject([
      { assignee: 'vp', status: 'cancelled' },
      { assignee: 'vp', status: 'open', priority: 'high' },
    ]);
  });

  it('is one of each member of a queue, and closed for all of them by the first answer', async () => {
    const roles = ACME.governance.roles.map((role) => (role.id === 'director' ? { ...role, members: ['director', 'deputy'] } : role));
    const queue = running({
      ...ACME,
      governance: { ...ACME.governance, roles },
      routing: { ...ACME.routing, rows: [{ when: {}, steps: [{ role: 'director', asks: 'queue' }] }] },
    });
    const id = await reviewed(queue);
    expect((await readOpenTasksOf(stage.db, about(id))).map(({ assignee }) => assignee).toSorted()).toEqual(['deputy', 'director']);
    await queue.command(id, decide('approve', 'deputy'));
    expect(await readOpenTasksOf(stage.db, about(id))).toEqual([]);
    expect((await told(id)).slice(2)).toEqual([['director', 'question.answered']]);
  });

  it('reminds whoever is asked at the declared point', async () => {
    const ladder = ACME.governance.ladder.map((rung) =>
      rung.role === 'partner_manager' ? { ...rung, reminders: [{ amount: 4, unit: 'business_hours', restated: null } as const] } : rung,
    );
    const reminding = running({ ...ACME, governance: { ...ACME.governance, ladder } });
    const id = await reviewed(reminding);
    await reminding.registrations.passDeadline(id, later(MONDAY, 4 * 3_600_000));
    expect((await told(id)).slice(1)).toEqual([['manager', 'question.due_soon']]);
    const question = await stage.db.selectFrom('question').selectAll().where('subject', '=', about(id)).execute();
    expect(question).toMatchObject([{ reminded_at: later(MONDAY, 4 * 3_600_000), closed_at: null }]);
  });

  it('is pushed to every CRM in the transaction that puts it', async () => {
    const id = await reviewed();
    await stage.command(id, decide('approve', 'director'));
    const [task] = await tasksOf(id);
    const queued = await stage.db.selectFrom('push_queue').select(['connection', 'object_type', 'local_id']).execute();
    expect(queued).toContainEqual({ connection: 'salesforce', object_type: 'task', local_id: task?.taskId });
  });

  it('carries a word to the partner once, and none among insiders', async () => {
    const id = await reviewed();
    const say = (audience: 'partner' | 'internal', commandId: string) =>
      stage.command(id, { kind: 'comment', audience, actor: 'manager' }, { commandId, comment: 'Which site is it?' });
    for (const commandId of ['a', 'a']) expect(await say('partner', commandId)).toEqual({ kind: 'done' });
    expect(await say('internal', 'b')).toEqual({ kind: 'done' });
    const rows = await stage.db.selectFrom('message').select('event').where('event', '=', 'registration.commented').execute();
    expect(rows).toHaveLength(1);
  });
});

describe('a question about a conflict', () => {
  it('is told and has a task on the record of whoever claims, closed when the case is settled', async () => {
    const alone = stage.withDependencies({ connections: new Map() });
    await alone.receiveAndEvaluate();
    const claimant = await alone.receiveAndEvaluate({ customer: { name: 'Northwind Incorporated', domain: 'northwind.example' } });
    const { caseId } = claimant.state;
    const subject = `case/${caseId}`;
    expect(await readOpenTasksOf(stage.db, subject)).toMatchObject([{ assignee: 'manager', registrationId: claimant.registrationId }]);
    await stage.settle(caseId ?? '', 'deny', 'director');
    expect(await tasksOf(claimant.registrationId)).toMatchObject([{ status: 'done', outcome: 'deny (director)' }]);
    const rows = await stage.db
      .selectFrom('message')
      .select(['recipient_id', 'event'])
      .where('subject', '=', subject)
      .orderBy('sequence')
      .execute();
    expect(rows.filter(({ event }) => event.startsWith('question.'))).toEqual([
      { recipient_id: 'manager', event: 'question.asked' },
      { recipient_id: 'manager', event: 'question.answered' },
    ]);
  });
});
