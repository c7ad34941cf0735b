import { makeTemporaryFolder } from '../../../support/temporary-folder.ts';
import { connect, deployBy, metadataFile, zipOf } from '../metadata/packaged.ts';
import { bearer, openOrg, type OpenedOrg } from '../opened-org.ts';

const OBJECT = 'Deal_Registration__c';
const FORMULAS: Readonly<Record<string, string>> = {
  Net__c: `<type>Currency</type><precision>18</precision><scale>2</scale><formula>Estimated_Value__c * 0.8</formula><formulaTreatBlanksAs>BlankAsZero</formulaTreatBlanksAs>`,
  Margin__c:
    '<type>Percent</type><precision>18</precision><scale>1</scale><formula>IF(Estimated_Value__c &gt; 0, Net__c / Estimated_Value__c, 0)</formula>',
  Ratio__c:
    '<type>Number</type><precision>18</precision><scale>3</scale><formula>1 / (Estimated_Value__c - 500)</formula><formulaTreatBlanksAs>BlankAsBlank</formulaTreatBlanksAs>',
  Close_By__c: '<type>Date</type><formula>Expected_Close_Date__c + 30</formula>',
  Is_Late__c: '<type>Checkbox</type><formula>Expected_Close_Date__c &lt; TODAY()</formula>',
  Title__c: `<type>Text</type><formula>Customer_Name__c &amp; ' for ' &amp; Partner__r.Name</formula>`,
};
const fields = (formulas: Readonly<Record<string, string>>): string =>
  Object.entries(formulas)
    .map(([name, rest]) => `<fields><fullName>${name}</fullName><label>${name.slice(0, -3)}</label>${rest}</fields>`)
    .join('');
const deploy = (url: string, formulas: Readonly<Record<string, string>>, files: Readonly<Record<string, string>> = {}) =>
  deployBy(
    connect(url),
    zipOf(
      { CustomField: Object.keys(formulas).map((name) => `${OBJECT}.${name}`) },
      { [`objects/${OBJECT}.object`]: metadataFile('CustomObject', fields(formulas)), ...files },
    ),
  );
const NAMES = Object.keys(FORMULAS).join(', ');

