import { openSyncStage, type SyncStage } from '../../support/sync-stage.ts';

jest.setTimeout(60_000);

const MINUTE_MS = 60_000;

describe('what an org does with our writes', () => {
  let stage: SyncStage;

  beforeAll(async () => {
    stage = await openSyncStage();
  });
  beforeEach(() => stage.reset());
  afterAll(() => stage.close());

  const openTransactions = async (): Promise<number> => {
    const answer = await fetch(`${stage.urls.crm}/_sandbox/transactions`);
    return ((await answer.json()) as { open: number }).open;
  };

  it('when its duplicate rule finds a partner twice becomes an issue with a remedy, and is carried once it is mended', async () => {
    const known = await stage.rep.create('Account', { Name: 'Borealis, Inc.' });
    await stage.control('duplicate-rules', { account: 'alert' });
    const [doubled, other] = [
      await stage.addPartner({ name: 'Borealis', domain: 'borealis.example' }),
      await stage.addPartner({ name: 'Aster', domain: 'aster.example' }),
    ];
    expect(await stage.push('partner')).toEqual({ written: 1, refused: 1 });
    expect(await stage.issues()).toMatchObject([
      {
        objectType: 'partner',
        localId: doubled,
        category: 'duplicate',
        code: 'CRM_DUPLICATE',
        message: expect.stringContaining('DUPLICATES_DETECTED: Use one of these records?'),
        remedy: expect.stringMatching(/^Merge the records/),
      },
    ]);
    expect(await stage.link('partner', other)).toBeDefined();
    await stage.rep.remove('Account', known);
    await stage.editPartner(doubled, { name: 'Borealis Ltd' });
    await stage.settle();
    expect(await stage.issues()).toEqual([]);
    expect(await stage.differences()).toEqual([]);
  });

  it('when a validation rule refuses them is told in the rule’s words', async () => {
    const [id = ''] = await stage.settledRegistrations(1);
    await stage.rep.edit('registration', await stage.remoteId('registration', id), { Estimated_Currency__c: 'EUR' });
    await stage.editRegistration(id, { estimatedValue: '-5.00' });
    await stage.push('registration');
    expect(await stage.issues()).toMatchObject([
      { localId: id, category: 'invalid_value', message: 'FIELD_CUSTOM_VALIDATION_EXCEPTION: The estimated value cannot be negative.' },
    ]);
    await stage.editRegistration(id, { estimatedValue: '5.00' });
    await stage.settle();
    expect(await stage.issues()).toEqual([]);
    expect(await stage.differences()).toEqual([]);
  });

  it('when a trigger refuses a record is told in its words, the others go, and it is carried once when that is mended', async () => {
    const [first = '', refused = ''] = await stage.settledRegistrations(2);
    const rule = { sobject: 'Deal_Registration__c', when: 'inSave', condition: 'Estimated_Value__c = 666', set: {} };
    await stage.control('automation', {
      rules: [{ ...rule, set: { Decision_Reason__c: { formula: 'TEXT(1 / (Estimated_Value__c - 666))' } } }],
    });
    await stage.editRegistration(first, { estimatedValue: '31000.00' });
    await stage.editRegistration(refused, { estimatedValue: '666.00', expectedCloseDate: '2027-06-30' });
    expect(await stage.push('registration')).toEqual({ written: 1, refused: 1 });
    expect(await stage.issues()).toMatchObject([
      {
        localId: refused,
        category: 'invalid_value',
        code: 'CRM_VALUE_INVALID',
        message: expect.stringContaining('CANNOT_EXECUTE_FLOW_TRIGGER: We can'),
        remedy: expect.stringMatching(/^Mend the value that the CRM names, or relax its rule/),
      },
    ]);
    // Rows that are a moment old are read once more; after that, nobody asks the trigger again.
    await stage.control('clock', { advanceMs: 61_000 });
    await stage.cycle();
    await stage.control('clock', { advanceMs: 10_000 });
    expect((await stage.callsDuring(() => stage.cycle())).writes).toBe(0);
    // A rep may change the record meanwhile: neither side's edit is lost.
    await stage.rep.edit('registration', await stage.remoteId('registration', refused), { Estimated_Currency__c: 'EUR' });
    await stage.control('automation', { rules: [] });
    await stage.editRegistration(refused, { estimatedValue: '667.00' });
    await stage.settle();
    expect(await stage.issues()).toEqual([]);
    expect(await stage.differences()).toEqual([]);
    const { estimatedValue, expectedCloseDate } = await stage.registration(refused);
    expect([estimatedValue, expectedCloseDate]).toEqual([{ amount: '667.00', currency: 'EUR' }, '2027-06-30']);
  });

  it('when automation changes other fields within our write is taken over, and neither lost nor written back for ever', async () => {
    await stage.control('automation', {
      rules: [
        {
          sobject: 'Deal_Registration__c',
          when: 'inSave',
          condition: 'ISCHANGED(Estimated_Value__c)',
          set: { Expected_Close_Date__c: '2027-12-31' },
        },
      ],
    });
    const [id = ''] = await stage.settledRegistrations(1);
    await stage.editRegistration(id, { estimatedValue: '31000.00' });
    await stage.settle();
    const registration = await stage.registration(id);
    expect([registration.estimatedValue.amount, registration.expectedCloseDate]).toEqual(['31000.00', '2027-12-31']);
    expect(await stage.differences()).toEqual([]);
    expect((await stage.callsDuring(() => stage.cycle())).writes).toBe(0);
  });

  it('when automation does so later and by itself is taken over too, of fields that are either side’s, and put right of those that are ours', async () => {
    await stage.control('automation', {
      rules: [
        {
          sobject: 'Deal_Registration__c',
          when: 'later',
          on: 'create',
          set: { Expected_Close_Date__c: '2027-12-31', Customer_Name__c: { formula: 'UPPER(Customer_Name__c)' } },
        },
      ],
    });
    const [id = ''] = await stage.settledRegistrations(1);
    const registration = await stage.registration(id);
    expect([registration.expectedCloseDate, registration.customer.name]).toEqual(['2027-12-31', 'Northwind Inc']);
    expect(await stage.rep.row('registration', await stage.remoteId('registration', id))).toMatchObject({
      Customer_Name__c: 'Northwind Inc',
    });
    expect(await stage.differences()).toEqual([]);
    expect((await stage.callsDuring(() => stage.cycle())).writes).toBe(0);
  });

  it('when automation answers every write of a field of ours with another value parks the record instead of writing for ever', async () => {
    await stage.control('automation', {
      rules: [{ sobject: 'Deal_Registration__c', when: 'later', on: 'save', set: { Customer_Name__c: 'SHOUTED' } }],
    });
    await stage.addRegistration(await stage.addPartner());
    await stage.settle();
    expect((await stage.callsDuring(() => stage.cycle())).writes).toBe(0);
    expect(await stage.issues()).toMatchObject([{ category: 'conflict' }]);
  });

  it('when it commits somebody’s edit late, behind what was read, is found by the next sweep', async () => {
    const [early = '', late = ''] = await stage.settledRegistrations(2);
    const remoteId = await stage.remoteId('registration', late);
    await stage.control('clock', { advanceMs: 20 * MINUTE_MS });
    await stage.control('transactions', { hold: 'rep2' });
    const held = stage.rep.edit('registration', remoteId, { Estimated_Value__c: 32000 }, 'rep2');
    while ((await openTransactions()) === 0);
    await stage.control('clock', { advanceMs: 5 * MINUTE_MS });
    await stage.rep.edit('registration', await stage.remoteId('registration', early), { Estimated_Value__c: 31000 });
    await stage.control('clock', { advanceMs: 10_000 });
    await stage.pull('registration');
    await stage.control('transactions', { release: true });
    await held;
    // Negative control: the edit lies behind the cursor.
    await stage.pull('registration');
    expect((await stage.registration(late)).estimatedValue.amount).toBe('20000.00');
    await stage.control('clock', { advanceMs: MINUTE_MS });
    await stage.pull('registration');
    expect((await stage.registration(late)).estimatedValue.amount).toBe('32000.00');
    expect((await stage.registration(early)).estimatedValue.amount).toBe('31000.00');
  });
});
