import { connect, deployBy, metadataFile, zipOf } from './metadata/packaged.ts';
import { openOrg } from './opened-org.ts';
import type { OpenedOrg } from './opened-org.ts';

const ASSET = (extra = ''): string =>
  metadataFile(
    'CustomObject',
    `<deploymentStatus>Deployed</deploymentStatus><label>Asset</label><pluralLabel>Assets</pluralLabel>
    <nameField><label>Asset Name</label><type>Text</type></nameField><sharingModel>ReadWrite</sharingModel>
    <fields><fullName>Grade__c</fullName><label>Grade</label><type>Picklist</type>
      <valueSet><restricted>true</restricted><valueSetName>Grades</valueSetName></valueSet></fields>
    <fields><fullName>Regions__c</fullName><label>Regions</label><type>MultiselectPicklist</type><visibleLines>4</visibleLines>
      <valueSet><restricted>true</restricted><valueSetDefinition><sorted>false</sorted>
        <value><fullName>North</fullName><default>false</default><label>North</label></value>
        <value><fullName>South</fullName><default>false</default><label>South</label></value>
        <value><fullName>East</fullName><default>false</default><label>East</label></value></valueSetDefinition></valueSet></fields>
    <recordTypes><fullName>Fine</fullName><active>true</active><label>Fine Asset</label>
      <picklistValues><picklist>Grade__c</picklist><values><fullName>Gold</fullName><default>false</default></values></picklistValues></recordTypes>
    <recordTypes><fullName>Old</fullName><active>false</active><label>Old Asset</label></recordTypes>${extra}`,
  );
const GRADES = metadataFile(
  'GlobalValueSet',
  ['Gold', 'Silver']
    .map((name) => `<customValue><fullName>${name}</fullName><default>false</default><label>${name}</label></customValue>`)
    .join('') + '<masterLabel>Grades</masterLabel><sorted>false</sorted>',
);
const TYPES = { CustomObject: ['Asset__c'], GlobalValueSet: ['Grades'] };
const FILES = { 'objects/Asset__c.object': ASSET(), 'globalValueSets/Grades.globalValueSet': GRADES };

let org: OpenedOrg;
beforeAll(async () => void (org = await openOrg()));
beforeEach(async () => {
  await org.reset();
  const { success, details } = await deployBy(connect(org.url), zipOf(TYPES, FILES));
  if (!success) throw new Error(`The object was not deployed: ${JSON.stringify(details.componentFailures)}`);
});
afterAll(() => org.close());

const create = (fields: object) => org.call('POST', '/sobjects/Asset__c', { Name: 'Lamp', ...fields });
const kindId = async (name: string) =>
  (await org.query(`SELECT Id FROM RecordType WHERE SobjectType = 'Asset__c' AND DeveloperName = '${name}'`))[0]?.['Id'];

