import fc from 'fast-check';
import { openSyncStage, type SyncStage } from '../../support/sync-stage.ts';
import { createTaskStage, type TaskStage } from '../../support/task-stage.ts';

jest.setTimeout(60_000);

describe('what people do to the task of an open question', () => {
  let stage: SyncStage;
  let tasks: TaskStage;
  let claim: string;
  let id: string;
  let remoteId: string;

  beforeAll(async () => {
    stage = await openSyncStage();
    tasks = createTaskStage(stage);
  });
  beforeEach(async () => {
    await stage.reset();
    [claim = ''] = await stage.settledRegistrations(1);
    id = await tasks.ask(claim);
    await tasks.calm();
    remoteId = await stage.remoteId('task', id);
  });
  afterAll(() => stage.close());

  const complete = () => stage.rep.edit('task', remoteId, { Status: 'Completed' }, 'manager');

  it('completing it is answered on the task, which is opened again once, and logged', async () => {
    await complete();
    await tasks.calm();
    const row = await tasks.row(id);
    expect(row).toMatchObject({ Status: 'Not Started', IsClosed: false, ActivityDate: '2026-11-24' });
    expect(row['Description']).toMatch(/^This task was completed, and its question is still open.*Requested Decision/);
    expect(await stage.decisions(id)).toEqual([{ field: 'status', outcome: 'send', policy: 'newest' }]);
    expect(await tasks.audit(claim)).toContain('completed task opened again');
    expect((await tasks.task(id)).status).toBe('open');
  });

  it('completing it once more is left so: nothing oscillates, the question stays open, and it ends closed when that is settled', async () => {
    await complete();
    await tasks.calm();
    await complete();
    await tasks.calm();
    expect(await tasks.row(id)).toMatchObject({ IsClosed: true, ActivityDate: null });
    expect((await tasks.task(id)).status).toBe('open');
    expect(await tasks.audit(claim)).toContain('task left closed');
    await tasks.settle(id);
    await tasks.calm();
    const row = await tasks.row(id);
    expect(row).toMatchObject({ IsClosed: true });
    expect(row['Description']).toContain('Closed: answered by director: approved');
  });

  it('opening it oneself after all takes it up again', async () => {
    await complete();
    await tasks.calm();
    await complete();
    await tasks.calm();
    await stage.rep.edit('task', remoteId, { Status: 'In Progress' }, 'manager');
    await tasks.calm();
    expect(await tasks.row(id)).toMatchObject({ Status: 'In Progress', ActivityDate: '2026-11-24' });
    expect(await tasks.place(id)).toMatchObject({ leftAs: null });
  });

  it('working on it is nobody’s business but theirs', async () => {
    await stage.rep.edit('task', remoteId, { Status: 'In Progress' }, 'manager');
    expect((await stage.callsDuring(() => tasks.calm())).writes).toBe(0);
    expect(await tasks.row(id)).toMatchObject({ Status: 'In Progress' });
    expect(await stage.decisions(id)).toEqual([]);
  });

  it('a question that is put again is open once more, whatever they made of the task before', async () => {
    await complete();
    await tasks.calm();
    await complete();
    await tasks.calm();
    await tasks.ask(claim, { dueAt: '2026-11-25T22:00:00.000Z' });
    await tasks.calm();
    const row = await tasks.row(id);
    expect(row).toMatchObject({ Status: 'Not Started', IsClosed: false, ActivityDate: '2026-11-25' });
    expect(row['Description']).toMatch(/^Two sites/);
  });

  it('opening the task of a settled question is left so', async () => {
    await tasks.settle(id);
    await tasks.calm();
    await stage.rep.edit('task', remoteId, { Status: 'Not Started' }, 'manager');
    await tasks.calm();
    expect(await tasks.row(id)).toMatchObject({ Status: 'Not Started' });
    expect(await tasks.audit(claim)).toContain('task left open');
    await complete();
    await tasks.calm();
    expect(await tasks.row(id)).toMatchObject({ IsClosed: true });
    expect(await tasks.place(id)).toMatchObject({ leftAs: null });
  });

  it('completing it in the moment in which it is settled agrees with us', async () => {
    await complete();
    await tasks.settle(id);
    await tasks.calm();
    expect(await tasks.row(id)).toMatchObject({ IsClosed: true });
    expect(await tasks.place(id)).toMatchObject({ reopenedAt: null, notes: {} });
  });

  it('deleting it is answered by one that is made again, once', async () => {
    await stage.rep.remove('task', remoteId);
    await tasks.calm();
    const row = await tasks.row(id);
    expect(row['Id']).not.toBe(remoteId);
    expect(row['Description']).toMatch(/^This task was deleted, and its question is still open/);
    expect(await tasks.differences(id)).toEqual([]);
    await stage.rep.remove('task', String(row['Id']));
    await tasks.calm();
    expect(await tasks.rows(id)).toEqual([]);
    expect((await tasks.task(id)).status).toBe('open');
    expect(await tasks.audit(claim)).toEqual(expect.arrayContaining(['deleted task made again', 'task left deleted']));
    // Settling it later makes nothing either; asking anew does.
    await tasks.settle(id);
    await tasks.calm();
    expect(await tasks.rows(id)).toEqual([]);
    await tasks.ask(claim);
    await tasks.calm();
    expect(await tasks.row(id)).toMatchObject({ Status: 'Not Started' });
  });

  it('deleting the task of a settled question is the end of it', async () => {
    await tasks.settle(id);
    await tasks.calm();
    await stage.rep.remove('task', remoteId);
    await tasks.calm();
    expect(await tasks.rows(id)).toEqual([]);
    expect(await stage.issues()).toEqual([]);
  });

  it('a deleted task that they bring back is in step again', async () => {
    await stage.rep.remove('task', remoteId);
    await stage.pull('task');
    await stage.control('undelete', { sobject: 'Task', ids: [remoteId] });
    await tasks.calm();
    expect(await tasks.row(id)).toMatchObject({ Id: remoteId, Status: 'Not Started' });
    expect(await tasks.differences(id)).toEqual([]);
  });

  it('what they edit of ours is written back, and told in words', async () => {
    await stage.rep.edit(
      'task',
      remoteId,
      { Subject: 'Later', ActivityDate: '2027-01-31', Priority: 'Low', Description: 'I will call them.' },
      'manager',
    );
    await tasks.calm();
    const row = await tasks.row(id);
    expect(row).toMatchObject({ Subject: 'Decide the registration of Northwind Inc', ActivityDate: '2026-11-24', Priority: 'Normal' });
    expect(row['Description']).toMatch(/^You edited the subject, the comments, the due date, the priority: kept by the partner program/);
    expect((await stage.decisions(id)).map(({ field }) => field).toSorted()).toEqual(['dueDay', 'priority', 'text', 'title']);
    expect(await tasks.differences(id)).toEqual([]);
  });

  it('giving it to somebody else gives nobody the question: it goes back, with the reason', async () => {
    const rep = await tasks.userId('rep');
    await stage.rep.edit('task', remoteId, { OwnerId: rep }, 'manager');
    await tasks.calm();
    const row = await tasks.row(id);
    expect(row).toMatchObject({ OwnerId: await tasks.userId('manager') });
    expect(row['Description']).toMatch(/is back with manager: who is asked is decided by the partner program/);
    expect(await stage.decisions(id)).toEqual([{ field: 'owner', outcome: 'send', policy: 'newest' }]);
    expect(await tasks.audit(claim)).toContain('task given back');
    expect((await tasks.task(id)).assignee).toBe('manager');
  });

  it('giving away what is settled already is left so', async () => {
    await tasks.settle(id);
    await tasks.calm();
    const rep = await tasks.userId('rep');
    await stage.rep.edit('task', remoteId, { OwnerId: rep }, 'manager');
    expect((await stage.callsDuring(() => tasks.calm())).writes).toBe(0);
    expect(await tasks.row(id)).toMatchObject({ OwnerId: rep });
  });

  it('hanging it on something else brings it back to the registration, and is logged', async () => {
    const account = await stage.rep.create('partner', { Name: 'Northwind Inc' });
    await stage.rep.edit('task', remoteId, { WhatId: account }, 'manager');
    await tasks.calm();
    expect(await tasks.row(id)).toMatchObject({ WhatId: await stage.remoteId('registration', claim) });
    expect(await stage.decisions(id)).toEqual([{ field: 'record', outcome: 'send', policy: 'ours' }]);
  });

  it('an automation that gives it away each time is parked, and the question goes on', async () => {
    const rep = await tasks.userId('rep');
    for (let round = 0; round < 8; round += 1) {
      await stage.rep.edit('task', remoteId, { OwnerId: rep });
      await tasks.cycle();
    }
    expect(await stage.issues()).toMatchObject([{ localId: id, code: 'RECORD_OSCILLATES' }]);
    expect((await tasks.task(id)).status).toBe('open');
  });
});

