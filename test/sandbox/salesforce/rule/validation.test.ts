import { bearer, openOrg, type OpenedOrg } from '../opened-org.ts';
import { connect, deployBy, metadataFile, zipOf } from '../metadata/packaged.ts';
import { deployRules } from './deployed-rule.ts';

const CODE = 'FIELD_CUSTOM_VALIDATION_EXCEPTION';
const NEGATIVE = 'The estimated value cannot be negative.';
const REASON = 'Say why: the partner reads it.';

// A deployment and what follows it take seconds on a busy machine.
jest.setTimeout(30_000);

let org: OpenedOrg;
beforeAll(async () => {
  org = await openOrg();
});
beforeEach(() => org.reset());
afterAll(() => org.close());

const add = async (object: string, fields: object): Promise<string> => (await org.call('POST', `/sobjects/${object}`, fields)).body.id;

describe('a validation rule that is shipped', () => {
  it('refuses a record with its message at its field, and lets it pass when it is mended', async () => {
    const refused = await org.call('POST', '/sobjects/Deal_Registration__c', { Estimated_Value__c: -1 });
    expect([refused.status, refused.body]).toEqual([400, [{ message: NEGATIVE, errorCode: CODE, fields: ['Estimated_Value__c'] }]]);
    expect(await org.query('SELECT Id FROM Deal_Registration__c')).toEqual([]);
    const id = await add('Deal_Registration__c', { Estimated_Value__c: 0 });
    const denied = { Requested_Decision__c: 'deny' };
    expect((await org.call('PATCH', `/sobjects/Deal_Registration__c/${id}`, denied)).body).toMatchObject([{ message: REASON }]);
    expect((await org.call('PATCH', `/sobjects/Deal_Registration__c/${id}`, { ...denied, Decision_Comment__c: 'Late' })).status).toBe(204);
    // A rule is asked of the whole record, whichever field is written.
    const emptied = await org.call('PATCH', `/sobjects/Deal_Registration__c/${id}`, { Decision_Comment__c: null });
    expect(emptied.body).toMatchObject([{ message: REASON, fields: ['Decision_Comment__c'] }]);
  });

  it('is told together with the others that are broken', async () => {
    const broken = { Estimated_Value__c: -1, Estimated_Currency__c: 'E', Requested_Decision__c: 'return' };
    const refused = await org.call('POST', '/sobjects/Deal_Registration__c', broken);
    expect(refused.body.map(({ fields }: { fields: string[] }) => fields[0])).toEqual([
      'Decision_Comment__c',
      'Estimated_Currency__c',
      'Estimated_Value__c',
    ]);
    const sent = connect(org.url).sobject('Deal_Registration__c').create(broken);
    await expect(sent).rejects.toMatchObject({ errorCode: 'MULTIPLE_API_ERRORS', data: { length: 3 } });
  });

  it('is asked by collections, upserts, composites, trees and bulk jobs, row by row', async () => {
    const [type, good, bad] = [{ type: 'Deal_Registration__c' }, { Estimated_Value__c: 1 }, { Estimated_Value__c: -1 }];
    const records = [good, bad].map((fields) => ({ attributes: type, ...fields }));
    const error = { statusCode: CODE, message: NEGATIVE, fields: ['Estimated_Value__c'] };
    const collection = await org.call('POST', '/composite/sobjects', { records });
    expect(collection.body).toMatchObject([{ success: true }, { success: false, errors: [error] }]);
    const upserted = records.map((record, index) => ({ ...record, Registration_Id__c: `r${index}` }));
    const upsert = await org.call('PATCH', '/composite/sobjects/Deal_Registration__c/Registration_Id__c', { records: upserted });
    expect(upsert.body).toMatchObject([{ created: true }, { success: false, created: false, errors: [error] }]);
    const one = await org.call('PATCH', '/sobjects/Deal_Registration__c/Registration_Id__c/r9', bad);
    expect(one.body).toMatchObject([{ errorCode: CODE }]);
    const url = '/services/data/v66.0/sobjects/Deal_Registration__c';
    const composite = await org.call('POST', '/composite', { compositeRequest: [{ method: 'POST', url, referenceId: 'a', body: bad }] });
    expect(composite.body.compositeResponse).toMatchObject([{ httpStatusCode: 400, body: [{ errorCode: CODE }] }]);
    const tree = { records: [{ attributes: { ...type, referenceId: 'a' }, ...bad }] };
    expect((await org.call('POST', '/composite/tree/Deal_Registration__c', tree)).body.results).toMatchObject([{ errors: [error] }]);
    const { failedResults } = await connect(org.url).bulk2.loadAndWaitForResults({
      object: 'Deal_Registration__c',
      operation: 'insert',
      input: [bad, good],
      pollInterval: 5,
      pollTimeout: 20_000,
    });
    expect(failedResults).toMatchObject([{ sf__Error: `${CODE}:${NEGATIVE}:Estimated_Value__c --` }]);
    expect(await org.query('SELECT Id FROM Deal_Registration__c')).toHaveLength(3);
  });
});

