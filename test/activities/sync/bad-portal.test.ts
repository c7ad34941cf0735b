import { registrationWorkflowId } from '../../../program/messages.ts';
import { queuePush } from '../../../store/push-queue.ts';
import { setIssueStatus } from '../../../store/sync-issue.ts';
import { putTask, taskIdOf } from '../../../store/task.ts';
import { exampleApproval } from '../../support/open-step.ts';
import { openPortalStage, type PortalStage } from '../../support/sync-stage.ts';

jest.setTimeout(60_000);

const PROPERTIES = '/crm/v3/properties/deal_registration';
const GONE = '79999999';

/** What administrators and time do to a portal: the rest of a record goes, an issue says which value did not, and nothing is lost or written twice. */
describe('what a portal does not take', () => {
  let stage: PortalStage;
  let id = '';
  let other = '';

  beforeAll(async () => {
    stage = await openPortalStage();
  });
  beforeEach(async () => {
    await stage.reset();
    [id = '', other = ''] = await stage.settledRegistrations(2);
  });
  afterAll(() => stage.close());

  const read = async (registration: string) => stage.people.read('registration', await stage.remoteId('registration', registration));
  const told = async () => (await stage.issues()).filter(({ localId }) => localId !== null);
  /** As the API does when somebody retries. */
  const retry = (objectType: 'registration' | 'task', localId: string) =>
    stage.db.transaction().execute((trx) => queuePush(trx, [stage.connection], objectType, [localId]));
  const editBoth = async (): Promise<void> => {
    for (const each of [id, other]) await stage.editRegistration(each, { estimatedValue: '31000.00' });
  };
  /** We still take the owner for a person of the portal, as between two looks at its owners. */
  const moveOwner = (to: string) => stage.db.updateTable('crm_user').set({ remote_id: to }).where('alias', '=', 'manager').execute();
  const ownerOf = async (alias: string) =>
    (await stage.db.selectFrom('crm_user').select('remote_id').where('alias', '=', alias).executeTakeFirstOrThrow()).remote_id;

  it('an approver who has left it: the record goes without them, which is told, and they are written once they are there again', async () => {
    const manager = await ownerOf('manager');
    await moveOwner(GONE);
    await editBoth();
    await stage.setState(id, { status: 'in_review', approval: exampleApproval() });
    expect(await stage.push('registration')).toEqual({ written: 2, refused: 0 });
    expect(await read(id)).toMatchObject({ approver: null, status: 'in_review', estimatedValue: '31000' });
    expect(await read(other)).toMatchObject({ estimatedValue: '31000' });
    expect(await told()).toMatchObject([
      {
        localId: id,
        category: 'owner',
        code: 'FIELD_NOT_WRITTEN_approver',
        message: expect.stringContaining(GONE),
        remedy: expect.stringContaining('Activate the user'),
      },
    ]);
    await moveOwner(manager);
    await retry('registration', id);
    await stage.settle();
    expect(await read(id)).toMatchObject({ approver: manager });
    expect([await told(), await stage.differences()]).toEqual([[], []]);
  });

  it('a task for somebody who has left it: it waits, the others go, and it is made once when they are back', async () => {
    const manager = await ownerOf('manager');
    const ask = async (assignee: string): Promise<string> => {
      const taskId = taskIdOf(`${id}/${assignee}/1`, assignee);
      const task = {
        taskId,
        subject: registrationWorkflowId(id),
        registrationId: id,
        assignee,
        kind: 'question',
        title: 'Decide',
      } as const;
      const rest = { body: 'Two sites.', dueAt: '2026-12-24T22:00:00.000Z', priority: 'normal' } as const;
      const change = { connections: [stage.connection], at: stage.deps.now() };
      await stage.db.transaction().execute((trx) => putTask(trx, { ...task, ...rest }, change));
      return taskId;
    };
    const [refused, made] = [await ask('manager'), await ask('director')];
    await moveOwner(GONE);
    expect(await stage.push('task')).toEqual({ written: 1, refused: 1 });
    expect(await told()).toMatchObject([
      { localId: refused, category: 'owner', code: 'CRM_OWNER_INVALID', remedy: 'Choose an active user of the CRM, then retry.' },
    ]);
    expect([await stage.people.find('task', refused), await stage.people.find('task', made)]).toMatchObject([[], [{ title: 'Decide' }]]);
    await moveOwner(manager);
    await retry('task', refused);
    await stage.push('task');
    await stage.push('task');
    expect(await stage.people.find('task', refused)).toMatchObject([{ owner: manager }]);
    expect(await told()).toEqual([]);
  });

  it('an option that was taken away: it is left out and told, and written once it is there again', async () => {
    const { options } = (await stage.portal.call('GET', `${PROPERTIES}/registration_status`)) as {
      readonly options: readonly { readonly value: string }[];
    };
    const offer = (offered: readonly object[]) => stage.portal.call('PATCH', `${PROPERTIES}/registration_status`, { options: offered });
    await offer(options.filter(({ value }) => value !== 'returned'));
    await editBoth();
    await stage.setState(id, { status: 'returned' });
    expect(await stage.push('registration')).toEqual({ written: 2, refused: 0 });
    expect(await read(id)).toMatchObject({ status: 'submitted', estimatedValue: '31000' });
    expect(await read(other)).toMatchObject({ estimatedValue: '31000' });
    expect(await told()).toMatchObject([
      { localId: id, code: 'FIELD_NOT_WRITTEN_registration_status', message: expect.stringContaining('not in the CRM’s list') },
    ]);
    await offer(options);
    await retry('registration', id);
    await stage.settle();
    expect(await read(id)).toMatchObject({ status: 'returned' });
    expect([await told(), await stage.differences()]).toEqual([[], []]);
  });

  it.each([
    ['is gone', undefined, /does not exist in the CRM/],
    ['is calculated now', 'calculation_equation', /may not be written by the integration user/],
  ] as const)(
    'a property that %s: it is left out, of a new record too, and written once it is as it was',
    async (_what, calculated, words) => {
      const domain = (await stage.portal.call('GET', `${PROPERTIES}/customer_domain`)) as { readonly groupName: string };
      const define = (fieldType: string) =>
        stage.portal.call('POST', PROPERTIES, {
          name: 'customer_domain',
          label: 'Customer domain',
          type: 'string',
          fieldType,
          groupName: domain.groupName,
        });
      await stage.portal.call('DELETE', `${PROPERTIES}/customer_domain`);
      if (calculated !== undefined) await define(calculated);
      const made = await stage.addRegistration((await stage.registration(id)).partnerId);
      await editBoth();
      await stage.db.updateTable('registration').set({ customer_domain: 'northwind.test' }).where('id', '=', id).execute();
      expect(await stage.push('registration')).toEqual({ written: 3, refused: 0 });
      for (const each of [id, other]) expect(await read(each)).toMatchObject({ estimatedValue: '31000' });
      expect(await read(made)).toMatchObject({ estimatedValue: '20000', customerName: 'Northwind Inc' });
      // Of the third record nothing stayed behind.
      const issues = await told();
      expect(new Set(issues.map(({ localId }) => localId))).toEqual(new Set([id, made]));
      for (const { code, message, remedy } of issues) {
        expect(code).toBe('FIELD_NOT_WRITTEN_customer_domain');
        expect(message).toMatch(words);
        expect(remedy).toContain('then retry');
      }
      if (calculated !== undefined) await stage.portal.call('DELETE', `${PROPERTIES}/customer_domain`);
      await define('text');
      await retry('registration', made);
      await retry('registration', id);
      await stage.settle();
      expect(await read(made)).toMatchObject({ customerDomain: 'northwind.example' });
      expect(await read(id)).toMatchObject({ customerDomain: 'northwind.test' });
      expect([await told(), await stage.differences()]).toEqual([[], []]);
      expect(await stage.people.list('registration')).toHaveLength(3);
    },
  );

  it('two registrations in one record, since they were merged: it is told, and a person who retries has them apart again', async () => {
    const survivor = await stage.people.merge(
      'registration',
      await stage.remoteId('registration', id),
      await stage.remoteId('registration', other),
    );
    await stage.settle();
    const [issue, ...more] = await told();
    expect([issue, more]).toMatchObject([{ localId: other, category: 'deleted_or_merged', code: 'MERGED_INTO_ANOTHER' }, []]);
    expect([await stage.remoteId('registration', id), await stage.people.list('registration')]).toEqual([survivor, [survivor]]);
    // Nobody deleted it: the claim is not withdrawn.
    expect(await stage.commands(other)).toEqual([]);
    await stage.editRegistration(other, { estimatedValue: '31000.00' });
    await stage.settle();
    expect(await stage.people.list('registration')).toEqual([survivor]);
    await stage.db.transaction().execute((trx) => setIssueStatus(trx, issue?.id ?? '', 'resolved', stage.deps.now()));
    await retry('registration', other);
    await stage.settle();
    expect(await read(other)).toMatchObject({ estimatedValue: '31000' });
    expect([await told(), await stage.differences()]).toEqual([[], []]);
  });

  it('a record that was archived a moment ago: the pull decides what follows, and the others go', async () => {
    await editBoth();
    const remoteId = await stage.remoteId('registration', id);
    let isRemoved = false;
    const racing = stage.workerOn((port) => ({
      write: async (object, rows) => {
        if (!isRemoved) await stage.people.remove('registration', remoteId);
        isRemoved = true;
        return port.write(object, rows);
      },
    }));
    expect(await racing.pushBatch(stage.connection, 'registration')).toMatchObject({ written: 1, refused: 1 });
    await stage.settle();
    expect(await read(other)).toMatchObject({ estimatedValue: '31000' });
    expect(await stage.commands(id)).toMatchObject([{ command: { kind: 'withdraw' } }]);
    expect([await told(), await stage.people.list('registration')]).toEqual([[], [await stage.remoteId('registration', other)]]);
  });
});