describe('whatever people and the program do to a task', () => {
  let stage: SyncStage;
  let tasks: TaskStage;
  beforeAll(async () => {
    stage = await openSyncStage();
    tasks = createTaskStage(stage);
  });
  afterAll(() => stage.close());

  const ACTIONS = ['complete', 'open', 'delete', 'edit', 'give away', 'move', 'settle', 'ask again', 'sync'] as const;
  type Action = (typeof ACTIONS)[number];

  async function act(action: Action, id: string, claim: string, round: number): Promise<void> {
    const [row] = await tasks.rows(id);
    const edit = async (fields: Record<string, string>): Promise<void> => {
      if (row !== undefined) await stage.rep.edit('task', String(row['Id']), fields, 'manager');
    };
    switch (action) {
      case 'complete':
        return edit({ Status: 'Completed' });
      case 'open':
        return edit({ Status: 'In Progress' });
      case 'edit':
        return edit({ Subject: `Mine ${round}`, Description: 'Called them.' });
      case 'give away':
        return edit({ OwnerId: await tasks.userId('rep') });
      case 'move':
        return edit({ WhatId: await stage.remoteId('partner', (await stage.registration(claim)).partnerId) });
      case 'delete':
        return row === undefined ? undefined : stage.rep.remove('task', String(row['Id']));
      case 'settle':
        return void (await tasks.settle(id));
      case 'ask again':
        return void (await tasks.ask(claim, { title: `Decide, round ${round}` }));
      case 'sync':
        return tasks.cycle();
    }
  }

  const lives = fc.sample(fc.array(fc.constantFrom(...ACTIONS), { minLength: 6, maxLength: 14 }), { numRuns: 12, seed: 25 });
  it.each(lives.map((life) => [life.join(', '), life] as const))('comes to rest, and leaves one at most: %s', async (_words, life) => {
    await stage.reset();
    const [claim = ''] = await stage.settledRegistrations(1);
    const id = await tasks.ask(claim);
    await tasks.calm();
    for (const [round, action] of life.entries()) await act(action, id, claim, round);
    await tasks.calm();
    const rows = await tasks.rows(id);
    expect(rows.length).toBeLessThanOrEqual(1);
    if (rows.length === 1) expect(await tasks.differences(id)).toEqual([]);
    // The question is as the program left it, whatever was done to its task.
    const last = life.findLast((action) => action === 'settle' || action === 'ask again');
    expect((await tasks.task(id)).status).toBe(last === 'settle' ? 'done' : 'open');
    expect(await stage.issues()).toEqual([]);
  });
});

