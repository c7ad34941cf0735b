import { listAudit } from '../../../store/audit.ts';
import { digestOfText } from '../../../store/audit-text.ts';
import { queuePush } from '../../../store/push-queue.ts';
import { setIssueStatus } from '../../../store/sync-issue.ts';
import { BOTH_CRMS, type CrmStage } from '../../support/sync-stage.ts';

jest.setTimeout(60_000);

describe.each(BOTH_CRMS)('records that are deleted, brought back or made in %s', (_crm, open) => {
  let stage: CrmStage;

  beforeAll(async () => {
    stage = await open();
  });
  beforeEach(() => stage.reset());
  afterAll(() => stage.close());

  const liveRows = (id: string) => stage.people.find('registration', id);

  it('an undecided registration is withdrawn, once, and its record stays deleted', async () => {
    const [id = ''] = await stage.settledRegistrations(1);
    await stage.people.remove('registration', await stage.remoteId('registration', id));
    await stage.settle();
    await stage.settle();
    expect(await stage.commands(id)).toMatchObject([{ command: { kind: 'withdraw' } }]);
    const [asked] = (await listAudit(stage.db, `registration/${id}`, 10)).filter(({ kind }) => kind === 'asked');
    expect(asked).toMatchObject({
      actor: stage.connection,
      details: { command: 'withdraw', commentDigest: digestOfText('The record was deleted in the CRM.') },
    });
    await stage.setState(id, { status: 'withdrawn' });
    await stage.settle();
    expect(await liveRows(id)).toEqual([]);
  });

  it('any other registration is restored with a note', async () => {
    const [id = ''] = await stage.settledRegistrations(1);
    const first = await stage.remoteId('registration', id);
    await stage.setState(id, { status: 'approved' });
    await stage.settle();
    await stage.people.remove('registration', first);
    await stage.settle();
    expect(await stage.commands(id)).toEqual([]);
    expect(await liveRows(id)).toMatchObject([{ status: 'approved', syncNote: expect.stringContaining('it was restored') }]);
    expect(await stage.remoteId('registration', id)).not.toBe(first);
    expect((await listAudit(stage.db, `registration/${id}`, 10)).at(-1)).toMatchObject({
      kind: 'deleted in CRM',
      actor: stage.connection,
      details: { status: 'approved' },
    });
    expect(await stage.differences()).toEqual([]);
  });

  it('a registration that is deleted while we write it is not made again behind the person’s back', async () => {
    const [id = ''] = await stage.settledRegistrations(1);
    const remoteId = await stage.remoteId('registration', id);
    await stage.editRegistration(id, { estimatedValue: '31000.00' });
    const racing = stage.workerOn((port) => ({
      write: async (object, rows) => {
        await stage.people.remove('registration', remoteId);
        return port.write(object, rows);
      },
    }));
    await racing.pushBatch(stage.connection, 'registration');
    await stage.settle();
    expect(await liveRows(id)).toEqual([]);
    expect(await stage.commands(id)).toMatchObject([{ command: { kind: 'withdraw' } }]);
    expect(await stage.issues()).toEqual([]);
  });

  it('a withdrawn registration whose record is brought back is in step again', async () => {
    const [id = ''] = await stage.settledRegistrations(1);
    const remoteId = await stage.remoteId('registration', id);
    await stage.people.remove('registration', remoteId);
    await stage.settle();
    await stage.setState(id, { status: 'withdrawn' });
    await stage.people.restore('registration', remoteId);
    await stage.settle();
    expect(await liveRows(id)).toMatchObject([{ id: remoteId, status: 'withdrawn' }]);
  });

  it('a partner’s account that is deleted is made again, and its registrations point to the new one', async () => {
    const [id = ''] = await stage.settledRegistrations(1);
    const { partnerId } = await stage.registration(id);
    const before = await stage.remoteId('partner', partnerId);
    await stage.people.remove('partner', before);
    await stage.settle();
    const after = await stage.remoteId('partner', partnerId);
    expect(after).not.toBe(before);
    expect(await liveRows(id)).toMatchObject([{ partner: after }]);
    expect(await stage.differences()).toEqual([]);
  });

  it('a partner’s account that is brought back takes the pause off the registrations that waited for it', async () => {
    const [id = ''] = await stage.settledRegistrations(1);
    const account = await stage.remoteId('partner', (await stage.registration(id)).partnerId);
    await stage.people.remove('partner', account);
    await stage.pull('partner');
    await stage.editRegistration(id, { estimatedValue: '31000.00' });
    expect(await stage.sync.pushBatch(stage.connection, 'registration')).toMatchObject({ written: 0, postponed: 1, dueNow: 0 });
    await stage.people.restore('partner', account);
    await stage.pull('partner');
    expect(await stage.sync.pushBatch(stage.connection, 'registration')).toMatchObject({ written: 1, postponed: 0 });
    await stage.settle();
    expect(await stage.differences()).toEqual([]);
  });

  it('a partner’s account that is merged into another one is followed there', async () => {
    const [id = ''] = await stage.settledRegistrations(1);
    const { partnerId } = await stage.registration(id);
    const loser = await stage.remoteId('partner', partnerId);
    const master = await stage.people.create('partner', { name: 'Aster, the old record' });
    const survivor = await stage.people.merge('partner', master, loser);
    await stage.settle();
    expect(await stage.remoteId('partner', partnerId)).toBe(survivor);
    expect(await stage.people.read('partner', survivor)).toMatchObject({ partnerId });
    expect(await stage.people.list('partner')).toEqual([survivor]);
    expect(await stage.differences()).toEqual([]);
  });

  it('two partners whose accounts are merged are told, not joined, and a person who retries has them apart again', async () => {
    const one = await stage.addPartner();
    const two = await stage.addPartner();
    await stage.settle();
    const [master, loser] = [await stage.remoteId('partner', one), await stage.remoteId('partner', two)];
    const survivor = await stage.people.merge('partner', master, loser);
    await stage.pull('partner');
    expect(await stage.issues()).toMatchObject([{ localId: two, category: 'deleted_or_merged', code: 'MERGED_INTO_ANOTHER' }]);
    expect(await stage.remoteId('partner', one)).toBe(survivor);
    // Until somebody settles it, nothing of the second one is written.
    await stage.editPartner(two, { name: 'Borealis' });
    await stage.settle();
    expect(await stage.people.list('partner')).toEqual([survivor]);
    const [issue, ...others] = await stage.issues();
    expect(others).toEqual([]);
    await stage.editPartner(one, { name: 'Aster and others' });
    await stage.settle();
    await stage.db.transaction().execute(async (trx) => {
      await setIssueStatus(trx, issue?.id ?? '', 'resolved', stage.deps.now());
      await queuePush(trx, [stage.connection], 'partner', [two]);
    });
    await stage.settle();
    expect(await stage.people.list('partner')).toHaveLength(2);
    expect([await stage.issues(), await stage.differences()]).toEqual([[], []]);
  });

  describe('a row without an id', () => {
    const complete = async (partnerId: string) => ({
      partner: await stage.remoteId('partner', partnerId),
      customerName: 'Northwind Inc',
      productLines: 'Analytics, platform',
      estimatedValue: 12000,
      estimatedCurrency: 'USD',
      expectedCloseDate: '2027-03-31',
    });

    it('is received once, and gets its id', async () => {
      const partnerId = await stage.addPartner();
      await stage.settle();
      const remoteId = await stage.people.create('registration', await complete(partnerId));
      await stage.settle();
      await stage.settle();
      const rows = await stage.db.selectFrom('registration').selectAll().execute();
      expect(rows).toMatchObject([{ partner_id: partnerId, origin: stage.connection, product_lines: ['analytics', 'platform'] }]);
      expect(await stage.people.read('registration', remoteId)).toMatchObject({ registrationId: rows[0]?.id, status: 'submitted' });
      expect(await stage.differences()).toEqual([]);
    });

    it('that is incomplete is told with everything that is missing, and received once it is complete', async () => {
      const partnerId = await stage.addPartner();
      await stage.settle();
      const { partner, ...rest } = await complete(partnerId);
      const remoteId = await stage.people.create('registration', { ...rest, estimatedValue: null });
      await stage.settle();
      const [issue] = await stage.issues();
      expect(issue).toMatchObject({ code: 'SUBMISSION_INCOMPLETE', remoteId });
      expect(issue?.message).toMatch(/Partner is empty.*Estimated value/);
      await stage.people.edit('registration', remoteId, { partner, estimatedValue: 12000 });
      await stage.settle();
      expect(await stage.issues()).toEqual([]);
      expect(await stage.db.selectFrom('registration').select('id').execute()).toHaveLength(1);
    });

    it('whose partner was not known yet is received as soon as it is', async () => {
      const partnerId = await stage.addPartner();
      await stage.push('partner');
      const row = await complete(partnerId);
      await stage.db.deleteFrom('link').execute();
      await stage.people.create('registration', row);
      await stage.pull('registration');
      expect(await stage.issues()).toMatchObject([{ code: 'SUBMISSION_INCOMPLETE' }]);
      await stage.control('clock', { advanceMs: 10_000 });
      await stage.pull('registration');
      // Negative control: the cursor has passed the row, and it is not time for another look.
      expect(await stage.pull('registration')).toBe(0);
      await stage.pull('partner');
      expect(await stage.pull('registration')).toBe(1);
      await stage.settle();
      expect(await stage.issues()).toEqual([]);
      expect(await stage.db.selectFrom('registration').select('partner_id').execute()).toEqual([{ partner_id: partnerId }]);
    });

    it('that was deleted before it got its id and comes back is still one registration', async () => {
      const partnerId = await stage.addPartner();
      await stage.settle();
      const remoteId = await stage.people.create('registration', await complete(partnerId));
      await stage.pull('registration');
      await stage.people.remove('registration', remoteId);
      await stage.settle();
      await stage.people.restore('registration', remoteId);
      await stage.settle();
      expect(await stage.db.selectFrom('registration').select('id').execute()).toHaveLength(1);
      expect(await stage.people.list('registration')).toHaveLength(1);
      expect(await stage.differences()).toEqual([]);
    });
  });
});
