import { openSalesforceSandbox } from '../../../../sandbox/salesforce/open-sandbox.ts';
import { openOrg, type OpenedOrg } from '../opened-org.ts';
import { connect, deployBy, GADGET, metadataFile, zipOf } from './packaged.ts';

let org: OpenedOrg;
beforeAll(async () => {
  org = await openOrg({ metadataRoot: null });
});
beforeEach(async () => {
  await org.reset();
  // What is deployed is seen by everybody; who sees it otherwise is another test's matter.
  await org.control('access', { newFields: 'profiles' });
});
afterAll(() => org.close());

const gadget = { types: { CustomObject: ['Gadget__c'] }, files: { 'objects/Gadget__c.object': GADGET } };
const fieldsOf = async (object: string): Promise<string[]> =>
  (await org.call('GET', `/sobjects/${object}/describe`)).body.fields.map((field: { name: string }) => field.name);

describe('a deployment', () => {
  it('makes an object that is described, written and queried at once', async () => {
    const connection = connect(org.url);
    expect((await org.call('GET', '/sobjects/Gadget__c/describe')).status).toBe(404);
    const result = await deployBy(connection, zipOf(gadget.types, gadget.files));
    expect(result).toMatchObject({
      status: 'Succeeded',
      success: true,
      done: true,
      checkOnly: false,
      numberComponentErrors: 0,
      numberComponentsDeployed: 3,
      numberComponentsTotal: 3,
    });
    expect(await fieldsOf('Gadget__c')).toContain('Color__c');
    const created = await connection.sobject('Gadget__c').create({ Name: 'Lamp', Color__c: 'red' });
    expect(created).toMatchObject({ success: true, id: expect.stringMatching(/^a00/) });
    expect(await org.query("SELECT Name FROM Gadget__c WHERE Color__c = 'red'")).toMatchObject([{ Name: 'Lamp' }]);
    expect((await org.call('GET', '/page/screens.json')).body['Gadget__c'].listViews[0].label).toBe('All Gadgets');
  });

  it('tells what it created, changed and left as it was', async () => {
    const connection = connect(org.url);
    await deployBy(connection, zipOf(gadget.types, gadget.files));
    const longer = GADGET.replace('<length>40</length>', '<length>80</length>');
    const result = await deployBy(connection, zipOf(gadget.types, { 'objects/Gadget__c.object': longer }));
    expect(
      result.details.componentSuccesses.map(({ componentType, fullName, created, changed }) => [componentType, fullName, created, changed]),
    ).toEqual([
      ['CustomObject', 'Gadget__c', false, false],
      ['CustomField', 'Gadget__c.Color__c', false, true],
      ['ListView', 'Gadget__c.All', false, false],
    ]);
    const described = await connection.describe('Gadget__c');
    expect(described.fields.find((field) => field.name === 'Color__c')?.length).toBe(80);
  });

  it('changes nothing when it only checks', async () => {
    const result = await deployBy(connect(org.url), zipOf(gadget.types, gadget.files), { checkOnly: true });
    expect(result).toMatchObject({ status: 'Succeeded', checkOnly: true, numberComponentsDeployed: 3 });
    expect((await org.call('GET', '/sobjects/Gadget__c/describe')).status).toBe(404);
  });

  it('is undone whole when one component fails, which is told with its file, line and reason', async () => {
    const broken = GADGET.replace('<columns>Color__c</columns>', '<columns>Colour__c</columns>');
    const result = await deployBy(connect(org.url), zipOf(gadget.types, { 'objects/Gadget__c.object': broken }));
    expect(result).toMatchObject({ status: 'Failed', success: false, numberComponentErrors: 1, numberComponentsTotal: 3 });
    expect(result.details.componentFailures).toMatchObject([
      {
        componentType: 'ListView',
        fileName: 'objects/Gadget__c.object',
        fullName: 'Gadget__c.All',
        problem: 'Could not resolve list view column: Colour__c',
        problemType: 'Error',
        lineNumber: 14,
        success: false,
      },
    ]);
    expect((await org.call('GET', '/sobjects/Gadget__c/describe')).status).toBe(404);
  });

  it('keeps the sound part where it is asked not to roll back', async () => {
    const broken = GADGET.replace('<columns>Color__c</columns>', '<columns>Colour__c</columns>');
    const result = await deployBy(connect(org.url), zipOf(gadget.types, { 'objects/Gadget__c.object': broken }), {
      rollbackOnError: false,
    });
    expect(result).toMatchObject({ status: 'SucceededPartial', numberComponentErrors: 1, numberComponentsDeployed: 2 });
    expect(await fieldsOf('Gadget__c')).toContain('Color__c');
  });

  it('removes what a destructive manifest names, with its data', async () => {
    const connection = connect(org.url);
    await deployBy(connection, zipOf(gadget.types, gadget.files));
    await connection.sobject('Gadget__c').create({ Name: 'Lamp', Color__c: 'red' });
    const destructive = metadataFile('Package', '<types><members>Gadget__c.Color__c</members><name>CustomField</name></types>');
    const result = await deployBy(connection, zipOf({}, { 'destructiveChanges.xml': destructive }));
    expect(result.details.componentSuccesses).toMatchObject([{ fullName: 'Gadget__c.Color__c', deleted: true }]);
    expect(await fieldsOf('Gadget__c')).not.toContain('Color__c');
    await deployBy(connection, zipOf(gadget.types, gadget.files));
    expect(await org.query('SELECT Color__c FROM Gadget__c')).toMatchObject([{ Color__c: null }]);
  });

  it('keeps the ids of an object that an earlier name comes before', async () => {
    const connection = connect(org.url);
    await deployBy(connection, zipOf(gadget.types, gadget.files));
    const { id } = await connection.sobject('Gadget__c').create({ Name: 'Lamp' });
    await deployBy(connection, zipOf({ CustomObject: ['Alpha__c'] }, { 'objects/Alpha__c.object': GADGET.replaceAll('Gadget', 'Alpha') }));
    expect((await connection.describe('Gadget__c')).keyPrefix).toBe(String(id).slice(0, 3));
    expect((await connection.describe('Alpha__c')).keyPrefix).toBe('a01');
  });

  it('waits and can be cancelled while it is held', async () => {
    const connection = connect(org.url);
    await org.control('metadata', { hold: true });
    const { id } = await connection.metadata.deploy(zipOf(gadget.types, gadget.files), { rollbackOnError: true });
    const waiting = await connection.metadata.checkDeployStatus(id);
    expect(['Pending', 'InProgress']).toContain(waiting.status);
    expect(waiting.done).toBe(false);
    await connection.metadata.cancelDeploy(id);
    expect(await connection.metadata.checkDeployStatus(id)).toMatchObject({ status: 'Canceled', done: true, success: false });
    await org.control('metadata', { hold: false });
    expect((await org.call('GET', '/sobjects/Gadget__c/describe')).status).toBe(404);
  });
});

