import { openOrg, type Answer, type OpenedOrg } from '../opened-org.ts';
import { connect, deployBy, metadataFile, zipOf } from '../metadata/packaged.ts';

// A deployment and what follows it take seconds on a busy machine.
jest.setTimeout(30_000);

let org: OpenedOrg;
beforeAll(async () => {
  org = await openOrg();
});
beforeEach(() => org.reset());
afterAll(() => org.close());

const MESSAGE = 'Use one of these records?';
const add = (fields: object, headers: Record<string, string> = {}): Promise<Answer> =>
  org.call('POST', '/sobjects/Account', fields, headers);
const ALLOW = { 'sforce-duplicate-rule-header': 'allowSave=true; includeRecordDetails=true' };

describe('the standard duplicate rule for accounts', () => {
  it('is off until somebody switches it on', async () => {
    await add({ Name: 'Northwind' });
    expect((await add({ Name: 'Northwind' })).status).toBe(201);
  });

  it('refuses with the records that it found, under the key that REST spells so', async () => {
    await org.control('duplicate-rules', { account: 'block' });
    const { id } = (await add({ Name: 'Northwind, Inc.' })).body;
    const refused = await add({ Name: 'The NORTHWIND' });
    const duplicateResult = {
      allowSave: false,
      duplicateRule: 'Standard_Account_Duplicate_Rule',
      duplicateRuleEntityType: 'Account',
      errorMessage: MESSAGE,
      matchResults: [
        {
          entityType: 'Account',
          errors: [],
          matchEngine: 'FuzzyMatchEngine',
          matchRecords: [
            {
              additionalInformation: [],
              fieldDiffs: [],
              matchConfidence: 100,
              record: { attributes: { type: 'Account', url: `/services/data/v66.0/sobjects/Account/${id}` }, Id: id },
            },
          ],
          rule: 'Standard_Account_Match_Rule_v1_0',
          size: 1,
          success: true,
        },
      ],
    };
    expect([refused.status, refused.body]).toEqual([
      400,
      [{ duplicateResut: duplicateResult, message: MESSAGE, errorCode: 'DUPLICATES_DETECTED' }],
    ]);
    const records = [{ attributes: { type: 'Account' }, Name: 'Northwind' }];
    expect((await org.call('POST', '/composite/sobjects', { records })).body).toEqual([
      { success: false, errors: [{ statusCode: 'DUPLICATES_DETECTED', message: MESSAGE, fields: [], duplicateResult }] },
    ]);
    await expect(connect(org.url).sobject('Account').create({ Name: 'Northwind' })).rejects.toMatchObject({
      errorCode: 'DUPLICATES_DETECTED',
      message: MESSAGE,
    });
  });

  it.each([
    ['the same web address', { Name: 'Other', Website: 'https://www.northwind.example/en' }, 400],
    ['another web address', { Name: 'Other', Website: 'northwind.test' }, 201],
    ['neither', { Name: 'Northwinds' }, 201],
  ])('compares %s', async (_what, fields, status) => {
    await add({ Name: 'Northwind', Website: 'northwind.example' });
    await org.control('duplicate-rules', { account: 'block' });
    expect((await add(fields)).status).toBe(status);
  });

  it('lets pass whoever insists where it only alerts, and nobody where it blocks', async () => {
    await add({ Name: 'Northwind' });
    await org.control('duplicate-rules', { account: 'alert' });
    expect((await add({ Name: 'Northwind' })).body).toMatchObject([{ duplicateResut: { allowSave: true } }]);
    expect((await add({ Name: 'Northwind' }, ALLOW)).status).toBe(201);
    await org.control('duplicate-rules', { account: 'block' });
    const refused = await add({ Name: 'Northwind' }, ALLOW);
    expect(refused.body[0].duplicateResut.matchResults[0].matchRecords).toHaveLength(2);
    expect(refused.body[0].duplicateResut.matchResults[0].matchRecords[0].record).toMatchObject({ Name: 'Northwind', Website: null });
  });

  it('looks at a change only when it changes what is compared', async () => {
    await add({ Name: 'Northwind' });
    const { id } = (await add({ Name: 'Northwind' })).body;
    await org.control('duplicate-rules', { account: 'block' });
    expect((await org.call('PATCH', `/sobjects/Account/${id}`, { Phone: '1', Name: 'Northwind' })).status).toBe(204);
    expect((await org.call('PATCH', `/sobjects/Account/${id}`, { Name: 'Northwind Ltd' })).status).toBe(400);
  });

  it('comes after validation and before unique values, and finds no deleted record', async () => {
    await org.call('DELETE', `/sobjects/Account/${String((await add({ Name: 'Gone' })).body.id)}`);
    await add({ Name: 'Northwind', Partner_Id__c: 'p' });
    await org.control('duplicate-rules', { account: 'block' });
    expect((await add({ Name: 'Gone' })).status).toBe(201);
    expect((await add({ Name: 'Northwind', Partner_Id__c: 'p' })).body).toMatchObject([{ errorCode: 'DUPLICATES_DETECTED' }]);
    expect((await add({ Website: 'northwind.example' })).body).toMatchObject([{ errorCode: 'REQUIRED_FIELD_MISSING' }]);
  });
});

