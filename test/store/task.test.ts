import type { Transaction } from '../../store/database.ts';
import { readDuePushes } from '../../store/push-queue.ts';
import { readTaskPlace, saveTaskPlace } from '../../store/task-place.ts';
import { closeTask, closeTasksOf, findTask, putTask, readOpenTasksOf, taskIdOf, type NewTask, type TaskOutcome } from '../../store/task.ts';
import { createDecisionStage, emptyStore, later, MONDAY, type DecisionStage } from '../support/decision-stage.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';

jest.setTimeout(60_000);

const CONNECTIONS = ['salesforce', 'hubspot'] as const;
const AT = { connections: CONNECTIONS, at: MONDAY };
const LATER = { connections: CONNECTIONS, at: later(MONDAY, 60_000) };
const APPROVED: TaskOutcome = { status: 'done', words: 'answered by director: approved' };

let postgres: TestPostgres;
let stage: DecisionStage;
let registrationId: string;

beforeAll(async () => {
  postgres = await startTestPostgres();
  stage = createDecisionStage((await postgres.openEmpty()).db);
});
beforeEach(async () => void ({ registrationId } = await stage.receive()));
afterEach(() => emptyStore(stage.db));
afterAll(() => postgres.stop());

const run = <T>(work: (trx: Transaction) => Promise<T>): Promise<T> => stage.db.transaction().execute(work);

function question(changes: Partial<NewTask> = {}): NewTask {
  const assignee = changes.assignee ?? 'manager';
  return {
    taskId: taskIdOf(`registration/${registrationId}/manager/1`, assignee),
    subject: `registration/${registrationId}`,
    registrationId,
    assignee,
    kind: 'question',
    title: 'Decide the registration',
    body: 'Two sites.',
    dueAt: later(MONDAY, 3_600_000),
    priority: 'normal',
    ...changes,
  };
}

/** The connections to which the task is to be pushed; they are taken off the queue. */
async function pushes(taskId: string): Promise<readonly string[]> {
  const queued: string[] = [];
  for (const connection of CONNECTIONS) {
    const due = await readDuePushes(stage.db, connection, 'task', 10);
    if (due.some(({ localId }) => localId === taskId)) queued.push(connection);
  }
  await stage.db.deleteFrom('push_queue').where('object_type', '=', 'task').execute();
  return queued;
}

