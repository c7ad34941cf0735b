import type { SyncActivities } from '../../../activities/contract.ts';
import { CrmFailure } from '../../../crm/failures.ts';
import { registrationWorkflowId } from '../../../program/messages.ts';
import { queuePush } from '../../../store/push-queue.ts';
import { putTask, taskIdOf, type NewTask } from '../../../store/task.ts';
import type { TwoWayType, TypedValues } from '../../support/crm-side.ts';
import { openPortalStage, type PortalStage } from '../../support/sync-stage.ts';

jest.setTimeout(60_000);

/** HubSpot keeps the history of long texts and of tasks, with their values; Salesforce does not. */
describe('an edit in HubSpot that is made between our look and our write', () => {
  let stage: PortalStage;
  let id = '';

  beforeAll(async () => {
    stage = await openPortalStage();
  });
  beforeEach(async () => {
    await stage.reset();
    [id = ''] = await stage.settledRegistrations(1);
  });
  afterAll(() => stage.close());

  /** A worker just before whose first write somebody saves; `end` is what becomes of the worker after HubSpot committed the write. */
  function coveringWorker(
    objectType: TwoWayType,
    remoteId: string,
    values: TypedValues,
    end: () => void = () => undefined,
  ): SyncActivities {
    let isSaved = false;
    return stage.workerOn((port) => ({
      write: async (object, rows) => {
        if (!isSaved) await stage.people.edit(objectType, remoteId, values);
        isSaved = true;
        const outcomes = await port.write(object, rows);
        end();
        return outcomes;
      },
    }));
  }

  const loseAnswer = (): never => {
    throw new CrmFailure('CRM_UNAVAILABLE', 'the answer was lost');
  };

  it.each([
    ['and the answer comes', undefined],
    ['and the answer is lost', loseAnswer],
  ] as const)('of the description is written over, logged and answered once, %s', async (_what, end) => {
    const remoteId = await stage.remoteId('registration', id);
    await stage.db.updateTable('registration').set({ description: 'Three sites.\nTwo of them abroad.' }).where('id', '=', id).execute();
    await stage.db.transaction().execute((trx) => queuePush(trx, [stage.connection], 'registration', [id]));
    const covering = coveringWorker('registration', remoteId, { description: 'Ask Robin first.\nThen Rana.' }, end);
    const pushed = stage.push('registration', covering);
    if (end === undefined) await pushed;
    else await expect(pushed).rejects.toThrow('the answer was lost');
    await stage.settle();
    expect(await stage.people.read('registration', remoteId)).toMatchObject({
      description: 'Three sites.\nTwo of them abroad.',
      syncNote: expect.stringContaining('description: kept by the partner program'),
    });
    expect(await stage.decisions(id)).toEqual([{ field: 'description', outcome: 'send', policy: 'ours' }]);
    expect(await stage.differences()).toEqual([]);
  });

  it('of the description is none when it only is what we had read', async () => {
    const remoteId = await stage.remoteId('registration', id);
    await stage.db.updateTable('registration').set({ description: 'Three sites.' }).where('id', '=', id).execute();
    await stage.db.transaction().execute((trx) => queuePush(trx, [stage.connection], 'registration', [id]));
    await stage.push('registration', coveringWorker('registration', remoteId, { expectedCloseDate: '2027-06-30' }));
    await stage.settle();
    expect(await stage.decisions(id)).toEqual([]);
    expect((await stage.registration(id)).expectedCloseDate).toBe('2027-06-30');
  });

  it('of a task’s subject is written over, and answered in the task', async () => {
    const taskId = await ask('Decide the registration of Northwind Inc');
    await stage.push('task');
    const remoteId = await stage.remoteId('task', taskId);
    await ask('Decide the registration of Northwind Inc today');
    await stage.push('task', coveringWorker('task', remoteId, { title: 'Call Northwind' }));
    await stage.push('task');
    expect(await stage.people.read('task', remoteId)).toMatchObject({
      title: 'Decide the registration of Northwind Inc today',
      text: expect.stringContaining('You edited the subject'),
    });
    expect(await stage.decisions(taskId)).toEqual([{ field: 'title', outcome: 'send', policy: 'ours' }]);
  });

  async function ask(title: string): Promise<string> {
    const task: NewTask = {
      taskId: taskIdOf(`${id}/manager/1`, 'manager'),
      subject: registrationWorkflowId(id),
      registrationId: id,
      assignee: 'manager',
      kind: 'question',
      title,
      body: 'Two sites, USD 60,000.',
      dueAt: '2026-12-24T22:00:00.000Z',
      priority: 'normal',
    };
    const change = { connections: [stage.connection], at: stage.deps.now() };
    await stage.db.transaction().execute((trx) => putTask(trx, task, change));
    return task.taskId;
  }
});