describe('a validation rule that is deployed', () => {
  it('holds from the next write on, and no longer when it is switched off', async () => {
    const id = await add('Account', { Name: 'Northwind' });
    const rule = { formula: 'AND(ISCHANGED(Name), PRIORVALUE(Name) <> "")', message: 'Names stay.', field: 'Name' };
    expect(await deployRules(org.url, 'Account', { Keeps_Name: rule })).toMatchObject({ status: 'Succeeded' });
    expect((await org.call('PATCH', `/sobjects/Account/${id}`, { Phone: '1' })).status).toBe(204);
    const refused = await org.call('PATCH', `/sobjects/Account/${id}`, { Name: 'Southwind' });
    expect(refused.body).toEqual([{ message: 'Names stay.', errorCode: CODE, fields: ['Name'] }]);
    await add('Account', { Name: 'A new one' });
    await deployRules(org.url, 'Account', { Keeps_Name: { ...rule, active: false } });
    expect((await org.call('PATCH', `/sobjects/Account/${id}`, { Name: 'Southwind' })).status).toBe(204);
  });

  it('sees parents, whoever saves, and what the org computes', async () => {
    await deployRules(org.url, 'Opportunity', {
      Owner_Only: { formula: 'Account.OwnerId <> $User.Id', message: 'Not yours.' },
      Won_Has_Amount: { formula: 'AND(IsWon, ISBLANK(Amount))', message: 'For how much?' },
    });
    const AccountId = await add('Account', { Name: 'Northwind' });
    const deal = { Name: 'Deal', StageName: 'Prospecting', CloseDate: '2026-06-30', AccountId };
    const id = await add('Opportunity', deal);
    const asRep = await org.call('POST', '/sobjects/Opportunity', deal, { authorization: 'Bearer 00D000000000001!rep' });
    expect(asRep.body).toEqual([{ message: 'Not yours.', errorCode: CODE, fields: [] }]);
    expect((await org.call('PATCH', `/sobjects/Opportunity/${id}`, { StageName: 'Closed Won' })).body).toMatchObject([
      { message: 'For how much?' },
    ]);
    expect((await org.call('PATCH', `/sobjects/Opportunity/${id}`, { StageName: 'Closed Won', Amount: 1 })).status).toBe(204);
  });

  it('lets those pass who have the custom permission that it asks for', async () => {
    const setFile = metadataFile(
      'PermissionSet',
      '<label>Editors</label><customPermissions><enabled>true</enabled><name>Edit_Anything</name></customPermissions>',
    );
    const zip = zipOf(
      { CustomPermission: ['Edit_Anything'], PermissionSet: ['Editors'] },
      {
        'customPermissions/Edit_Anything.customPermission': metadataFile('CustomPermission', '<label>Edit anything</label>'),
        'permissionsets/Editors.permissionset': setFile,
      },
    );
    expect(await deployBy(connect(org.url), zip)).toMatchObject({ success: true });
    await deployRules(org.url, 'Account', { Closed: { formula: 'NOT($Permission.Edit_Anything)', message: 'Closed.' } });
    const create = (alias: string) => org.call('POST', '/sobjects/Account', { Name: 'A' }, bearer(alias));
    expect((await create('rep')).body).toMatchObject([{ message: 'Closed.' }]);
    const [rep] = await org.query("SELECT Id FROM User WHERE Alias = 'rep'");
    const [set] = await org.query("SELECT Id FROM PermissionSet WHERE Name = 'Editors'");
    await org.call('POST', '/sobjects/PermissionSetAssignment', { AssigneeId: rep?.['Id'], PermissionSetId: set?.['Id'] });
    expect([(await create('rep')).status, (await create('rep2')).status]).toEqual([201, 400]);
  });

  it('refuses by its name when it cannot be evaluated', async () => {
    await deployRules(org.url, 'Account', { Ratio: { formula: 'AnnualRevenue / NumberOfEmployees < 1', message: 'Small.' } });
    const refused = await org.call('POST', '/sobjects/Account', { Name: 'A', AnnualRevenue: 1, NumberOfEmployees: 0 });
    expect(refused.body).toEqual([{ message: 'Validation Formula "Ratio" Invalid (Division by zero)', errorCode: CODE, fields: [] }]);
    await add('Account', { Name: 'A', AnnualRevenue: 1, NumberOfEmployees: 1 });
  });

  it('is refused with the reason when its formula is wrong', async () => {
    const result = await deployRules(org.url, 'Account', { Wrong: { formula: 'LEN(Nam) > 1', message: 'No.' } });
    expect(result).toMatchObject({ status: 'Failed' });
    expect(result.details.componentFailures).toMatchObject([
      { componentType: 'ValidationRule', fullName: 'Account.Wrong', problem: 'Field Nam does not exist. Check spelling.' },
    ]);
  });
});