describe('taskIdOf', () => {
  it('is a UUID of its own for each question and person, and the same each time', () => {
    const ids = [taskIdOf('a', 'rep'), taskIdOf('a', 'rep2'), taskIdOf('b', 'rep'), taskIdOf('a', 'rep')];
    expect(new Set(ids).size).toBe(3);
    expect(ids[0]).toBe(ids[3]);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

describe('putTask', () => {
  it('asks in every CRM in the same transaction', async () => {
    const task = question();
    expect(await run((trx) => putTask(trx, task, AT))).toBe(true);
    expect(await findTask(stage.db, task.taskId)).toMatchObject({
      ...task,
      status: 'open',
      outcome: null,
      createdAt: MONDAY,
      updatedAt: MONDAY,
    });
    expect(await pushes(task.taskId)).toEqual(CONNECTIONS);
  });

  it('changes nothing and pushes nothing when the same is asked again', async () => {
    const task = question();
    await run((trx) => putTask(trx, task, AT));
    await pushes(task.taskId);
    expect(await run((trx) => putTask(trx, task, LATER))).toBe(false);
    expect(await pushes(task.taskId)).toEqual([]);
    expect(await stage.db.selectFrom('task').select('id').execute()).toHaveLength(1);
  });

  it.each<[string, Partial<NewTask>, string]>([
    ['another deadline', { dueAt: later(MONDAY, 7_200_000) }, 'dueAt'],
    ['no deadline', { dueAt: null }, 'dueAt'],
    ['another title', { title: 'Decide it today' }, 'title'],
    ['another text', { body: 'Three sites.' }, 'body'],
    ['another priority', { priority: 'high' }, 'priority'],
  ])('changes it in place for %s, and keeps when that field was changed', async (_what, changes, field) => {
    const task = question();
    await run((trx) => putTask(trx, task, AT));
    await pushes(task.taskId);
    expect(await run((trx) => putTask(trx, { ...task, ...changes }, LATER))).toBe(true);
    const stored = await findTask(stage.db, task.taskId);
    expect(stored).toMatchObject({ ...changes, createdAt: MONDAY, updatedAt: LATER.at });
    expect(Object.entries(stored?.fieldTimes ?? {}).filter(([, at]) => at === LATER.at)).toEqual([[field, LATER.at]]);
    expect(await pushes(task.taskId)).toEqual(CONNECTIONS);
  });

  it('opens a closed question again, and forgets what people made of it', async () => {
    const task = question();
    await run(async (trx) => {
      await putTask(trx, task, AT);
      await saveTaskPlace(trx, {
        taskId: task.taskId,
        connection: 'salesforce',
        reopenedAt: MONDAY,
        deletedAt: MONDAY,
        leftAs: 'deleted',
        notes: { deleted: 'gone' },
      });
      await closeTask(trx, task.taskId, APPROVED, AT);
    });
    expect(await run((trx) => putTask(trx, task, LATER))).toBe(true);
    expect(await findTask(stage.db, task.taskId)).toMatchObject({ status: 'open', outcome: null });
    expect(await readTaskPlace(stage.db, 'salesforce', task.taskId)).toMatchObject({
      leftAs: null,
      reopenedAt: null,
      deletedAt: null,
      notes: {},
    });
  });

  it('leaves a note that is done from the beginning', async () => {
    const note = question({ kind: 'note', dueAt: null });
    await run((trx) => putTask(trx, note, AT));
    expect(await findTask(stage.db, note.taskId)).toMatchObject({ status: 'done', outcome: null });
    expect(await run((trx) => putTask(trx, note, LATER))).toBe(false);
    expect(await run((trx) => closeTask(trx, note.taskId, APPROVED, LATER))).toBe(false);
  });

  it('is undone with its transaction', async () => {
    const task = question();
    const failing = run(async (trx) => {
      await putTask(trx, task, AT);
      throw new Error('undone');
    });
    await expect(failing).rejects.toThrow('undone');
    expect(await findTask(stage.db, task.taskId)).toBeNull();
    expect(await pushes(task.taskId)).toEqual([]);
  });

  it('makes one of two that are put at the same time', async () => {
    const task = question();
    await Promise.all([1, 2, 3].map(() => run((trx) => putTask(trx, task, AT))));
    expect(await stage.db.selectFrom('task').select('id').execute()).toEqual([{ id: task.taskId }]);
    expect(await pushes(task.taskId)).toEqual(CONNECTIONS);
  });
});

describe('closeTask', () => {
  it('closes an open question once, and keeps how it ended first', async () => {
    const { taskId, ...task } = question();
    await run((trx) => putTask(trx, { taskId, ...task }, AT));
    await pushes(taskId);
    expect(await run((trx) => closeTask(trx, taskId, APPROVED, LATER))).toBe(true);
    expect(await pushes(taskId)).toEqual(CONNECTIONS);
    expect(await run((trx) => closeTask(trx, taskId, { status: 'cancelled', words: 'withdrawn' }, LATER))).toBe(false);
    expect(await pushes(taskId)).toEqual([]);
    expect(await findTask(stage.db, taskId)).toMatchObject({ status: 'done', outcome: APPROVED.words, fieldTimes: { status: LATER.at } });
  });

  it('says no of a task that is not there', async () => {
    expect(await run((trx) => closeTask(trx, taskIdOf('never', 'asked'), APPROVED, AT))).toBe(false);
  });
});

describe('closeTasksOf', () => {
  it('closes every open question about the subject but those that are kept, and no other', async () => {
    const [first, second, kept] = [question(), question({ assignee: 'director' }), question({ assignee: 'vp' })];
    const other = question({ subject: 'case/1', taskId: taskIdOf('case/1', 'manager') });
    await run(async (trx) => {
      for (const task of [first, second, kept, other]) await putTask(trx, task, AT);
    });
    const closed = await run((trx) => closeTasksOf(trx, first.subject, APPROVED, LATER, [kept.taskId]));
    expect(closed.toSorted()).toEqual([first.taskId, second.taskId].toSorted());
    expect((await readOpenTasksOf(stage.db, first.subject)).map(({ taskId }) => taskId)).toEqual([kept.taskId]);
    expect((await readOpenTasksOf(stage.db, other.subject)).map(({ taskId }) => taskId)).toEqual([other.taskId]);
    expect(await run((trx) => closeTasksOf(trx, first.subject, APPROVED, LATER, [kept.taskId]))).toEqual([]);
  });
});
