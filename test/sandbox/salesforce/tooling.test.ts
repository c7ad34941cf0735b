import { DATA, openOrg } from './opened-org.ts';
import type { OpenedOrg } from './opened-org.ts';

describe('Tooling API', () => {
  let org: OpenedOrg;
  beforeAll(async () => void (org = await openOrg()));
  afterAll(() => org.close());

  const ask = async (soql: string) => (await org.call('GET', `/tooling/query?q=${encodeURIComponent(soql)}`)).body;

  it('names its resources', async () => {
    expect((await org.call('GET', '/tooling/')).body).toMatchObject({
      query: `${DATA}/tooling/query`,
      sobjects: `${DATA}/tooling/sobjects`,
    });
  });

  it('shows objects and fields as they are defined', async () => {
    const objects = await ask(
      "SELECT QualifiedApiName, KeyPrefix, IsCustomizable, (SELECT QualifiedApiName FROM Fields WHERE DataType LIKE 'Lookup%' ORDER BY QualifiedApiName) FROM EntityDefinition WHERE QualifiedApiName = 'deal_registration__c'",
    );
    expect(objects).toMatchObject({ size: 1, totalSize: 1, done: true, entityTypeName: 'EntityDefinition' });
    expect(objects.records[0]).toMatchObject({ QualifiedApiName: 'Deal_Registration__c', KeyPrefix: 'a00', IsCustomizable: true });
    const lookups = objects.records[0].Fields.records.map((field: { QualifiedApiName: string }) => field.QualifiedApiName);
    expect(lookups).toEqual(expect.arrayContaining(['Customer__c', 'Opportunity__c', 'Partner__c', 'OwnerId']));
    const fields = await ask(
      "SELECT QualifiedApiName, DataType, Length, EntityDefinition.Label FROM FieldDefinition WHERE EntityDefinition.QualifiedApiName = 'Account' AND QualifiedApiName IN ('Partner_Id__c', 'Name', 'AnnualRevenue')",
    );
    expect(fields.records).toMatchObject([
      { QualifiedApiName: 'AnnualRevenue', DataType: 'Currency(18, 0)', EntityDefinition: { Label: 'Account' } },
      { QualifiedApiName: 'Name', DataType: 'Text(255)', Length: 255 },
      { QualifiedApiName: 'Partner_Id__c', DataType: expect.stringMatching(/^Text\(\d+\) \(External ID\)$/) },
    ]);
  });

  it('lists what was deployed under the ids of the Metadata API', async () => {
    const { records } = await ask(
      "SELECT Id, DeveloperName, TableEnumOrId, CreatedBy.Username FROM CustomField WHERE TableEnumOrId = 'Deal_Registration__c' AND DeveloperName = 'Status'",
    );
    expect(records).toMatchObject([
      {
        attributes: { type: 'CustomField', url: `${DATA}/tooling/sobjects/CustomField/${records[0].Id}` },
        Id: expect.stringMatching(/^00N\w{15}$/),
        CreatedBy: { Username: 'integration@acme.example' },
      },
    ]);
    expect((await org.call('GET', records[0].attributes.url)).body).toMatchObject({ Id: records[0].Id, DeveloperName: 'Status' });
    expect((await ask('SELECT ValidationName, Active FROM ValidationRule')).size).toBeGreaterThan(0);
    expect((await ask('SELECT Id FROM CustomObject')).size).toBeGreaterThan(0);
  });

  it.each([
    ['code', 'SELECT Id, Name, ApiVersion, NamespacePrefix, LastModifiedBy.Name FROM ApexClass'],
    ['triggers', "SELECT Id FROM ApexTrigger WHERE TableEnumOrId = 'Account'"],
    ['logs', 'SELECT Id, Application, LogLength, StartTime FROM ApexLog ORDER BY StartTime DESC'],
    ['packages', 'SELECT Id, SubscriberPackageId FROM InstalledSubscriberPackage'],
    ['coverage', 'SELECT ApexClassOrTrigger.Name, NumLinesCovered FROM ApexCodeCoverageAggregate'],
  ])('has no %s', async (_what, soql) => {
    expect(await ask(soql)).toEqual({ size: 0, totalSize: 0, done: true, queryLocator: null, entityTypeName: null, records: [] });
  });

  it('knows users and the organization', async () => {
    expect((await ask('SELECT Id, Name FROM Organization')).records).toMatchObject([{ Id: '00D000000000001EAA', Name: 'Acme' }]);
    expect((await ask("SELECT Username FROM User WHERE Alias = 'rep'")).records).toMatchObject([{ Username: 'rep@acme.example' }]);
  });

  it('describes its objects, and gives the columns of a query', async () => {
    const names = (await org.call('GET', '/tooling/sobjects')).body.sobjects.map((each: { name: string }) => each.name);
    expect(names).toEqual(expect.arrayContaining(['ApexClass', 'EntityDefinition', 'FieldDefinition', 'CustomField', 'User']));
    expect(names).not.toContain('Account');
    const described = await org.call('GET', '/tooling/sobjects/apexclass/describe');
    expect(described.body).toMatchObject({ name: 'ApexClass', createable: false, urls: { sobject: `${DATA}/tooling/sobjects/ApexClass` } });
    expect((await org.call('GET', '/tooling/sobjects/Account/describe')).status).toBe(404);
    const { body } = await org.call('GET', '/tooling/query?q=SELECT+Name+FROM+ApexClass&columns=true');
    expect(body).toMatchObject({ entityName: 'ApexClass', columnMetadata: [{ columnName: 'Name' }] });
  });

  it.each([
    ['SELECT Id FROM SourceMember', 400, 'INVALID_TYPE'],
    ['SELECT Id FROM Account', 400, 'INVALID_TYPE'],
    ['SELECT Nope FROM ApexClass', 400, 'INVALID_FIELD'],
  ])('refuses %s', async (soql, status, errorCode) => {
    const answer = await org.call('GET', `/tooling/query?q=${encodeURIComponent(soql)}`);
    expect([answer.status, answer.body[0].errorCode]).toEqual([status, errorCode]);
  });

  it.each([
    ['GET', '/tooling/executeAnonymous?anonymousBody=x'],
    ['POST', '/tooling/sobjects/ApexClass'],
    ['POST', '/tooling/runTestsAsynchronous'],
  ])('does not build %s %s, and says so', async (method, path) => {
    const answer = await org.call(method, path, method === 'GET' ? undefined : {});
    expect([answer.status, answer.body[0].message]).toEqual([501, 'This call of the Tooling API is not built in this sandbox']);
  });

  it('shows definitions and code to the data API too, and no other of its objects', async () => {
    expect(await org.query("SELECT Label FROM EntityDefinition WHERE QualifiedApiName = 'Account'")).toMatchObject([
      { attributes: { type: 'EntityDefinition', url: `${DATA}/sobjects/EntityDefinition/Account` }, Label: 'Account' },
    ]);
    expect(await org.query('SELECT Id FROM ApexClass')).toEqual([]);
    expect((await org.call('GET', '/query?q=SELECT+Id+FROM+TraceFlag')).body[0].errorCode).toBe('INVALID_TYPE');
  });
});
