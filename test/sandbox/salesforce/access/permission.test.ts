import { bearer, openOrg } from '../opened-org.ts';
import type { OpenedOrg } from '../opened-org.ts';
import { addSet, addUser, assign, setIdOf } from './minimal-user.ts';
import type { AddedUser } from './minimal-user.ts';

const DEAL = '/sobjects/Deal_Registration__c';
const UNABLE =
  'Unable to create/update fields: Status__c. Please check the security settings of this field and verify that it is read/write for your profile or permission set.';

let org: OpenedOrg;
beforeAll(async () => void (org = await openOrg()));
beforeEach(() => org.reset());
afterAll(() => org.close());

const as = (user: Pick<AddedUser, 'alias'>) => bearer(user.alias);
const soqlAs = async (user: AddedUser, soql: string) => org.call('GET', `/query?q=${encodeURIComponent(soql)}`, undefined, as(user));
const describeAs = async (user: AddedUser, object: string) => org.call('GET', `/sobjects/${object}/describe`, undefined, as(user));
const deal = async (fields: object = {}): Promise<string> => (await org.call('POST', DEAL, fields)).body.id;

describe('a user without permissions', () => {
  it('may not use the API at all', async () => {
    const user = await addUser(org, 'nobody');
    expect(await describeAs(user, 'User')).toMatchObject({
      status: 403,
      body: [{ errorCode: 'API_DISABLED_FOR_ORG', message: 'The REST API is not enabled for this Organization.' }],
    });
  });

  it('sees neither the objects nor the rows that nothing gives it, by whatever way it asks', async () => {
    const id = await deal();
    await addSet(org, 'Api', 'Account', ['Read']);
    const user = await addUser(org, 'narrow');
    await assign(org, user, 'Api');
    expect((await describeAs(user, 'Deal_Registration__c')).status).toBe(404);
    expect((await org.call('GET', `${DEAL}/${id}`, undefined, as(user))).status).toBe(404);
    const listed = (await org.call('GET', '/sobjects', undefined, as(user))).body.sobjects.map((each: { name: string }) => each.name);
    expect(listed).toContain('Account');
    expect(listed).not.toContain('Deal_Registration__c');
    expect(listed).not.toContain('Deal_Registration__History');
    expect(listed).not.toContain('PermissionSet');
    const refused = await soqlAs(user, 'SELECT Id FROM Deal_Registration__c');
    expect(refused.body[0].errorCode).toBe('INVALID_TYPE');
    expect(refused.body[0].message).toContain("sObject type 'Deal_Registration__c' is not supported.");
    expect((await org.call('POST', '/jobs/ingest', { object: 'Deal_Registration__c', operation: 'insert' }, as(user))).body).toMatchObject([
      { errorCode: 'INVALIDENTITY' },
    ]);
  });
});

