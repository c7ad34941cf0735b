import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CrmPort, RemoteFieldDefinition } from '../../../crm/port.ts';
import { setIssueStatus } from '../../../store/sync-issue.ts';
import { queuePush } from '../../../store/push-queue.ts';
import { openSyncStage, SHIPPED_OBJECTS, type SyncStage } from '../../support/sync-stage.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

jest.setTimeout(60_000);

const LONG_NAME = 'Northwind Traders Incorporated';

describe('a field that the org cannot take', () => {
  const folder = makeTemporaryFolder('narrow-org');
  let stage: SyncStage;
  let id = '';

  beforeAll(async () => {
    cpSync(SHIPPED_OBJECTS, folder.path, { recursive: true });
    change('Customer_Name__c', '<length>255</length>', '<length>20</length>');
    change('Status__c', /<value>\s*<fullName>returned<[\s\S]*?<\/value>/, '');
    stage = await openSyncStage(folder.path);
  });
  beforeEach(async () => {
    await stage.reset();
    [id = ''] = await stage.settledRegistrations(1);
  });
  afterAll(async () => {
    await stage.close();
    folder.remove();
  });

  function change(field: string, from: string | RegExp, to: string): void {
    const path = join(folder.path, `main/default/objects/Deal_Registration__c/fields/${field}.field-meta.xml`);
    const before = readFileSync(path, 'utf8');
    const after = before.replace(from, to);
    if (after === before) throw new Error(`${field} has no ${String(from)}`);
    writeFileSync(path, after);
  }

  /** A worker to which a field of registrations is described otherwise. */
  const described = (name: string, as: Partial<RemoteFieldDefinition>, when: readonly string[] = ['now', 'last seen']) =>
    stage.workerOn((port) => ({
      describe: async (object, asked = 'now') => {
        const definition = await port.describe(object, asked);
        if (!when.includes(asked) || !definition.name.startsWith('Deal_')) return definition;
        return { ...definition, fields: definition.fields.map((field) => (field.name === name ? { ...field, ...as } : field)) };
      },
    }));

  /** What is told of records; of the type as a whole something is told too. */
  const told = async () => (await stage.issues()).filter(({ localId }) => localId !== null);
  const rowOf = async (registration: string) => stage.rep.row('registration', await stage.remoteId('registration', registration));
  const addLongNamed = async () =>
    stage.addRegistration((await stage.registration(id)).partnerId, {
      customer: { name: LONG_NAME, domain: 'northwind.example', country: 'US', postalCode: null, companyNumber: null },
    });

  it('is left out with an issue that says why, and the rest of the record goes in the same call', async () => {
    const made = await addLongNamed();
    const { writes } = await stage.callsDuring(() => stage.push('registration'));
    expect(writes).toBe(1);
    expect(await rowOf(made)).toMatchObject({ Customer_Name__c: null, Customer_Domain__c: 'northwind.example', Estimated_Value__c: 20000 });
    expect(await told()).toMatchObject([
      {
        localId: made,
        category: 'invalid_value',
        code: 'FIELD_NOT_WRITTEN_Customer_Name__c',
        message: 'Customer_Name__c holds 20 characters in the CRM; the value has 30',
        remedy: expect.stringContaining('then retry'),
      },
    ]);
  });

  it('is found by the refusal where the org was changed since it was described', async () => {
    const made = await addLongNamed();
    const other = await stage.addRegistration((await stage.registration(id)).partnerId);
    const outdated = described('Customer_Name__c', { maxLength: 255 }, ['last seen']);
    expect(await stage.push('registration', outdated)).toEqual({ written: 2, refused: 0 });
    expect(await rowOf(made)).toMatchObject({ Customer_Name__c: null, Customer_Domain__c: 'northwind.example' });
    expect(await rowOf(other)).toMatchObject({ Customer_Name__c: 'Northwind Inc' });
    expect((await told()).map(({ localId, code }) => [localId, code])).toEqual([[made, 'FIELD_NOT_WRITTEN_Customer_Name__c']]);
  });

  it('may lack a value of its list', async () => {
    await stage.setState(id, { status: 'returned' });
    await stage.editRegistration(id, { estimatedValue: '31000.00' });
    await stage.push('registration');
    expect(await rowOf(id)).toMatchObject({ Status__c: 'submitted', Estimated_Value__c: 31000 });
    expect((await told()).map(({ message }) => message)).toEqual(['Status__c has a value here that is not in the CRM’s list']);
  });

  it.each([
    ['may not be written', { updateable: false }, /may not be written by the integration user/],
    ['is of another type', { type: 'text' }, /is of type text in the CRM; expected date/],
  ] as const)('%s: nothing is lost, and it is written when that was mended and somebody retries', async (_what, as, message) => {
    const worker = described('Expected_Close_Date__c', as);
    await stage.editRegistration(id, { estimatedValue: '31000.00', expectedCloseDate: '2027-06-30' });
    await stage.settle(worker);
    expect(await rowOf(id)).toMatchObject({ Expected_Close_Date__c: '2027-03-31', Estimated_Value__c: 31000 });
    expect((await stage.registration(id)).expectedCloseDate).toBe('2027-06-30');
    const [issue, ...others] = await told();
    expect(others).toEqual([]);
    expect(issue?.message).toMatch(message);

    await stage.db.transaction().execute(async (trx) => {
      await setIssueStatus(trx, issue?.id ?? '', 'resolved', stage.deps.now());
      await queuePush(trx, ['salesforce'], 'registration', [id]);
    });
    await stage.settle();
    expect(await told()).toEqual([]);
    expect(await stage.differences()).toEqual([]);
  });

  it('costs no write where nothing else changed', async () => {
    const worker = described('Expected_Close_Date__c', { updateable: false });
    await stage.editRegistration(id, { expectedCloseDate: '2027-06-30' });
    const { writes } = await stage.callsDuring(() => stage.push('registration', worker));
    expect(writes).toBe(0);
    expect(await told()).toHaveLength(1);
  });

  it('costs no description while all fits', async () => {
    let asked = 0;
    const counting = stage.workerOn((port: CrmPort) => ({
      describe: (object, when = 'now') => {
        if (when === 'now') asked += 1;
        return port.describe(object, when);
      },
    }));
    // The first look at each kind of record.
    await stage.cycle(counting);
    asked = 0;
    await stage.editRegistration(id, { estimatedValue: '31000.00' });
    await stage.settle(counting);
    expect(asked).toBe(0);
    expect(await stage.differences()).toEqual([]);
  });
});