describe('a save', () => {
  it('tells all values that do not fit and all fields that are missing, before a rule is asked', async () => {
    await deployRules(org.url, 'Contact', { Never: { formula: 'TRUE', message: 'Never.' } });
    const refused = await org.call('POST', '/sobjects/Contact', { Email: 'x@y', Phone: '1'.repeat(41) });
    expect(refused.body.map(({ errorCode }: { errorCode: string }) => errorCode)).toEqual([
      'INVALID_EMAIL_ADDRESS',
      'STRING_TOO_LONG',
      'REQUIRED_FIELD_MISSING',
    ]);
    expect((await org.call('POST', '/sobjects/Contact', { LastName: 'A' })).body).toMatchObject([{ message: 'Never.' }]);
  });

  it('asks the rules before it finds that a unique value is taken', async () => {
    await add('Account', { Name: 'A', Partner_Id__c: 'p' });
    await deployRules(org.url, 'Account', { No_B: { formula: 'Name = "B"', message: 'No B.' } });
    expect((await org.call('POST', '/sobjects/Account', { Name: 'B', Partner_Id__c: 'p' })).body).toMatchObject([{ message: 'No B.' }]);
    expect((await org.call('POST', '/sobjects/Account', { Name: 'C', Partner_Id__c: 'p' })).body).toMatchObject([
      { errorCode: 'DUPLICATE_VALUE' },
    ]);
  });

  it('does not ask the rules when records are deleted, brought back or emptied by another’s end', async () => {
    const id = await add('Account', { Name: 'A' });
    await deployRules(org.url, 'Account', { Never: { formula: 'TRUE', message: 'Never.' } });
    expect((await org.call('DELETE', `/sobjects/Account/${id}`)).status).toBe(204);
    expect((await org.control('undelete', { sobject: 'Account', ids: [id] })).body.results).toEqual([{ id, success: true }]);
  });
});