describe('object permissions', () => {
  it.each([
    ['POST', ['Read'], 400, 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', 'entity type cannot be inserted: Account'],
    ['PATCH', ['Read', 'Create'], 403, 'INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id'],
    ['DELETE', ['Read', 'Edit'], 403, 'INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id'],
  ])('refuse %s to whoever has only %j, and let it through with the right', async (method, rights, status, errorCode, message) => {
    const { id } = (await org.call('POST', '/sobjects/Account', { Name: 'Globex' })).body;
    const user = await addUser(org, 'worker');
    await addSet(org, 'Without', 'Account', rights);
    await assign(org, user, 'Without');
    const path = method === 'POST' ? '/sobjects/Account' : `/sobjects/Account/${id}`;
    const attempt = () => org.call(method, path, method === 'DELETE' ? undefined : { Name: 'Initech' }, as(user));
    expect(await attempt()).toMatchObject({ status, body: [{ errorCode, message, fields: [] }] });
    await addSet(org, 'With', 'Account', ['Read', 'Create', 'Edit', 'Delete']);
    await assign(org, user, 'With');
    expect((await attempt()).status).toBe(method === 'POST' ? 201 : 204);
  });

  it('are told by describe to each user for itself', async () => {
    const user = await addUser(org, 'reader');
    await addSet(org, 'Reader', 'Account', ['Read'], { Website: 'read' });
    await assign(org, user, 'Reader');
    const described = (await describeAs(user, 'Account')).body;
    expect(described).toMatchObject({ queryable: true, createable: false, updateable: false, deletable: false });
    const names = described.fields.map((field: { name: string }) => field.name);
    expect(names).toEqual(expect.arrayContaining(['Id', 'Name', 'OwnerId', 'Website', 'SystemModstamp']));
    expect(names).not.toContain('Phone');
    expect(described.childRelationships.map((each: { childSObject: string }) => each.childSObject)).not.toContain('Opportunity');
    expect((await org.call('GET', '/sobjects/Account/describe')).body).toMatchObject({ createable: true, deletable: true });
  });

  it('refuse a collection row by row, with the code of each', async () => {
    const user = await addUser(org, 'creator');
    await addSet(org, 'Creator', 'Account', ['Read', 'Create']);
    await assign(org, user, 'Creator');
    const { id } = (await org.call('POST', '/sobjects/Account', { Name: 'Globex' })).body;
    const attributes = { type: 'Account' };
    const created = await org.call(
      'POST',
      '/composite/sobjects',
      {
        records: [
          { attributes, Name: 'A' },
          { attributes, Name: 'B', Phone: '1' },
        ],
      },
      as(user),
    );
    expect(created.body).toMatchObject([
      { success: true },
      { success: false, errors: [{ statusCode: 'INVALID_FIELD', message: "No such column 'Phone' on sobject of type Account" }] },
    ]);
    const changed = await org.call('PATCH', '/composite/sobjects', { records: [{ attributes, id, Name: 'C' }] }, as(user));
    expect(changed.body).toMatchObject([{ errors: [{ statusCode: 'INSUFFICIENT_ACCESS_OR_READONLY' }] }]);
    const removed = await org.call('DELETE', `/composite/sobjects?ids=${id}`, undefined, as(user));
    expect(removed.body).toMatchObject([{ errors: [{ statusCode: 'INSUFFICIENT_ACCESS_OR_READONLY' }] }]);
  });

  it('of View All Data show every object, and of Modify All Data open them, whatever else is given', async () => {
    const user = await addUser(org, 'auditor');
    await org.call('POST', '/sobjects/PermissionSet', {
      Name: 'Sees',
      Label: 'Sees',
      PermissionsApiEnabled: true,
      PermissionsViewAllData: true,
    });
    await assign(org, user, 'Sees');
    expect((await describeAs(user, 'Lead')).body).toMatchObject({ createable: false, updateable: false });
    await org.call('PATCH', `/sobjects/PermissionSet/${await setIdOf(org, 'Sees')}`, { PermissionsModifyAllData: true });
    expect((await describeAs(user, 'Lead')).body).toMatchObject({ createable: true, updateable: true, deletable: true });
  });
});

describe('field-level security', () => {
  const rep = { id: '', alias: 'rep' };

  it('lets a rep with the shipped permission set read the status and not write it', async () => {
    await org.control('access', { newFields: 'nobody' });
    const id = await deal({ Status__c: 'submitted', Requested_Decision__c: null });
    expect((await org.call('GET', `${DEAL}/${id}`, undefined, bearer('rep'))).body.Status__c).toBe('submitted');
    expect(await org.call('PATCH', `${DEAL}/${id}`, { Status__c: 'approved' }, bearer('rep'))).toMatchObject({
      status: 400,
      body: [{ errorCode: 'INVALID_FIELD_FOR_INSERT_UPDATE', message: UNABLE, fields: ['Status__c'] }],
    });
    expect((await org.call('PATCH', `${DEAL}/${id}`, { Requested_Decision__c: 'approve' }, bearer('rep'))).status).toBe(204);
    const fields = (await describeAs(rep, 'Deal_Registration__c')).body.fields as {
      name: string;
      updateable: boolean;
      createable: boolean;
    }[];
    expect(fields.find((each) => each.name === 'Status__c')).toMatchObject({ createable: false, updateable: false });
    expect(fields.find((each) => each.name === 'Requested_Decision__c')).toMatchObject({ createable: true, updateable: true });
  });

  it('hides a field from queries, rows, writes and filters alike', async () => {
    const id = await deal({ Sync_Note__c: 'secret' });
    const user = await addUser(org, 'blind');
    await addSet(org, 'Blind', 'Deal_Registration__c', ['Read', 'Create', 'Edit'], { Status__c: 'read' });
    await assign(org, user, 'Blind');
    for (const soql of [
      'SELECT Sync_Note__c FROM Deal_Registration__c',
      "SELECT Id FROM Deal_Registration__c WHERE Sync_Note__c = 'secret'",
      'SELECT Id FROM Deal_Registration__c ORDER BY Sync_Note__c',
    ]) {
      const [refused] = (await soqlAs(user, soql)).body;
      expect(refused.errorCode).toBe('INVALID_FIELD');
      expect(refused.message).toContain("No such column 'Sync_Note__c' on entity 'Deal_Registration__c'.");
    }
    const row = (await org.call('GET', `${DEAL}/${id}`, undefined, as(user))).body;
    expect(row).toMatchObject({ Status__c: null });
    expect(row).not.toHaveProperty('Sync_Note__c');
    const all = (await soqlAs(user, 'SELECT FIELDS(ALL) FROM Deal_Registration__c LIMIT 5')).body.records[0];
    expect(all).toHaveProperty('Status__c');
    expect(all).not.toHaveProperty('Sync_Note__c');
    expect((await org.call('PATCH', `${DEAL}/${id}`, { Sync_Note__c: 'x' }, as(user))).body).toMatchObject([
      { errorCode: 'INVALID_FIELD', message: "No such column 'Sync_Note__c' on sobject of type Deal_Registration__c" },
    ]);
  });

  it('hides fields that it names by an address as a whole', async () => {
    const user = await addUser(org, 'local');
    await addSet(org, 'Address', 'Account', ['Read'], { BillingAddress: 'read' });
    await assign(org, user, 'Address');
    const names = (await describeAs(user, 'Account')).body.fields.map((field: { name: string }) => field.name);
    expect(names).toEqual(expect.arrayContaining(['BillingStreet', 'BillingCountry']));
    expect(names).not.toContain('ShippingCountry');
  });

  it('refuses a column of a bulk job that the user does not see, and gives bulk queries without it', async () => {
    const user = await addUser(org, 'loader');
    await addSet(org, 'Loader', 'Account', ['Read', 'Create'], { Website: 'edit' });
    await assign(org, user, 'Loader');
    const job = (await org.call('POST', '/jobs/ingest', { object: 'Account', operation: 'insert' }, as(user))).body;
    await org.call('PUT', `/jobs/ingest/${job.id}/batches`, 'Name,Phone\nGlobex,1\n', { ...as(user), 'content-type': 'text/csv' });
    await org.call('PATCH', `/jobs/ingest/${job.id}`, { state: 'UploadComplete' }, as(user));
    const ended = async () => (await org.call('GET', `/jobs/ingest/${job.id}`, undefined, as(user))).body;
    let state = await ended();
    for (let turns = 0; state.state !== 'Failed' && turns < 100; turns += 1) state = await ended();
    expect(state).toMatchObject({ state: 'Failed', errorMessage: 'InvalidBatch : Field name not found : Phone' });
    const refused = await org.call('POST', '/jobs/query', { operation: 'query', query: 'SELECT Phone FROM Account' }, as(user));
    expect(refused.status).toBe(400);
  });

  it('lets no record be hung on one that the user does not see', async () => {
    const { id: account } = (await org.call('POST', '/sobjects/Account', { Name: 'Globex' })).body;
    const user = await addUser(org, 'hanger');
    await addSet(org, 'Hanger', 'Deal_Registration__c', ['Read', 'Create'], { Partner__c: 'edit' });
    await assign(org, user, 'Hanger');
    expect(await org.call('POST', DEAL, { Partner__c: account }, as(user))).toMatchObject({
      status: 400,
      body: [
        {
          errorCode: 'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY',
          message: `insufficient access rights on cross-reference id: ${String(account).slice(0, 15)}`,
        },
      ],
    });
  });
});

describe('permission sets and their assignment', () => {
  it('come from what is shipped, and the sample users have theirs', async () => {
    const rows = await org.query('SELECT Assignee.Alias, PermissionSet.Name FROM PermissionSetAssignment ORDER BY Assignee.Alias');
    expect(rows.map((row) => [(row['Assignee'] as { Alias: string }).Alias, (row['PermissionSet'] as { Name: string }).Name])).toEqual([
      ['director', 'Dealkeeper_Approver'],
      ['integration', 'Dealkeeper_Integration'],
      ['manager', 'Dealkeeper_Approver'],
      ['rep', 'Dealkeeper_Rep'],
      ['rep2', 'Dealkeeper_Rep'],
      ['vp', 'Dealkeeper_Approver'],
    ]);
    expect(
      await org.query(
        "SELECT PermissionsRead, PermissionsEdit FROM FieldPermissions WHERE Parent.Name = 'Dealkeeper_Rep' AND Field = 'Deal_Registration__c.Status__c'",
      ),
    ).toMatchObject([{ PermissionsRead: true, PermissionsEdit: false }]);
    expect(
      await org.query(
        "SELECT PermissionsModifyAllRecords FROM ObjectPermissions WHERE Parent.Name = 'Dealkeeper_Integration' AND SobjectType = 'Deal_Registration__c'",
      ),
    ).toMatchObject([{ PermissionsModifyAllRecords: true }]);
  });

  it('take effect with the next call, and end with the assignment', async () => {
    const user = await addUser(org, 'temp');
    await addSet(org, 'Base', 'Account', ['Read']);
    await assign(org, user, 'Base');
    expect((await describeAs(user, 'Deal_Registration__c')).status).toBe(404);
    const assignment = await assign(org, user, 'Dealkeeper_Rep');
    expect((await describeAs(user, 'Deal_Registration__c')).status).toBe(200);
    expect((await org.call('DELETE', `/sobjects/PermissionSetAssignment/${assignment}`)).status).toBe(204);
    expect((await describeAs(user, 'Deal_Registration__c')).status).toBe(404);
  });

  it('are given once, only of what there is, and with what a right needs', async () => {
    const user = await addUser(org, 'twice');
    await assign(org, user, 'Dealkeeper_Rep');
    const body = { AssigneeId: user.id, PermissionSetId: await setIdOf(org, 'Dealkeeper_Rep') };
    const again = await org.call('POST', '/sobjects/PermissionSetAssignment', body);
    expect(again).toMatchObject({ status: 400, body: [{ errorCode: 'DUPLICATE_VALUE' }] });
    expect(again.body[0].message).toMatch(/^Duplicate PermissionSetAssignment\./);
    const ParentId = body.PermissionSetId;
    const grant = (fields: object) =>
      org.call('POST', '/sobjects/FieldPermissions', { ParentId, SobjectType: 'Account', PermissionsRead: true, ...fields });
    expect((await grant({ Field: 'Account.Name' })).body[0].errorCode).toBe('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST');
    expect((await grant({ Field: 'Account.Phone', PermissionsRead: false, PermissionsEdit: true })).body[0].errorCode).toBe(
      'FIELD_INTEGRITY_EXCEPTION',
    );
    expect((await grant({ Field: 'Account.Phone' })).status).toBe(201);
    const edit = await org.call('POST', '/sobjects/ObjectPermissions', { ParentId, SobjectType: 'Lead', PermissionsEdit: true });
    expect(edit.body).toMatchObject([
      { errorCode: 'FIELD_INTEGRITY_EXCEPTION', message: 'Permission Edit Lead depends on permission(s): Read Lead' },
    ]);
  });

  it('are not for everybody to give, nor to see', async () => {
    const body = { AssigneeId: 'x', PermissionSetId: 'y' };
    expect((await org.call('POST', '/sobjects/PermissionSetAssignment', body, bearer('rep'))).status).toBe(404);
    const [refused] = (await soqlAs({ id: '', alias: 'rep' }, 'SELECT Id FROM PermissionSet')).body;
    expect(refused.errorCode).toBe('INVALID_TYPE');
  });

  it('move what describe was last changed at, so that nobody keeps an old one', async () => {
    const user = await addUser(org, 'cacher');
    await addSet(org, 'Cached', 'Account', ['Read']);
    await assign(org, user, 'Cached');
    const first = await describeAs(user, 'Account');
    const since = String(first.headers.get('last-modified'));
    await org.control('clock', { advanceMs: 60_000 });
    const ask = () => org.call('GET', '/sobjects/Account/describe', undefined, { ...as(user), 'if-modified-since': since });
    expect((await ask()).status).toBe(304);
    await assign(org, user, 'Dealkeeper_Rep');
    expect((await ask()).status).toBe(200);
  });
});

describe('an org in which nothing was deployed', () => {
  let bare: OpenedOrg;
  beforeAll(async () => void (bare = await openOrg({ metadataRoot: null })));
  afterAll(() => bare.close());

  it('lets an administrator deploy and nobody else', async () => {
    const envelope = (alias: string) =>
      `<env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/"><env:Header><SessionHeader xmlns="http://soap.sforce.com/2006/04/metadata"><sessionId>00D000000000001!${alias}</sessionId></SessionHeader></env:Header><env:Body><describeMetadata xmlns="http://soap.sforce.com/2006/04/metadata"><asOfVersion>66.0</asOfVersion></describeMetadata></env:Body></env:Envelope>`;
    const ask = (alias: string) =>
      bare.call('POST', '/services/Soap/m/66.0', envelope(alias), { 'content-type': 'text/xml', soapaction: '""' });
    expect((await ask('integration')).status).toBe(200);
    const refused = await ask('rep');
    expect(refused.status).toBe(500);
    expect(refused.body).toContain('use of the Metadata API requires a user with the ModifyAllData or ModifyMetadata permissions');
  });
});