describe('the record of a registration on which tasks hang', () => {
  let stage: SyncStage;
  let tasks: TaskStage;
  let claim: string;

  beforeAll(async () => {
    stage = await openSyncStage();
    tasks = createTaskStage(stage);
  });
  beforeEach(async () => {
    await stage.reset();
    [claim = ''] = await stage.settledRegistrations(1);
    await stage.setState(claim, { status: 'approved' });
    await stage.settle();
  });
  afterAll(() => stage.close());

  it.each([
    ['before the tasks hear of it', ['registration', 'task']],
    ['after the tasks heard of it', ['task', 'registration']],
  ] as const)('that is deleted and made again, %s, has its tasks on the new one', async (_when, order) => {
    const id = await tasks.ask(claim);
    await tasks.calm();
    const before = await stage.remoteId('registration', claim);
    await stage.rep.remove('registration', before);
    for (const objectType of order) {
      await stage.pull(objectType);
      await stage.push(objectType);
    }
    await tasks.calm('all');
    const after = await stage.remoteId('registration', claim);
    expect(after).not.toBe(before);
    expect(await tasks.row(id)).toMatchObject({ WhatId: after, Status: 'Not Started' });
    expect(await tasks.place(id)).toMatchObject({ notes: {} });
    expect(await stage.issues()).toEqual([]);
  });

  it.each([
    ['before the tasks hear of it', ['registration', 'task']],
    ['after the tasks heard of it', ['task', 'registration']],
  ] as const)('that is deleted with its tasks and made again, %s, has them again', async (_when, order) => {
    const id = await tasks.ask(claim);
    await tasks.calm();
    await stage.rep.remove('task', await stage.remoteId('task', id));
    await stage.rep.remove('registration', await stage.remoteId('registration', claim));
    for (const objectType of order) {
      await stage.pull(objectType);
      await stage.push(objectType);
    }
    await tasks.calm('all');
    expect(await tasks.row(id)).toMatchObject({ WhatId: await stage.remoteId('registration', claim), Status: 'Not Started' });
    // What went with its record was not deleted by anybody.
    if (order[0] === 'registration') expect(await tasks.place(id)).toMatchObject({ deletedAt: null, notes: {} });
    expect(await stage.issues()).toEqual([]);
  });

  it('that stays away for good does not keep its tasks from being closed', async () => {
    await stage.setState(claim, { status: 'in_review' });
    await stage.settle();
    const [id, unmade] = [await tasks.ask(claim), await tasks.ask(claim, { assignee: 'director' })];
    await tasks.calm();
    await stage.rep.remove('task', await stage.remoteId('task', unmade));
    await stage.rep.remove('registration', await stage.remoteId('registration', claim));
    await stage.cycle();
    await tasks.cycle();
    await stage.setState(claim, { status: 'withdrawn' });
    await tasks.settle(id, { status: 'cancelled', words: 'the registration was withdrawn' });
    await tasks.settle(unmade, { status: 'cancelled', words: 'the registration was withdrawn' });
    await tasks.calm('all');
    expect(await tasks.row(id)).toMatchObject({
      IsClosed: true,
      Description: expect.stringContaining('Closed: the registration was withdrawn'),
    });
    expect(await tasks.rows(unmade)).toEqual([]);
    expect(await stage.issues()).toEqual([]);
  });
});
