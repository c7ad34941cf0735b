import { openSyncStage, WRITE, type SyncStage } from '../../support/sync-stage.ts';

jest.setTimeout(60_000);

/** As the process would end between a call to the CRM and the commit of what it brought. */
class Killed extends Error {}

describe('a write that is repeated', () => {
  let stage: SyncStage;

  beforeAll(async () => {
    stage = await openSyncStage();
  });
  beforeEach(() => stage.reset());
  afterAll(() => stage.close());

  const rows = (id: string) => stage.rep.query(`SELECT Id FROM Deal_Registration__c WHERE Registration_Id__c = '${id}'`);
  const killedAfterWrite = () =>
    stage.workerOn((port) => ({
      write: async (object, batch) => {
        await port.write(object, batch);
        throw new Killed();
      },
    }));

  it('after a lost answer to a creation makes no second record, and writes nothing more', async () => {
    const id = await stage.addRegistration(await stage.addPartner());
    await stage.pull('partner');
    await stage.push('partner');
    await stage.faults({ ...WRITE, fault: 'lost_answer' });
    await expect(stage.push('registration')).rejects.toMatchObject({ type: 'CRM_UNAVAILABLE', nonRetryable: false });
    expect(await rows(id)).toHaveLength(1);
    expect(await stage.link('registration', id)).toBeUndefined();
    expect((await stage.callsDuring(() => stage.settle())).writes).toBe(0);
    expect(await rows(id)).toHaveLength(1);
    expect(await stage.differences()).toEqual([]);
  });

  it('after a lost answer to an update writes nothing more', async () => {
    const [id = ''] = await stage.settledRegistrations(1);
    await stage.editRegistration(id, { estimatedValue: '31000.00' });
    await stage.faults({ ...WRITE, fault: 'lost_answer' });
    await expect(stage.push('registration')).rejects.toMatchObject({ type: 'CRM_UNAVAILABLE' });
    expect((await stage.callsDuring(() => stage.settle())).writes).toBe(0);
    expect(await stage.differences()).toEqual([]);
    expect(await stage.decisions(id)).toEqual([]);
  });

  it.each(['by the push', 'by the pull'] as const)('after a crash between creation and commit is found %s', async (first) => {
    const id = await stage.addRegistration(await stage.addPartner());
    await stage.push('partner');
    await expect(killedAfterWrite().pushBatch('salesforce', 'registration')).rejects.toBeInstanceOf(Killed);
    expect(await stage.link('registration', id)).toBeUndefined();
    if (first === 'by the push') await stage.push('registration');
    else await stage.pull('registration');
    expect(await stage.remoteId('registration', id)).toBe((await rows(id))[0]?.['Id']);
    expect((await stage.callsDuring(() => stage.settle())).writes).toBe(0);
    expect(await rows(id)).toHaveLength(1);
  });

  it('after a crash between creation and commit keeps an edit of ours that came before the answer', async () => {
    const id = await stage.addRegistration(await stage.addPartner());
    await stage.push('partner');
    await expect(killedAfterWrite().pushBatch('salesforce', 'registration')).rejects.toBeInstanceOf(Killed);
    await stage.editRegistration(id, { estimatedValue: '31000.00' }, new Date(Date.now() - 60_000).toISOString());
    await stage.settle();
    expect(await stage.rep.query('SELECT Estimated_Value__c FROM Deal_Registration__c')).toMatchObject([{ Estimated_Value__c: 31000 }]);
    expect((await stage.registration(id)).estimatedValue.amount).toBe('31000.00');
  });

  it('after a crash between update and commit ends in the same state', async () => {
    const [id = ''] = await stage.settledRegistrations(1);
    await stage.editRegistration(id, { estimatedValue: '31000.00' });
    await expect(killedAfterWrite().pushBatch('salesforce', 'registration')).rejects.toBeInstanceOf(Killed);
    await stage.settle();
    expect(await stage.differences()).toEqual([]);
    expect((await stage.registration(id)).estimatedValue.amount).toBe('31000.00');
  });

  it('by two workers at once is made by one of them; the other finds nothing to do', async () => {
    const partnerId = await stage.addPartner();
    await stage.push('partner');
    const ids = await Promise.all(Array.from({ length: 20 }, () => stage.addRegistration(partnerId)));
    const other = stage.workerWith({});
    const [one, two] = await Promise.all([
      stage.sync.pushBatch('salesforce', 'registration'),
      other.pushBatch('salesforce', 'registration'),
    ]);
    expect([one.written, two.written].toSorted((a, b) => a - b)).toEqual([0, ids.length]);
    await stage.settle();
    expect(await stage.rep.query('SELECT Id FROM Deal_Registration__c')).toHaveLength(ids.length);
  });

  it('by a worker that was given up on cannot replace what was written since: its turn is not over', async () => {
    const [id = ''] = await stage.settledRegistrations(1);
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let isHeld: () => void = () => undefined;
    const reached = new Promise<void>((resolve) => {
      isHeld = resolve;
    });
    await stage.editRegistration(id, { estimatedValue: '31000.00' });
    const slow = stage.workerOn((port) => ({
      write: async (object, batch) => {
        isHeld();
        await held;
        return port.write(object, batch);
      },
    }));
    const late = slow.pushBatch('salesforce', 'registration');
    await reached;
    await stage.editRegistration(id, { estimatedValue: '33000.00' });
    const second = await stage.sync.pushBatch('salesforce', 'registration');
    release();
    await late;
    expect(second).toMatchObject({ written: 0, dueNow: 0 });
    await stage.settle();
    expect((await stage.registration(id)).estimatedValue.amount).toBe('33000.00');
    expect(await stage.differences()).toEqual([]);
  });

  it('of a second row that carries an id of ours is told as a conflict, and neither is given up', async () => {
    const [id = ''] = await stage.settledRegistrations(1);
    const first = await stage.remoteId('registration', id);
    // An org in which the field lost its uniqueness: the capture shows another row with the same id.
    const second = await stage.rep.create('registration', { Customer_Name__c: 'Northwind Inc' });
    const doubled = stage.workerOn((port) => ({
      capture: async (request) => {
        const page = await port.capture(request);
        const mark = (row: (typeof page.rows)[number]) =>
          row.id === second ? { ...row, fields: { ...row.fields, Registration_Id__c: id } } : row;
        return { ...page, rows: page.rows.map(mark) };
      },
    }));
    await stage.pull('registration', doubled);
    expect(await stage.remoteId('registration', id)).toBe(first);
    expect(await stage.issues()).toMatchObject([{ category: 'duplicate', code: 'RECORD_DOUBLED', remoteId: second, localId: id }]);
  });

  it('of an id that was moved to another row follows it there', async () => {
    const [id = ''] = await stage.settledRegistrations(1);
    const first = await stage.remoteId('registration', id);
    await stage.rep.edit('registration', first, { Registration_Id__c: null });
    const second = await stage.rep.create('registration', { Registration_Id__c: id, Customer_Name__c: 'Northwind Inc' });
    const movedOnly = stage.workerOn((port) => ({
      capture: async (request) => {
        const page = await port.capture(request);
        return { ...page, rows: page.rows.filter((row) => row.id === second) };
      },
    }));
    await stage.pull('registration', movedOnly);
    expect(await stage.remoteId('registration', id)).toBe(second);
  });
});
