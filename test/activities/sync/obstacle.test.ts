import type { RemoteObjectDefinition } from '../../../crm/port.ts';
import { CrmFailure } from '../../../crm/failures.ts';
import { setIssueStatus } from '../../../store/sync-issue.ts';
import { openSyncStage, type SyncStage } from '../../support/sync-stage.ts';

jest.setTimeout(60_000);

describe('an org that is not as the mapping needs it', () => {
  let stage: SyncStage;
  let id = '';
  let minutes = 0;

  beforeAll(async () => {
    stage = await openSyncStage();
  });
  beforeEach(async () => {
    await stage.reset();
    [id = ''] = await stage.settledRegistrations(1);
    minutes = 0;
  });
  afterAll(() => stage.close());

  /** A worker that has just started, whose org describes registrations as `change` says. */
  function startedOn(change: (definition: RemoteObjectDefinition) => RemoteObjectDefinition) {
    const [connection] = stage.deps.connections.values();
    if (connection === undefined) throw new Error('the stage has no connection');
    const { port } = connection;
    const describe: typeof port.describe = async (object, when) => {
      const definition = await port.describe(object, when);
      return object === 'Deal_Registration__c' ? change(definition) : definition;
    };
    return stage.workerWith({
      connections: new Map([['salesforce', { ...connection, port: { ...port, describe } }]]),
      now: () => new Date(Date.now() + minutes * 60_000).toISOString(),
    });
  }
  const without = (name: string) => (definition: RemoteObjectDefinition) => ({
    ...definition,
    fields: definition.fields.filter((field) => field.name !== name),
  });
  const readOnly = (name: string) => (definition: RemoteObjectDefinition) => ({
    ...definition,
    fields: definition.fields.map((field) => (field.name === name ? { ...field, updateable: false } : field)),
  });
  const gone = (): never => {
    throw new CrmFailure('CRM_FIELD_UNKNOWN', 'sObject type is not supported');
  };

  it.each([
    [
      'a field that is read',
      without('Status__c'),
      'No registrations on this connection: Deal_Registration__c.Status__c Deal_Registration__c has no such field',
    ],
    ['the object', gone, 'No registrations on this connection: Deal_Registration__c is no object of this CRM'],
  ] as const)('lets the type wait that lacks %s, says so with a remedy, and carries all others', async (_what, change, message) => {
    const worker = startedOn(change);
    await stage.editRegistration(id, { estimatedValue: '31000.00' });
    expect(await worker.pullPage('salesforce', 'registration')).toMatchObject({ state: 'parked', reason: 'CRM_FIELD_UNKNOWN' });
    expect(await stage.push('registration', worker)).toEqual({ written: 0, refused: 0 });
    expect(await worker.pullPage('salesforce', 'partner')).toMatchObject({ state: 'running' });
    expect(await stage.issues()).toMatchObject([
      {
        objectType: 'registration',
        localId: null,
        category: 'mapping',
        code: 'TYPE_NOT_SET_UP',
        message: expect.stringContaining(message),
        remedy: expect.stringMatching(/^Deploy .*\.$/),
      },
    ]);
  });

  it('loses nothing: it goes on when the field is there', async () => {
    let change: (definition: RemoteObjectDefinition) => RemoteObjectDefinition = without('Status__c');
    const worker = startedOn((definition) => change(definition));
    await worker.pullPage('salesforce', 'registration');
    await stage.editRegistration(id, { estimatedValue: '31000.00' });
    await stage.rep.edit('registration', await stage.remoteId('registration', id), { Expected_Close_Date__c: '2027-06-30' });
    change = (definition) => definition;
    minutes = 10;
    await stage.settle(worker);
    expect(await stage.issues()).toEqual([]);
    expect(await stage.differences()).toEqual([]);
    expect((await stage.registration(id)).expectedCloseDate).toBe('2027-06-30');
  });

  it('carries a type of which a field cannot be written, tells it once, and writes what stayed behind when it can', async () => {
    let change: (definition: RemoteObjectDefinition) => RemoteObjectDefinition = readOnly('Expected_Close_Date__c');
    const worker = startedOn((definition) => change(definition));
    await stage.editRegistration(id, { estimatedValue: '31000.00', expectedCloseDate: '2027-06-30' });
    await stage.settle(worker);
    expect((await stage.issues()).map(({ code, localId }) => [code, localId])).toEqual([
      ['FIELDS_DO_NOT_FIT', null],
      ['FIELD_NOT_WRITTEN_Expected_Close_Date__c', id],
    ]);
    expect((await stage.issues())[0]?.message).toBe(
      'Of registrations some fields cannot be written: Deal_Registration__c.Expected_Close_Date__c cannot be changed.',
    );

    change = (definition) => definition;
    minutes = 10;
    await worker.pullPage('salesforce', 'registration');
    await stage.settle(worker);
    expect(await stage.issues()).toEqual([]);
    expect(await stage.differences()).toEqual([]);
  });

  it('tells nothing more of fields whose issue somebody skipped', async () => {
    const worker = startedOn(readOnly('Expected_Close_Date__c'));
    await worker.pullPage('salesforce', 'registration');
    const [issue] = await stage.issues();
    await stage.db.transaction().execute((trx) => setIssueStatus(trx, issue?.id ?? '', 'skipped', stage.deps.now()));
    minutes = 10;
    expect(await worker.pullPage('salesforce', 'registration')).toMatchObject({ state: 'running' });
    expect(await stage.issues()).toEqual([]);
  });
});
