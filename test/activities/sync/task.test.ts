import { queuePush } from '../../../store/push-queue.ts';
import { openSyncStage, WRITE, type SyncStage } from '../../support/sync-stage.ts';
import { createTaskStage, type TaskStage } from '../../support/task-stage.ts';

jest.setTimeout(60_000);

describe('tasks for approvers', () => {
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
  });
  afterAll(() => stage.close());

  it('are made on the record of the registration, with owner, day, exact deadline and our id', async () => {
    const id = await tasks.ask(claim, { priority: 'high' });
    await tasks.cycle();
    expect(await tasks.row(id)).toMatchObject({
      Question_Id__c: id,
      Subject: 'Decide the registration of Northwind Inc',
      Description: 'Two sites, USD 60,000.\n\nDue: Tuesday 24 November 2026, 17:00 (America/New_York; 2026-11-24T22:00:00.000Z)',
      ActivityDate: '2026-11-24',
      Priority: 'High',
      Status: 'Not Started',
      IsClosed: false,
      OwnerId: await tasks.userId('manager'),
      WhatId: await stage.remoteId('registration', claim),
    });
    expect(await tasks.differences(id)).toEqual([]);
    expect(await stage.issues()).toEqual([]);
  });

  it('for somebody whom the org has made inactive meanwhile are told with what to do, the others go, and they are made once', async () => {
    const manager = await tasks.userId('manager');
    const [refused, other] = [await tasks.ask(claim), await tasks.ask(claim, { assignee: 'director' })];
    await stage.rep.edit('User', manager, { IsActive: false }, 'integration');
    expect(await stage.push('task')).toEqual({ written: 1, refused: 1 });
    expect(await stage.issues()).toMatchObject([
      {
        localId: refused,
        category: 'owner',
        code: 'CRM_OWNER_INVALID',
        message: expect.stringContaining('INACTIVE_OWNER_OR_USER'),
        remedy: 'Choose an active user of the CRM, then retry.',
      },
    ]);
    expect([await tasks.rows(refused), await tasks.rows(other)]).toEqual([[], [expect.anything()]]);
    await stage.rep.edit('User', manager, { IsActive: true }, 'integration');
    await stage.db.transaction().execute((trx) => queuePush(trx, ['salesforce'], 'task', [refused]));
    await tasks.calm();
    expect(await tasks.rows(refused)).toHaveLength(1);
    expect(await stage.issues()).toEqual([]);
  });

  it('are made once although the answer is lost, and nothing is written when that is found', async () => {
    const id = await tasks.ask(claim);
    await stage.faults({ ...WRITE, nth: 1, times: 1, fault: 'lost_answer' });
    await expect(stage.push('task')).rejects.toMatchObject({ type: 'CRM_UNAVAILABLE' });
    expect(await tasks.rows(id)).toHaveLength(1);
    // Found by its id, not made again: the write does not rely on the upsert alone.
    expect((await stage.callsDuring(() => stage.push('task'))).writes).toBe(0);
    expect(await tasks.rows(id)).toHaveLength(1);
    await tasks.calm();
    expect(await tasks.differences(id)).toEqual([]);
  });

  it('are closed within one push when the question is settled elsewhere, with how it ended and without a due date', async () => {
    const id = await tasks.ask(claim);
    await tasks.calm();
    const nudged = await stage.nudgesDuring(async () => expect(await tasks.settle(id)).toBe(true));
    expect(nudged).toEqual(['salesforce/task']);
    expect(await stage.sync.pushBatch('salesforce', 'task')).toMatchObject({ written: 1, dueNow: 0 });
    const row = await tasks.row(id);
    expect(row).toMatchObject({ Status: 'Completed', IsClosed: true, ActivityDate: null });
    expect(row['Description']).toContain('Closed: answered by director: approved');
    await tasks.calm();
    expect(await tasks.settle(id)).toBe(false);
  });

  it('that were settled before they were made are not made, and an issue about them is closed', async () => {
    const [settled, told] = [await tasks.ask(claim), await tasks.ask(claim, { assignee: 'nobody' })];
    await stage.push('task', undefined);
    const other = await tasks.ask(claim, { assignee: 'director' });
    await tasks.settle(other);
    await tasks.settle(told);
    await tasks.calm();
    expect(await tasks.rows(settled)).toHaveLength(1);
    expect(await tasks.rows(other)).toEqual([]);
    expect(await tasks.rows(told)).toEqual([]);
    expect(await stage.issues()).toEqual([]);
  });

  it('that were made and settled before anybody heard of it are closed all the same', async () => {
    const id = await tasks.ask(claim);
    await stage.faults({ ...WRITE, nth: 1, times: 1, fault: 'lost_answer' });
    await expect(stage.push('task')).rejects.toMatchObject({ type: 'CRM_UNAVAILABLE' });
    await tasks.settle(id);
    await tasks.calm();
    expect(await tasks.row(id)).toMatchObject({ IsClosed: true });
  });

  it('wait for the record of the registration, and follow at once when it is there', async () => {
    const later = await stage.addRegistration((await stage.registration(claim)).partnerId);
    const id = await tasks.ask(later);
    expect(await stage.sync.pushBatch('salesforce', 'task')).toMatchObject({ written: 0, postponed: 1, dueNow: 0 });
    const nudged = await stage.nudgesDuring(() => stage.push('registration'));
    expect(nudged).toContain('salesforce/task');
    expect(await stage.sync.pushBatch('salesforce', 'task')).toMatchObject({ written: 1 });
    expect(await tasks.row(id)).toMatchObject({ WhatId: await stage.remoteId('registration', later) });
  });

  it('that are put again with another deadline are changed in place, and with the same one cost nothing', async () => {
    const id = await tasks.ask(claim);
    await tasks.calm();
    expect(await tasks.ask(claim)).toBe(id);
    expect(await stage.sync.pushBatch('salesforce', 'task')).toMatchObject({ written: 0, unchanged: 0 });
    await tasks.ask(claim, { dueAt: '2026-11-26T04:30:00.000Z' });
    await tasks.calm();
    // Half past four in UTC is the day before in New York.
    expect(await tasks.row(id)).toMatchObject({ ActivityDate: '2026-11-25' });
  });

  it('leave every other task of the org alone, and are captured and swept without them', async () => {
    const record = await stage.remoteId('registration', claim);
    const theirs = await stage.rep.create('task', { Subject: 'Call them', WhatId: record });
    const id = await tasks.ask(claim);
    await tasks.calm();
    const asked: (string | undefined)[] = [];
    const watched = stage.workerOn((port) => ({
      capture: async (request) => {
        asked.push(request.whereNotNull);
        return port.capture(request);
      },
    }));
    await stage.control('clock', { advanceMs: 61_000 });
    await tasks.cycle(watched);
    // The page of changes, and the sweep behind it.
    expect(asked).toEqual(['Question_Id__c', 'Question_Id__c']);
    expect(await stage.db.selectFrom('link').select('remote_id').where('object_type', '=', 'task').execute()).toEqual([
      { remote_id: await stage.remoteId('task', id) },
    ]);
    expect(await stage.rep.row('task', theirs)).toMatchObject({ Subject: 'Call them', Question_Id__c: null, Status: 'Not Started' });
    expect(await stage.issues()).toEqual([]);
  });

  describe('as notes', () => {
    it('are born completed, and move no last activity', async () => {
      const account = await stage.remoteId('partner', (await stage.registration(claim)).partnerId);
      const id = await tasks.ask(claim, { kind: 'note', dueAt: null, body: 'The protection ends in 14 days.' });
      await tasks.calm();
      expect(await tasks.row(id)).toMatchObject({
        Status: 'Completed',
        IsClosed: true,
        ActivityDate: null,
        OwnerId: await tasks.userId('manager'),
      });
      const record = await stage.remoteId('registration', claim);
      expect(await stage.rep.row('registration', record)).toMatchObject({ LastActivityDate: null });
      expect(await stage.rep.row('partner', account)).toMatchObject({ LastActivityDate: null });
      // Negative control: a dated task that a rep completes there moves that of the record.
      await stage.rep.create('task', { Subject: 'Called', WhatId: record, Status: 'Completed', ActivityDate: '2026-11-23' });
      expect(await stage.rep.row('registration', record)).toMatchObject({ LastActivityDate: '2026-11-23' });
      expect(await stage.rep.row('partner', account)).toMatchObject({ LastActivityDate: null });
    });

    it('that are deleted stay deleted', async () => {
      const id = await tasks.ask(claim, { kind: 'note', dueAt: null });
      await tasks.calm();
      await stage.rep.remove('task', await stage.remoteId('task', id));
      await tasks.calm();
      expect(await tasks.rows(id)).toEqual([]);
    });
  });

  describe('whose person cannot be given them', () => {
    it.each([
      ['unknown', 'nobody', 'no user of this CRM'],
      ['inactive', 'rep2', 'not active'],
    ])('%s: are not made, and told once, not at each poll', async (_who, assignee, words) => {
      if (assignee === 'rep2') await stage.rep.edit('User', await tasks.userId('rep2'), { IsActive: false }, 'integration');
      await stage.pull('user');
      const id = await tasks.ask(claim, { assignee });
      await tasks.cycle();
      await tasks.cycle();
      expect(await tasks.rows(id)).toEqual([]);
      expect(await stage.issues()).toMatchObject([
        {
          objectType: 'task',
          localId: id,
          category: 'owner',
          code: 'ASSIGNEE_UNAVAILABLE',
          message: expect.stringContaining(words),
          attempts: 1,
        },
      ]);
    });

    it('are made as soon as the user is there, and only theirs are looked at again', async () => {
      const rep2 = await tasks.userId('rep2');
      await stage.rep.edit('User', rep2, { IsActive: false }, 'integration');
      await stage.pull('user');
      const [id, other] = [await tasks.ask(claim, { assignee: 'rep2' }), await tasks.ask(claim, { assignee: 'nobody' })];
      await tasks.cycle();
      await stage.rep.edit('User', rep2, { IsActive: true }, 'integration');
      await stage.pull('user');
      await tasks.cycle();
      expect(await tasks.row(id)).toMatchObject({ OwnerId: rep2 });
      expect(await stage.issues()).toMatchObject([{ localId: other, attempts: 1 }]);
    });

    it('and are there already: the rest of them goes on, and it is told', async () => {
      const id = await tasks.ask(claim);
      await tasks.calm();
      const manager = await tasks.userId('manager');
      await stage.rep.edit('User', manager, { IsActive: false }, 'integration');
      await stage.pull('user');
      await tasks.ask(claim, { title: 'Decide it today' });
      await tasks.calm();
      expect(await tasks.row(id)).toMatchObject({ Subject: 'Decide it today', OwnerId: manager });
      expect(await stage.issues()).toMatchObject([{ localId: id, code: 'FIELD_NOT_WRITTEN_OwnerId' }]);
      await tasks.settle(id);
      await tasks.calm();
      expect(await tasks.row(id)).toMatchObject({ IsClosed: true });
      expect(await stage.issues()).toEqual([]);
    });
  });
});
