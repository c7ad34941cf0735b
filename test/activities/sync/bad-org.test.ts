import { deployPackage } from '../../../crm/salesforce/metadata/deploy.ts';
import { packSourceProject } from '../../../crm/salesforce/metadata/source-package.ts';
import type { SyncActivities } from '../../../activities/contract.ts';
import { readConnection, setConnectionState } from '../../../store/connection.ts';
import { connect, deployBy, metadataFile, zipOf } from '../../sandbox/salesforce/metadata/packaged.ts';
import { openSyncStage, type SyncStage } from '../../support/sync-stage.ts';

jest.setTimeout(90_000);

const OBJECT = 'Deal_Registration__c';

/** A worker of `stage` that has just started, `minutes` from now. */
function startedWorker(stage: SyncStage, minutes: () => number): SyncActivities {
  const [connection] = stage.deps.connections.values();
  if (connection === undefined) throw new Error('the stage has no connection');
  return stage.workerWith({
    connections: new Map([['salesforce', { ...connection, port: { ...connection.port } }]]),
    now: () => new Date(Date.now() + minutes() * 60_000).toISOString(),
  });
}

async function ask(stage: SyncStage, method: string, path: string, body?: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${stage.urls.crm}/services/data/v66.0${path}`, {
    method,
    headers: { authorization: 'Bearer 00D000000000001!integration', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}

describe('an org without the objects', () => {
  let stage: SyncStage;
  beforeAll(async () => {
    stage = await openSyncStage(null);
  });
  beforeEach(() => stage.reset());
  afterAll(() => stage.close());

  it('has each kind of record told that lacks something, the others go on, and everything is written once when it was provisioned', async () => {
    let minutes = 0;
    const worker = startedWorker(stage, () => minutes);
    const partner = await stage.addPartner();
    const id = await stage.addRegistration(partner);
    const customer = await stage.rep.create('Account', { Name: 'Northwind' });
    await stage.cycle(worker);
    await stage.pull('account', worker);
    expect(await worker.pullPage('salesforce', 'user')).toMatchObject({ state: 'running' });
    expect(await worker.pullPage('salesforce', 'registration')).toMatchObject({ state: 'parked', reason: 'CRM_FIELD_UNKNOWN' });
    const issues = (await stage.issues()).toSorted((a, b) => a.objectType.localeCompare(b.objectType));
    expect(issues).toMatchObject([
      { objectType: 'account', code: 'TYPE_NOT_SET_UP', message: expect.stringContaining('Account has no such field') },
      {
        objectType: 'partner',
        code: 'TYPE_NOT_SET_UP',
        message: expect.stringContaining('Account.Partner_Id__c Account has no such field'),
      },
      {
        objectType: 'registration',
        code: 'TYPE_NOT_SET_UP',
        message: 'No registrations on this connection: Deal_Registration__c is no object of this CRM, or the user may not see it.',
        remedy: 'Deploy the shipped objects with `provision`, and give the integration user the shipped permission set.',
      },
    ]);

    const config = {
      connection: 'salesforce',
      instanceUrl: stage.urls.crm,
      auth: { kind: 'token', accessToken: '00D000000000001!integration' },
      apiVersion: '66.0',
      requestTimeoutMs: 10_000,
    } as const;
    const { zip } = packSourceProject('crm/salesforce');
    expect(await deployPackage(config, null, zip, { checkOnly: false, onProgress: () => undefined })).toMatchObject({ isDeployed: true });
    const idOf = async (soql: string) =>
      ((await ask(stage, 'GET', `/query?q=${encodeURIComponent(soql)}`))['records'] as { Id: string }[])[0]?.Id;
    for (const [alias, name] of [
      ['integration', 'Dealkeeper_Integration'],
      ['rep', 'Dealkeeper_Rep'],
    ] as const)
      await ask(stage, 'POST', '/sobjects/PermissionSetAssignment', {
        AssigneeId: await idOf(`SELECT Id FROM User WHERE Alias = '${alias}'`),
        PermissionSetId: await idOf(`SELECT Id FROM PermissionSet WHERE Name = '${name}'`),
      });
    minutes = 10;
    await stage.settle(worker);
    await stage.pull('account', worker);
    const mirrored = await stage.db.selectFrom('crm_account').select('remote_id').execute();
    expect(mirrored.map(({ remote_id: remoteId }) => remoteId)).toContain(customer);
    expect(await stage.issues()).toEqual([]);
    expect(await stage.differences()).toEqual([]);
    expect(await stage.rep.query(`SELECT Registration_Id__c FROM ${OBJECT}`)).toMatchObject([{ Registration_Id__c: id }]);
  });
});

describe('an org in which somebody renamed a field while we worked', () => {
  let stage: SyncStage;
  let id = '';
  beforeAll(async () => {
    stage = await openSyncStage();
  });
  beforeEach(async () => {
    await stage.reset();
    [id = ''] = await stage.settledRegistrations(1);
  });
  afterAll(() => stage.close());

  it('says which is missing, carries everything else, and loses nothing of what was done meanwhile', async () => {
    let minutes = 0;
    const worker = startedWorker(stage, () => minutes);
    await stage.cycle(worker);
    const destructive = metadataFile('Package', `<types><members>${OBJECT}.Customer_Domain__c</members><name>CustomField</name></types>`);
    const renamed = '<fields><fullName>Customer_Site__c</fullName><label>Site</label><length>255</length><type>Text</type></fields>';
    const change = zipOf(
      { CustomField: [`${OBJECT}.Customer_Site__c`] },
      { [`objects/${OBJECT}.object`]: metadataFile('CustomObject', renamed), 'destructiveChangesPost.xml': destructive },
    );
    expect(await deployBy(connect(stage.urls.crm), change)).toMatchObject({ success: true });
    const remoteId = await stage.remoteId('registration', id);
    await stage.editRegistration(id, { estimatedValue: '31000.00' });
    await stage.rep.edit('registration', remoteId, { Expected_Close_Date__c: '2027-06-30' });
    // The first call finds out, and the next look says which.
    await expect(worker.pullPage('salesforce', 'registration')).rejects.toMatchObject({ type: 'CRM_FIELD_UNKNOWN', nonRetryable: true });
    expect(await worker.pullPage('salesforce', 'registration')).toMatchObject({ state: 'parked', reason: 'CRM_FIELD_UNKNOWN' });
    const partner = await stage.addPartner({ name: 'Borealis' });
    await stage.push('partner', worker);
    expect(await stage.link('partner', partner)).toBeDefined();
    expect(await stage.issues()).toMatchObject([
      {
        objectType: 'registration',
        code: 'TYPE_NOT_SET_UP',
        message: expect.stringContaining(`${OBJECT}.Customer_Domain__c ${OBJECT} has no such field, or the user may not see it`),
        remedy: expect.stringMatching(/^Deploy the shipped objects again/),
      },
    ]);

    const field =
      '<fields><fullName>Customer_Domain__c</fullName><label>Customer Domain</label><length>255</length><type>Text</type></fields>';
    const back = zipOf(
      { CustomField: [`${OBJECT}.Customer_Domain__c`] },
      { [`objects/${OBJECT}.object`]: metadataFile('CustomObject', field) },
    );
    expect(await deployBy(connect(stage.urls.crm), back)).toMatchObject({ success: true });
    minutes = 10;
    await stage.settle(worker);
    expect(await stage.issues()).toEqual([]);
    expect(await stage.differences()).toEqual([]);
    const { estimatedValue, expectedCloseDate } = await stage.registration(id);
    expect([estimatedValue.amount, expectedCloseDate]).toEqual(['31000.00', '2027-06-30']);
    // What is ours comes back into the emptied field.
    expect(await stage.rep.row('registration', remoteId)).toMatchObject({ Customer_Domain__c: 'northwind.example' });
  });
});

describe('wrong credentials', () => {
  let stage: SyncStage;
  let id = '';
  beforeAll(async () => {
    stage = await openSyncStage();
  });
  beforeEach(async () => {
    await stage.reset();
    [id = ''] = await stage.settledRegistrations(1);
    await stage.control('apps', { apps: [{ clientId: 'app', clientSecret: 'right', runAs: 'integration' }] });
  });
  afterAll(() => stage.close());

  const workerWithSecret = async (clientSecret: string): Promise<SyncActivities> => {
    const port = await stage.connect({ auth: { kind: 'client_credentials', clientId: 'app', clientSecret } });
    return stage.workerOn(() => port);
  };

  it('park the connection with the org’s words and a remedy; what was done meanwhile is carried once when they are right', async () => {
    const wrong = await workerWithSecret('wrong');
    await stage.editRegistration(id, { estimatedValue: '31000.00' });
    const made = await stage.addRegistration((await stage.registration(id)).partnerId);
    for (const attempt of [() => wrong.pullPage('salesforce', 'registration'), () => wrong.pushBatch('salesforce', 'registration')]) {
      await expect(attempt()).rejects.toMatchObject({
        type: 'CRM_AUTH_FAILED',
        nonRetryable: true,
        message: expect.stringContaining('invalid_client'),
      });
    }
    await wrong.parkConnection('salesforce', 'CRM_AUTH_FAILED');
    expect(await readConnection(stage.db, 'salesforce')).toMatchObject({ state: 'parked', reason: 'CRM_AUTH_FAILED' });
    // Work of our own goes on, and waits to be written.
    await stage.editRegistration(made, { estimatedValue: '12000.00' });
    await stage.rep.edit('registration', await stage.remoteId('registration', id), { Expected_Close_Date__c: '2027-06-30' });

    await setConnectionState(stage.db, 'salesforce', 'running', null, stage.deps.now());
    await stage.settle(await workerWithSecret('right'));
    expect(await stage.issues()).toEqual([]);
    expect(await stage.differences()).toEqual([]);
    expect(await stage.rep.query(`SELECT Id FROM ${OBJECT}`)).toHaveLength(2);
    expect((await stage.registration(id)).expectedCloseDate).toBe('2027-06-30');
  });
});