describe('duplicate rules that are deployed', () => {
  const deploy = (method: string, filter = '') =>
    deployBy(
      connect(org.url),
      zipOf(
        { DuplicateRule: ['Contact.Same_Person'], MatchingRules: ['Contact'] },
        {
          'matchingRules/Contact.matchingRule': metadataFile(
            'MatchingRules',
            `<matchingRules><fullName>Person</fullName>${filter}<label>Person</label>
            <matchingRuleItems><blankValueBehavior>NullNotAllowed</blankValueBehavior><fieldName>Email</fieldName><matchingMethod>${method}</matchingMethod></matchingRuleItems>
            <matchingRuleItems><fieldName>LastName</fieldName><matchingMethod>Exact</matchingMethod></matchingRuleItems>
            <ruleStatus>Active</ruleStatus></matchingRules>`,
          ),
          'duplicateRules/Contact.Same_Person.duplicateRule': metadataFile(
            'DuplicateRule',
            `<actionOnInsert>Block</actionOnInsert><actionOnUpdate>Allow</actionOnUpdate><alertText>Known.</alertText>
            <duplicateRuleMatchRules><matchRuleSObjectType>Contact</matchRuleSObjectType><matchingRule>Person</matchingRule></duplicateRuleMatchRules>
            <isActive>true</isActive><masterLabel>Same Person</masterLabel><operationsOnUpdate>Report</operationsOnUpdate>
            <securityOption>EnforceSharingRules</securityOption><sortOrder>1</sortOrder>`,
          ),
        },
      ),
    );
  const contact = (LastName: string, Email: string | null): Promise<Answer> => org.call('POST', '/sobjects/Contact', { LastName, Email });

  it('hold with all of their items, in their own words', async () => {
    expect(await deploy('Exact')).toMatchObject({ status: 'Succeeded' });
    await contact('Ade', 'a@x.example');
    expect((await contact('ADE', 'A@x.example')).body).toMatchObject([
      {
        message: 'Known.',
        duplicateResut: { duplicateRule: 'Same_Person', matchResults: [{ matchEngine: 'ExactMatchEngine', rule: 'Person' }] },
      },
    ]);
    expect((await contact('Ade', 'b@x.example')).status).toBe(201);
    expect([(await contact('Ode', null)).status, (await contact('Ode', null)).status]).toEqual([201, 201]);
  });

  it('suffice with one item where they say so', async () => {
    await deploy('Exact', '<booleanFilter>1 OR 2</booleanFilter>');
    await contact('Ade', 'a@x.example');
    expect((await contact('Ade', 'b@x.example')).status).toBe(400);
  });

  it('are refused with a method or a filter that is not built', async () => {
    expect((await deploy('Fuzzy')).details.componentFailures).toMatchObject([
      { componentType: 'MatchingRules', problem: expect.stringContaining('The matching method Fuzzy is not built') },
    ]);
    expect((await deploy('Exact', '<booleanFilter>1 AND (2 OR 1)</booleanFilter>')).details.componentFailures).toMatchObject([
      { problem: expect.stringContaining('only items joined by AND alone, or by OR alone') },
    ]);
  });
});
