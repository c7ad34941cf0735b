import type { SyncActivities } from '../../../activities/contract.ts';
import { openSyncStage, type SyncStage } from '../../support/sync-stage.ts';

jest.setTimeout(60_000);

const DATA = '/services/data/v66.0';

describe('a right to an object that the integration user lacks', () => {
  let stage: SyncStage;
  let linked = '';
  let minutes = 0;

  beforeAll(async () => {
    stage = await openSyncStage();
  });
  beforeEach(async () => {
    await stage.reset();
    [linked = ''] = await stage.settledRegistrations(1);
    minutes = 0;
  });
  afterAll(() => stage.close());

  const call = async (method: string, path: string, body?: object, as = 'admin'): Promise<unknown> => {
    const response = await fetch(`${stage.urls.crm}${DATA}${path}`, {
      method,
      headers: { authorization: `Bearer 00D000000000001!${as}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  };
  const idOf = async (soql: string, as?: string): Promise<string> => {
    const { records } = (await call('GET', `/query?q=${encodeURIComponent(soql)}`, undefined, as)) as { records: { Id: string }[] };
    return records[0]?.Id ?? '';
  };

  /** The user has the shipped permission set and nothing else; an administrator is there who can change that. */
  async function leaveShippedSet(): Promise<void> {
    const profileId = (name: string) => idOf(`SELECT Id FROM Profile WHERE Name = '${name}'`, 'integration');
    const [administrator, minimum] = [await profileId('System Administrator'), await profileId('Minimum Access - Salesforce')];
    const address = 'admin@acme.example';
    const fields = { Username: address, Email: address, Alias: 'admin', LastName: 'admin', ProfileId: administrator };
    await call('POST', '/sobjects/User', fields, 'integration');
    const user = await idOf("SELECT Id FROM User WHERE Alias = 'integration'");
    await call('PATCH', `/sobjects/User/${user}`, { ProfileId: minimum });
  }
  const setRights = async (rights: Readonly<Record<string, boolean>>): Promise<void> => {
    const set = "Parent.Name = 'Dealkeeper_Integration' AND SobjectType = 'Deal_Registration__c'";
    await call('PATCH', `/sobjects/ObjectPermissions/${await idOf(`SELECT Id FROM ObjectPermissions WHERE ${set}`)}`, rights);
  };
  const startWorker = (): SyncActivities => {
    const [connection] = stage.deps.connections.values();
    if (connection === undefined) throw new Error('the stage has no connection');
    return stage.workerWith({
      connections: new Map([['salesforce', { ...connection, port: { ...connection.port } }]]),
      now: () => new Date(Date.now() + minutes * 60_000).toISOString(),
    });
  };
  const add = async (): Promise<string> => stage.addRegistration((await stage.registration(linked)).partnerId);

  it.each([
    [
      'make',
      { PermissionsCreate: false },
      'CRM_CREATE_DENIED',
      /entity type cannot be inserted/,
      /^Let the integration user create records/,
    ],
    [
      'change',
      { PermissionsEdit: false, PermissionsDelete: false, PermissionsModifyAllRecords: false },
      'CRM_PERMISSION_DENIED',
      /insufficient access rights/,
      /^Give the integration user access/,
    ],
  ] as const)(
    'to %s records is told as that with its remedy, all else goes on, and what waited is written once it is given',
    async (right, taken, code, words, remedy) => {
      await leaveShippedSet();
      await setRights(taken);
      const worker = startWorker();
      await stage.editRegistration(linked, { estimatedValue: '31000.00' });
      const made = await add();
      const [waits, goes] = right === 'make' ? [made, linked] : [linked, made];
      expect(await worker.pullPage('salesforce', 'registration')).toMatchObject({ state: 'running' });
      expect(await stage.push('registration', worker)).toEqual({ written: 1, refused: 1 });
      expect((await stage.issues()).toSorted((a, b) => (a.localId ?? '').localeCompare(b.localId ?? ''))).toMatchObject([
        {
          localId: null,
          category: 'permission',
          code: 'FIELDS_DO_NOT_FIT',
          message: `Of registrations not everything can be written: Deal_Registration__c records cannot be ${right === 'make' ? 'made' : 'changed'} by the user.`,
          remedy: expect.stringMatching(/shipped permission set/),
        },
        { localId: waits, category: 'permission', code, message: expect.stringMatching(words), remedy: expect.stringMatching(remedy) },
      ]);
      expect(await stage.link('registration', goes)).toBeDefined();

      await setRights(Object.fromEntries(Object.keys(taken).map((name) => [name, true])));
      minutes = 10;
      await worker.pullPage('salesforce', 'registration');
      await stage.settle(worker);
      expect(await stage.issues()).toEqual([]);
      expect(await stage.differences()).toEqual([]);
      expect(await stage.rep.query('SELECT Id FROM Deal_Registration__c')).toHaveLength(2);
    },
  );
});