describe('a package that cannot be deployed', () => {
  const field = (content: string) =>
    metadataFile('CustomObject', `<fields><fullName>Size__c</fullName><label>Size</label>${content}</fields>`);
  const onAccount = { CustomField: ['Account.Size__c'] };

  it.each([
    ['no manifest', {}, { 'package.xml': '' }, /Error parsing file/],
    [
      'XML that is not well-formed',
      onAccount,
      { 'objects/Account.object': '<CustomObject><fields></CustomObject>' },
      /Error parsing file: .*fields/,
    ],
    [
      'a component that is named and missing',
      onAccount,
      {},
      /An object 'Account.Size__c' of type CustomField was named in package.xml, but was not found/,
    ],
    ['a file that is not named', {}, { 'objects/Account.object': field('<type>Text</type><length>9</length>') }, /Not in package.xml/],
    ['a type that nobody knows', { CustomThing: ['A'] }, {}, /Unknown type name 'CustomThing' specified in package.xml/],
    [
      'a field without its length',
      onAccount,
      { 'objects/Account.object': field('<type>Text</type>') },
      /Must specify 'length' for a CustomField of type Text/,
    ],
    [
      'a lookup that leads nowhere',
      onAccount,
      {
        'objects/Account.object': field('<type>Lookup</type><referenceTo>Gone__c</referenceTo><relationshipName>Sizes</relationshipName>'),
      },
      /referenceTo value of 'Gone__c' does not resolve to a valid sObject type/,
    ],
    [
      'a permission for a field that is not there',
      { PermissionSet: ['P'] },
      {
        'permissionsets/P.permissionset': metadataFile(
          'PermissionSet',
          '<label>P</label><fieldPermissions><field>Account.Gone__c</field><readable>true</readable></fieldPermissions>',
        ),
      },
      /no CustomField named Account.Gone__c found/,
    ],
    [
      'a rule whose formula names a field that is not there',
      { ValidationRule: ['Account.R'] },
      {
        'objects/Account.object': metadataFile(
          'CustomObject',
          '<validationRules><fullName>R</fullName><active>true</active><errorConditionFormula>ISBLANK(Gone__c) &amp;&amp; Name = "Text__c"</errorConditionFormula><errorMessage>No.</errorMessage></validationRules>',
        ),
      },
      /Field Gone__c does not exist. Check spelling./,
    ],
  ])('says so: %s', async (_what, types, files, words) => {
    const result = await deployBy(connect(org.url), zipOf(types, files as Record<string, string>));
    expect(result.status).toBe('Failed');
    expect(result.details.componentFailures.map((each) => each.problem)).toEqual([expect.stringMatching(words)]);
  });

  it('says so: what is no zip file', async () => {
    const result = await deployBy(connect(org.url), Buffer.from('no zip'));
    expect(result).toMatchObject({ status: 'Failed', errorStatusCode: 'UNKNOWN_EXCEPTION', errorMessage: expect.stringContaining('zip') });
  });
});

describe('what was deployed', () => {
  it('is there after a restart, and the shipped project is beside it', async () => {
    const { makeTemporaryFolder } = await import('../../../support/temporary-folder.ts');
    const folder = makeTemporaryFolder('metadata');
    const options = { port: 0, dataFile: `${folder.path}/org.sqlite`, sampleFile: null, seed: 1 };
    const first = await openSalesforceSandbox({ ...options, metadataRoot: null });
    const deployed = await deployBy(connect(first.url), zipOf(gadget.types, gadget.files));
    await first.close();
    const second = await openSalesforceSandbox({ ...options, metadataRoot: 'crm/salesforce/force-app' });
    const connection = connect(second.url);
    expect((await connection.describe('Gadget__c')).label).toBe('Gadget');
    expect((await connection.describe('Deal_Registration__c')).label).toBe('Deal Registration');
    expect(await connection.metadata.checkDeployStatus(deployed.id)).toMatchObject({ status: 'Succeeded', numberComponentsDeployed: 3 });
    await second.close();
    folder.remove();
  });
});
