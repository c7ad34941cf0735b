import { BOTH_CRMS, type CrmStage } from '../../support/sync-stage.ts';

jest.setTimeout(60_000);

/** The time of the CRM by which a rep edits lies a second and more apart from ours, so that who was later is beyond doubt. */
const HOUR_MS = 60 * 60_000;

describe.each(BOTH_CRMS)('edits in %s and here', (_crm, open) => {
  let stage: CrmStage;
  let id = '';
  let remoteId = '';

  beforeAll(async () => {
    stage = await open();
  });
  beforeEach(async () => {
    await stage.reset();
    [id = ''] = await stage.settledRegistrations(1);
    remoteId = await stage.remoteId('registration', id);
  });
  afterAll(() => stage.close());

  const agoMs = (ms: number): string => new Date(Date.now() - ms).toISOString();
  const inMs = (ms: number): string => agoMs(-ms);

  it('of different fields are both kept', async () => {
    await stage.editRegistration(id, { estimatedValue: '31000.00' });
    await stage.people.edit('registration', remoteId, { expectedCloseDate: '2027-06-30' });
    await stage.settle();
    expect(await stage.registration(id)).toMatchObject({ estimatedValue: { amount: '31000.00' }, expectedCloseDate: '2027-06-30' });
    expect(await stage.people.read('registration', remoteId)).toMatchObject({
      estimatedValue: '31000',
      expectedCloseDate: '2027-06-30',
    });
    expect(await stage.decisions(id)).toEqual([]);
  });

  it.each([
    ['theirs is the later one', 60_000, 40000, 'take'],
    ['ours is the later one', -60_000, 31000, 'send'],
  ] as const)('of the same field: %s and wins, and the log names the policy', async (_which, ageMs, value, outcome) => {
    await stage.editRegistration(id, { estimatedValue: '31000.00' }, agoMs(ageMs));
    await stage.people.edit('registration', remoteId, { estimatedValue: 40000 });
    await stage.settle();
    expect((await stage.registration(id)).estimatedValue.amount).toBe(`${value}.00`);
    expect(await stage.people.read('registration', remoteId)).toMatchObject({ estimatedValue: String(value) });
    expect(await stage.decisions(id)).toEqual([{ field: 'estimatedValue', outcome, policy: 'newest' }]);
    expect(await stage.differences()).toEqual([]);
  });

  it.each([
    ['behind', -5 * HOUR_MS],
    ['ahead', 5 * HOUR_MS],
  ] as const)('are compared in the CRM’s time when its clock is five hours %s', async (_which, advanceMs) => {
    await stage.control('clock', { advanceMs });
    await stage.pull('registration');
    await stage.editRegistration(id, { estimatedValue: '31000.00' }, agoMs(60_000));
    await stage.people.edit('registration', remoteId, { estimatedValue: 40000 });
    await stage.settle();
    expect((await stage.registration(id)).estimatedValue.amount).toBe('40000.00');

    await stage.people.edit('registration', remoteId, { estimatedValue: 50000 });
    await stage.editRegistration(id, { estimatedValue: '61000.00' }, inMs(60_000));
    await stage.settle();
    expect((await stage.registration(id)).estimatedValue.amount).toBe('61000.00');
    expect(await stage.differences()).toEqual([]);
  });

  it('of the same field are compared by the field’s own history, not by the row’s stamp', async () => {
    await stage.people.edit('registration', remoteId, { estimatedValue: 40000 });
    const between = inMs(60_000);
    await stage.control('clock', { advanceMs: 120_000 });
    await stage.people.edit('registration', remoteId, { expectedCloseDate: '2027-06-30' });
    await stage.control('clock', { advanceMs: -120_000 });
    await stage.editRegistration(id, { estimatedValue: '31000.00' }, between);
    await stage.settle();
    expect(await stage.registration(id)).toMatchObject({ estimatedValue: { amount: '31000.00' }, expectedCloseDate: '2027-06-30' });
  });

  /** Holds the write call of a push until the rep has saved. */
  async function duringWrite(edit: () => Promise<void>): Promise<void> {
    const { writes } = await stage.calls();
    await stage.faults({ ...stage.writeRoute, fault: 'delay', delayMs: 700 });
    const pushed = stage.sync.pushBatch(stage.connection, 'registration');
    while ((await stage.calls()).writes === writes) await new Promise((resolve) => setTimeout(resolve, 10));
    await edit();
    await pushed;
  }

  it('made by a rep between our look and our write stand, and are no echo afterwards', async () => {
    await stage.editRegistration(id, { estimatedValue: '31000.00' });
    await duringWrite(() => stage.people.edit('registration', remoteId, { estimatedValue: 47000 }));
    // Negative control: our write did cover it.
    expect(await stage.people.read('registration', remoteId)).toMatchObject({ estimatedValue: '31000' });
    expect((await stage.registration(id)).estimatedValue.amount).toBe('47000.00');
    await stage.settle();
    expect(await stage.people.read('registration', remoteId)).toMatchObject({ estimatedValue: '47000' });
    expect(await stage.decisions(id)).toEqual([{ field: 'estimatedValue', outcome: 'take', policy: 'newest' }]);
  });

  it('made by a rep in another field between our look and our write are taken by the next pull', async () => {
    await stage.editRegistration(id, { estimatedValue: '31000.00' });
    await duringWrite(() => stage.people.edit('registration', remoteId, { expectedCloseDate: '2027-06-30' }));
    await stage.settle();
    expect(await stage.registration(id)).toMatchObject({ estimatedValue: { amount: '31000.00' }, expectedCloseDate: '2027-06-30' });
    expect(await stage.differences()).toEqual([]);
  });

  it('of ours made while our write is under way are written next', async () => {
    await stage.editRegistration(id, { estimatedValue: '31000.00' });
    await duringWrite(() => stage.editRegistration(id, { estimatedValue: '33000.00' }));
    await stage.settle();
    expect(await stage.people.read('registration', remoteId)).toMatchObject({ estimatedValue: '33000' });
    expect((await stage.registration(id)).estimatedValue.amount).toBe('33000.00');
  });

  it('of ours made while a write is under way survive it when its answer is lost and it lands late', async () => {
    await stage.editRegistration(id, { estimatedValue: '31000.00' }, agoMs(10_000));
    await stage.faults({ ...stage.writeRoute, fault: 'lost_answer' });
    const killed = stage.push('registration');
    await expect(killed).rejects.toMatchObject({ type: 'CRM_UNAVAILABLE' });
    // Our first value stands in the CRM with a time that is later than our second edit.
    await stage.editRegistration(id, { estimatedValue: '33000.00' }, agoMs(5_000));
    await stage.settle();
    expect((await stage.registration(id)).estimatedValue.amount).toBe('33000.00');
    expect(await stage.people.read('registration', remoteId)).toMatchObject({ estimatedValue: '33000' });
  });

  it('that cannot be kept here are written back and answered', async () => {
    await stage.people.edit('registration', remoteId, {
      estimatedValue: null,
      estimatedCurrency: 'ZZZ',
      expectedCloseDate: null,
    });
    await stage.settle();
    expect(await stage.people.read('registration', remoteId)).toMatchObject({
      estimatedValue: '20000',
      estimatedCurrency: 'USD',
      expectedCloseDate: '2027-03-31',
      syncNote: expect.stringContaining('was written back'),
    });
    expect((await stage.decisions(id)).map(({ outcome }) => outcome)).toEqual(['send', 'send', 'send']);
  });

  it('of a field that we keep are written back, and answered once', async () => {
    await stage.people.edit('registration', remoteId, { customerName: 'Somebody else', status: 'approved' });
    await stage.settle();
    expect(await stage.people.read('registration', remoteId)).toMatchObject({
      customerName: 'Northwind Inc',
      status: 'submitted',
      syncNote: expect.stringContaining('was written back'),
    });
    expect(await stage.decisions(id)).toEqual([
      { field: 'status', outcome: 'send', policy: 'ours' },
      { field: 'customerName', outcome: 'send', policy: 'ours' },
    ]);
    expect(await stage.differences()).toEqual([]);
  });

  it('of an account that empty its partner id are written back as well', async () => {
    const { partnerId } = await stage.registration(id);
    const account = await stage.remoteId('partner', partnerId);
    await stage.people.edit('partner', account, { partnerId: null });
    await stage.settle();
    // Negative control: the capture of partners does not see the account any more.
    expect(await stage.people.read('partner', account)).toMatchObject({ partnerId: null });
    await stage.pull('account');
    await stage.settle();
    expect(await stage.people.read('partner', account)).toMatchObject({ partnerId });
  });

  it('by which a required value of a partner is emptied are written back', async () => {
    const { partnerId } = await stage.registration(id);
    const account = await stage.remoteId('partner', partnerId);
    await stage.people.edit('partner', account, { country: null, tier: null });
    await stage.settle();
    expect(await stage.people.read('partner', account)).toMatchObject({ country: 'US', tier: null });
    expect(await stage.differences()).toEqual([]);
  });

  it('by an automation that never stops are parked with an issue instead of being answered for ever', async () => {
    for (let round = 0; round < 20 && (await stage.issues()).length === 0; round += 1) {
      await stage.people.edit('registration', remoteId, { customerName: `Rewritten ${round}` });
      await stage.cycle();
    }
    expect(await stage.issues()).toMatchObject([{ code: 'RECORD_OSCILLATES', category: 'conflict', localId: id }]);
    await stage.people.edit('registration', remoteId, { customerName: 'Rewritten once more' });
    expect((await stage.callsDuring(() => stage.cycle())).writes).toBe(0);
  });
});
