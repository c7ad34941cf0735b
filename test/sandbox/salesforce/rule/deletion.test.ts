import { openOrg, type OpenedOrg } from '../opened-org.ts';
import { connect, deployBy, metadataFile, zipOf } from '../metadata/packaged.ts';

// A deployment and what follows it take seconds on a busy machine.
jest.setTimeout(30_000);

let org: OpenedOrg;
beforeAll(async () => {
  org = await openOrg();
});
beforeEach(() => org.reset());
afterAll(() => org.close());

const add = async (object: string, fields: object): Promise<string> => (await org.call('POST', `/sobjects/${object}`, fields)).body.id;
const remove = (object: string, id: string) => org.call('DELETE', `/sobjects/${object}/${id}`);
const undelete = async (sobject: string, id: string): Promise<unknown> =>
  (await org.control('undelete', { sobject, ids: [id] })).body.results;

const lookup = (name: string, constraint: string) =>
  `<fields><fullName>${name}__c</fullName><deleteConstraint>${constraint}</deleteConstraint><label>${name}</label><referenceTo>Account</referenceTo><relationshipName>${name}s</relationshipName><type>Lookup</type></fields>`;
const deployVisit = () =>
  deployBy(
    connect(org.url),
    zipOf(
      { CustomObject: ['Visit__c'] },
      {
        'objects/Visit__c.object': metadataFile(
          'CustomObject',
          `<deploymentStatus>Deployed</deploymentStatus><label>Visit</label><pluralLabel>Visits</pluralLabel>
          <nameField><label>Visit Name</label><type>Text</type></nameField><sharingModel>ReadWrite</sharingModel>
          ${lookup('Host', 'Restrict')}${lookup('Payer', 'Cascade')}${lookup('Guest', 'SetNull')}`,
        ),
      },
    ),
  );

describe('the deletion of a parent', () => {
  it('is refused, takes its child along or empties the lookup, as the field says', async () => {
    expect(await deployVisit()).toMatchObject({ status: 'Succeeded' });
    const [host, payer, guest] = [
      await add('Account', { Name: 'Host' }),
      await add('Account', { Name: 'Payer' }),
      await add('Account', { Name: 'Guest' }),
    ];
    const id = await add('Visit__c', { Name: 'V1', Host__c: host, Payer__c: payer, Guest__c: guest });
    const refused = await remove('Account', host);
    const message = 'Your attempt to delete Host could not be completed because it is associated with the following visits.: V1';
    expect([refused.status, refused.body]).toEqual([400, [{ message, errorCode: 'DELETE_FAILED', fields: [] }]]);
    expect((await remove('Account', guest)).status).toBe(204);
    expect(await org.query('SELECT Guest__c, Host__c FROM Visit__c')).toMatchObject([{ Guest__c: null, Host__c: host }]);
    expect((await remove('Account', payer)).status).toBe(204);
    expect((await org.call('GET', `/sobjects/Visit__c/${id}`)).body).toMatchObject([{ errorCode: 'ENTITY_IS_DELETED' }]);
    expect((await remove('Account', host)).status).toBe(204);
  });

  it('is described by the child relationships', async () => {
    await deployVisit();
    const { childRelationships } = (await org.call('GET', '/sobjects/Account/describe')).body;
    const flags = (name: string) => {
      const { cascadeDelete, restrictedDelete } = childRelationships.find(
        (each: { relationshipName: string }) => each.relationshipName === name,
      );
      return [cascadeDelete, restrictedDelete];
    };
    expect([flags('Hosts__r'), flags('Payers__r'), flags('Guests__r'), flags('Contacts')]).toEqual([
      [false, true],
      [true, false],
      [false, false],
      [true, false],
    ]);
  });

  it('keeps nothing of what it did before it was refused', async () => {
    await deployVisit();
    const parent = await add('Account', { Name: 'P' });
    await add('Contact', { LastName: 'C', AccountId: parent });
    await add('Visit__c', { Name: 'V1', Host__c: parent, Guest__c: parent });
    await remove('Account', parent);
    expect(await org.query('SELECT Guest__c FROM Visit__c')).toMatchObject([{ Guest__c: parent }]);
    expect(await org.query('SELECT Id FROM Contact')).toHaveLength(1);
  });
});

describe('a record that is brought back', () => {
  it('brings its children and the lookups to it, of those that nobody filled since', async () => {
    const [gone, other] = [await add('Account', { Name: 'Gone' }), await add('Account', { Name: 'Other' })];
    const contact = await add('Contact', { LastName: 'C', AccountId: gone });
    const before = await add('Contact', { LastName: 'Before', AccountId: gone });
    const [kept, moved] = [
      await add('Deal_Registration__c', { Customer__c: gone, Partner__c: gone }),
      await add('Deal_Registration__c', { Customer__c: gone }),
    ];
    await remove('Contact', before);
    await remove('Account', gone);
    await org.call('PATCH', `/sobjects/Deal_Registration__c/${moved}`, { Customer__c: other });
    await org.control('clock', { advanceMs: 60_000 });
    expect(await undelete('Account', gone)).toEqual([{ id: gone, success: true }]);
    expect(await org.query('SELECT Id FROM Contact')).toMatchObject([{ Id: contact }]);
    expect(
      await org.query('SELECT Id, Customer__c, Partner__c, LastModifiedDate, SystemModstamp FROM Deal_Registration__c ORDER BY Id'),
    ).toMatchObject([
      // A system change: the stamp by which rows are polled moves, the other stays.
      {
        Id: kept,
        Customer__c: gone,
        Partner__c: gone,
        LastModifiedDate: '2026-03-02T09:00:00.000+0000',
        SystemModstamp: '2026-03-02T09:01:00.000+0000',
      },
      { Id: moved, Customer__c: other, Partner__c: null },
    ]);
  });

  it('that went with another cannot leave anything behind twice', async () => {
    const gone = await add('Account', { Name: 'Gone' });
    const contact = await add('Contact', { LastName: 'C', AccountId: gone });
    await remove('Account', gone);
    expect(await undelete('Contact', contact)).toEqual([{ id: contact, success: true }]);
    expect(await undelete('Account', gone)).toEqual([{ id: gone, success: true }]);
    expect(await org.query('SELECT AccountId FROM Contact')).toMatchObject([{ AccountId: gone }]);
  });
});