describe('formula fields', () => {
  let org: OpenedOrg;
  beforeAll(async () => void (org = await openOrg()));
  beforeEach(async () => {
    await org.reset();
    const { success, details } = await deploy(org.url, FORMULAS);
    if (!success) throw new Error(`They were not deployed: ${JSON.stringify(details.componentFailures)}`);
  });
  afterAll(() => org.close());

  const create = async (values: object): Promise<string> => (await org.call('POST', `/sobjects/${OBJECT}`, values)).body.id;
  const partner = async (Name: string): Promise<string> => (await org.call('POST', '/sobjects/Account', { Name })).body.id;

  it('are computed from the record and its parents whenever they are read', async () => {
    const account = await partner('Aster');
    const id = await create({
      Estimated_Value__c: 1000,
      Customer_Name__c: 'Globex',
      Partner__c: account,
      Expected_Close_Date__c: '2026-03-02',
    });
    expect((await org.call('GET', `/sobjects/${OBJECT}/${id}`)).body).toMatchObject({
      Net__c: 800,
      Margin__c: 80,
      Ratio__c: 0.002,
      Close_By__c: '2026-04-01',
      Is_Late__c: false,
      Title__c: 'Globex for Aster',
    });
    await org.call('PATCH', `/sobjects/Account/${account}`, { Name: 'Aster Ltd' });
    await org.control('clock', { advanceMs: 24 * 60 * 60_000 });
    expect(await org.query(`SELECT ${NAMES} FROM ${OBJECT}`)).toMatchObject([{ Is_Late__c: true, Title__c: 'Globex for Aster Ltd' }]);
  });

  it('treat blanks as they say, and are null where they cannot be evaluated', async () => {
    const [blank, failing] = [await create({}), await create({ Estimated_Value__c: 500 })];
    const rows = await org.query(`SELECT Id, Net__c, Ratio__c, Margin__c, Is_Late__c, Title__c FROM ${OBJECT}`);
    expect(rows.find(({ Id }) => Id === blank)).toMatchObject({ Net__c: 0, Ratio__c: null, Margin__c: 0, Is_Late__c: false });
    expect(rows.find(({ Id }) => Id === failing)).toMatchObject({ Net__c: 400, Ratio__c: null });
  });

  it('are filtered, ordered and summed by, also in bulk', async () => {
    for (const Estimated_Value__c of [100, 300, 200]) await create({ Estimated_Value__c });
    const rows = await org.query(`SELECT Net__c FROM ${OBJECT} WHERE Net__c > 80 ORDER BY Net__c DESC`);
    expect(rows.map((row) => row['Net__c'])).toEqual([240, 160]);
    expect(await org.query(`SELECT SUM(Net__c) total FROM ${OBJECT}`)).toMatchObject([{ total: 480 }]);
    const read = await connect(org.url).bulk2.query(`SELECT Net__c FROM ${OBJECT} WHERE Net__c < 100`);
    expect(await read.toArray()).toEqual([{ Net__c: '80.0' }]);
  });

  it('are described as computed, and refuse to be written', async () => {
    const described = (await org.call('GET', `/sobjects/${OBJECT}/describe`)).body.fields.find(
      ({ name }: { name: string }) => name === 'Net__c',
    );
    expect(described).toMatchObject({
      type: 'currency',
      calculated: true,
      calculatedFormula: 'Estimated_Value__c * 0.8',
      formulaTreatNullNumberAsZero: true,
      createable: false,
      updateable: false,
      nillable: true,
    });
    const refused = await org.call('POST', `/sobjects/${OBJECT}`, { Net__c: 5 });
    expect([refused.status, refused.body]).toMatchObject([400, [{ errorCode: 'INVALID_FIELD_FOR_INSERT_UPDATE', fields: ['Net__c'] }]]);
    const id = await create({});
    const records = [{ attributes: { type: OBJECT }, id, Title__c: 'x' }];
    expect((await org.call('PATCH', '/composite/sobjects', { records })).body).toMatchObject([
      { success: false, errors: [{ statusCode: 'INVALID_FIELD_FOR_INSERT_UPDATE', fields: ['Title__c'] }] },
    ]);
  });

  it('count in validation rules as they will be', async () => {
    const rule = metadataFile(
      'CustomObject',
      '<validationRules><fullName>Small</fullName><active>true</active><errorConditionFormula>Net__c &gt; 1000</errorConditionFormula><errorMessage>Too much.</errorMessage></validationRules>',
    );
    expect(
      await deployBy(connect(org.url), zipOf({ ValidationRule: [`${OBJECT}.Small`] }, { [`objects/${OBJECT}.object`]: rule })),
    ).toMatchObject({ success: true });
    const refused = await org.call('POST', `/sobjects/${OBJECT}`, { Estimated_Value__c: 2000 }, bearer('rep'));
    expect(refused.body).toMatchObject([{ errorCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'Too much.' }]);
    expect(await create({ Estimated_Value__c: 1000 })).toMatch(/^a/);
  });

  it('change with their formula, and can become a field of its own only by being deleted first', async () => {
    await create({ Estimated_Value__c: 1000 });
    const half = { Net__c: FORMULAS['Net__c']?.replace('0.8', '0.5') ?? '' };
    expect(await deploy(org.url, half)).toMatchObject({ success: true });
    expect(await org.query(`SELECT Net__c, Margin__c FROM ${OBJECT}`)).toMatchObject([{ Net__c: 500, Margin__c: 50 }]);
    const stored = { Net__c: '<type>Currency</type><precision>18</precision><scale>2</scale>' };
    const refused = await deploy(org.url, stored);
    expect(refused.details.componentFailures).toMatchObject([{ problem: expect.stringContaining('Formula') }]);
    const destructive = metadataFile(
      'Package',
      `<types><members>${OBJECT}.Net__c</members><members>${OBJECT}.Margin__c</members><name>CustomField</name></types>`,
    );
    expect(await deployBy(connect(org.url), zipOf({}, { 'destructiveChanges.xml': destructive }))).toMatchObject({ success: true });
    expect(await deploy(org.url, stored)).toMatchObject({ success: true });
    const id = await create({ Net__c: 5 });
    expect(await org.query(`SELECT Net__c FROM ${OBJECT} WHERE Id = '${id}'`)).toMatchObject([{ Net__c: 5 }]);
  });

  it.each([
    [
      'of another type',
      { Bad__c: '<type>Number</type><precision>18</precision><scale>0</scale><formula>Customer_Name__c</formula>' },
      /data type \(Text\)/,
    ],
    ['of what is not there', { Bad__c: '<type>Text</type><formula>Nothing__c</formula>' }, /Field Nothing__c does not exist/],
    ['that asks for its reader', { Bad__c: '<type>Text</type><formula>$User.Alias</formula>' }, /\$User in formula fields/],
    ['a roll-up', { Bad__c: '<type>Summary</type><summaryOperation>count</summaryOperation>' }, /Field type Summary is not built/],
  ] as const)('are refused in a deployment: %s', async (_what, formulas, problem) => {
    const result = await deploy(org.url, formulas);
    expect(result).toMatchObject({ success: false, details: { componentFailures: [{ problem: expect.stringMatching(problem) }] } });
  });
});

describe('an org that is kept in a file', () => {
  it('has its formula fields after a restart', async () => {
    const folder = makeTemporaryFolder('formula');
    try {
      const dataFile = `${folder.path}/org.sqlite`;
      const first = await openOrg({ dataFile });
      expect(await deploy(first.url, FORMULAS)).toMatchObject({ success: true });
      await first.call('POST', `/sobjects/${OBJECT}`, { Estimated_Value__c: 1000 });
      await first.close();
      const second = await openOrg({ dataFile });
      expect(await second.query(`SELECT Net__c, Margin__c FROM ${OBJECT}`)).toMatchObject([{ Net__c: 800, Margin__c: 80 }]);
      await second.close();
    } finally {
      folder.remove();
    }
  });
});
