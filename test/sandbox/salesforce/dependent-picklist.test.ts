import { connect, deployBy, metadataFile, zipOf } from './metadata/packaged.ts';
import { openOrg, type OpenedOrg } from './opened-org.ts';

const value = (name: string): string => `<value><fullName>${name}</fullName><default>false</default><label>${name}</label></value>`;
const picklist = (name: string, values: readonly string[], rest = ''): string =>
  `<fields><fullName>${name}</fullName><label>${name}</label><type>Picklist</type><valueSet>${rest}<restricted>true</restricted>
  <valueSetDefinition><sorted>false</sorted>${values.map(value).join('')}</valueSetDefinition>`;
const setting = (name: string, ...controlling: readonly string[]): string =>
  `<valueSettings>${controlling.map((each) => `<controllingFieldValue>${each}</controllingFieldValue>`).join('')}<valueName>${name}</valueName></valueSettings>`;
const REGIONS = ['r0', 'r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7', 'r8'];
const FIELDS = [
  `${picklist('Region__c', REGIONS)}</valueSet></fields>`,
  `${picklist('City__c', ['all', 'ninth', 'none'], '<controllingField>Region__c</controllingField>')}
   ${setting('all', ...REGIONS)}${setting('ninth', 'r8')}</valueSet></fields>`,
  '<fields><fullName>Big__c</fullName><label>Big</label><type>Checkbox</type><defaultValue>false</defaultValue></fields>',
  `${picklist('Kind__c', ['large'], '<controllingField>Big__c</controllingField>')}${setting('large', 'checked')}</valueSet></fields>`,
];
const NAMES = ['Region__c', 'City__c', 'Big__c', 'Kind__c'];

let org: OpenedOrg;
beforeAll(async () => void (org = await openOrg()));
beforeEach(() => org.reset());
afterAll(() => org.close());

const deploy = (content: string, names: readonly string[]) =>
  deployBy(
    connect(org.url),
    zipOf({ CustomField: names.map((name) => `Account.${name}`) }, { 'objects/Account.object': metadataFile('CustomObject', content) }),
  );
const describedField = async (name: string) =>
  (await org.call('GET', '/sobjects/Account/describe')).body.fields.find((field: { name: string }) => field.name === name);

describe('dependent picklists', () => {
  beforeEach(async () => {
    const { success, details } = await deploy(FIELDS.join(''), NAMES);
    if (!success) throw new Error(`They were not deployed: ${JSON.stringify(details.componentFailures)}`);
  });

  it('are described with the field that controls them, and a bit for each of its values', async () => {
    const city = await describedField('City__c');
    expect(city).toMatchObject({ dependentPicklist: true, controllerName: 'Region__c' });
    const bits = city.picklistValues.map(({ validFor }: { validFor: string }) => [...Buffer.from(validFor, 'base64')]);
    expect(bits).toEqual([
      [0xff, 0x80],
      [0, 0x80],
      [0, 0],
    ]);
    expect(await describedField('Region__c')).toMatchObject({ dependentPicklist: false, controllerName: null });
  });

  it('may hang on a check box', async () => {
    const kind = await describedField('Kind__c');
    expect([kind.controllerName, [...Buffer.from(kind.picklistValues[0].validFor, 'base64')]]).toEqual(['Big__c', [0x40]]);
  });

  it('take every value of their own over the API, which asks for no dependency', async () => {
    expect((await org.call('POST', '/sobjects/Account', { Name: 'A', Region__c: 'r0', City__c: 'ninth' })).status).toBe(201);
    expect((await org.call('POST', '/sobjects/Account', { Name: 'A', City__c: 'elsewhere' })).body).toMatchObject([
      { errorCode: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST' },
    ]);
  });

  it('are refused where nothing of that name controls them', async () => {
    const field = `${picklist('Town__c', ['a'], '<controllingField>Nowhere__c</controllingField>')}</valueSet></fields>`;
    expect((await deploy(field, ['Town__c'])).details.componentFailures).toMatchObject([
      { problem: 'In field: field - no CustomField named Account.Nowhere__c found' },
    ]);
  });
});