describe('record types', () => {
  it('are rows, and entries of describe beside the master', async () => {
    expect(
      await org.query("SELECT DeveloperName, Name, IsActive FROM RecordType WHERE SobjectType = 'Asset__c' ORDER BY DeveloperName"),
    ).toMatchObject([
      { DeveloperName: 'Fine', Name: 'Fine Asset', IsActive: true },
      { DeveloperName: 'Old', Name: 'Old Asset', IsActive: false },
    ]);
    const { recordTypeInfos, fields } = (await org.call('GET', '/sobjects/Asset__c/describe')).body;
    expect(recordTypeInfos).toMatchObject([
      { developerName: 'Fine', name: 'Fine Asset', active: true, master: false, recordTypeId: await kindId('Fine') },
      { developerName: 'Old', active: false, available: false },
      { developerName: 'Master', master: true, defaultRecordTypeMapping: true, recordTypeId: '012000000000000AAA' },
    ]);
    expect(fields).toContainEqual(
      expect.objectContaining({ name: 'RecordTypeId', referenceTo: ['RecordType'], relationshipName: 'RecordType' }),
    );
  });

  it('are found by their name from their records, and are none of an object that has none', async () => {
    await create({ RecordTypeId: await kindId('Fine') });
    await create({});
    expect(await org.query("SELECT RecordType.DeveloperName FROM Asset__c WHERE RecordType.DeveloperName = 'Fine'")).toMatchObject([
      { RecordType: { DeveloperName: 'Fine' } },
    ]);
    const described = (await org.call('GET', '/sobjects/Lead/describe')).body;
    expect(described.fields.map((field: { name: string }) => field.name)).not.toContain('RecordTypeId');
    expect(described.recordTypeInfos).toHaveLength(1);
  });

  it('leave values of restricted picklists out, in the words for a value that there is not', async () => {
    const RecordTypeId = await kindId('Fine');
    expect(await create({ RecordTypeId, Grade__c: 'Silver' })).toMatchObject({
      status: 400,
      body: [
        {
          errorCode: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
          message: 'Grade: bad value for restricted picklist field: Silver',
          fields: ['Grade__c'],
        },
      ],
    });
    const { id } = (await create({ RecordTypeId, Grade__c: 'gold' })).body;
    expect((await org.call('GET', `/sobjects/Asset__c/${id}`)).body.Grade__c).toBe('Gold');
    expect((await org.call('PATCH', `/sobjects/Asset__c/${id}`, { Grade__c: 'Silver' })).status).toBe(400);
    expect((await create({ Grade__c: 'Silver' })).status).toBe(201);
  });

  it.each([
    ['inactive', () => kindId('Old')],
    ['another object’s', async () => '012000000000001AAA'],
  ])('are refused when they are %s', async (_what, idOf) => {
    const answer = await create({ RecordTypeId: await idOf() });
    expect(answer.status).toBe(400);
    expect(answer.body[0].errorCode).toBe('INVALID_CROSS_REFERENCE_KEY');
  });
});

describe('value sets', () => {
  it('of the whole org give a field its values, and refuse others', async () => {
    const { fields } = (await org.call('GET', '/sobjects/Asset__c/describe')).body;
    const grade = fields.find((field: { name: string }) => field.name === 'Grade__c');
    expect(grade.picklistValues.map((each: { value: string }) => each.value)).toEqual(['Gold', 'Silver']);
    expect((await create({ Grade__c: 'Bronze' })).body[0].errorCode).toBe('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST');
  });

  it('that are not there are a refusal of the field', async () => {
    const file = metadataFile(
      'CustomObject',
      '<fields><fullName>Size__c</fullName><label>Size</label><type>Picklist</type><valueSet><valueSetName>Sizes</valueSetName></valueSet></fields>',
    );
    const result = await deployBy(connect(org.url), zipOf({ CustomField: ['Account.Size__c'] }, { 'objects/Account.object': file }));
    expect(result.details.componentFailures).toMatchObject([{ problem: 'In field: GlobalValueSet - no GlobalValueSet named Sizes found' }]);
  });
});

describe('multi-select picklists', () => {
  it('keep each value once in the order of the list, and refuse what is not on it', async () => {
    const { id } = (await create({ Regions__c: 'east; North;East' })).body;
    expect((await org.call('GET', `/sobjects/Asset__c/${id}`)).body.Regions__c).toBe('North;East');
    expect((await create({ Regions__c: 'North;West' })).body).toMatchObject([
      { errorCode: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', message: 'Regions: bad value for restricted picklist field: West' },
    ]);
    const { fields } = (await org.call('GET', '/sobjects/Asset__c/describe')).body;
    expect(fields.find((field: { name: string }) => field.name === 'Regions__c')).toMatchObject({
      type: 'multipicklist',
      soapType: 'xsd:string',
    });
  });

  it.each([
    ["INCLUDES ('North')", ['all', 'north']],
    ["INCLUDES ('North;East', 'South')", ['all']],
    ["EXCLUDES ('North')", ['east', 'none']],
    ["= 'North'", ['north']],
  ])('are found by %s', async (condition, names) => {
    await create({ Name: 'all', Regions__c: 'North;South;East' });
    await create({ Name: 'north', Regions__c: 'North' });
    await create({ Name: 'east', Regions__c: 'East' });
    await create({ Name: 'none' });
    const rows = await org.query(`SELECT Name FROM Asset__c WHERE Regions__c ${condition} ORDER BY Name`);
    expect(rows.map((row) => row['Name'])).toEqual(names);
  });
});
