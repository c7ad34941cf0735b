import { addPartner, openOrg } from './opened-org.ts';
import type { OpenedOrg } from './opened-org.ts';

const READ_ONLY =
  'Unable to create/update fields: CreatedDate. Please check the security settings of this field and verify that it is read/write for your profile or permission set.';

describe('refusals of a write', () => {
  let org: OpenedOrg;
  beforeAll(async () => {
    org = await openOrg();
    await addPartner(org, 'taken');
  });
  afterAll(() => org.close());

  it.each([
    ['an unknown column', 'Account', { Name: 'A', foo: 1 }, 'INVALID_FIELD', "No such column 'foo' on sobject of type Account"],
    [
      'a field that is read only',
      'Account',
      { Name: 'A', CreatedDate: '2026-01-01T00:00:00Z' },
      'INVALID_FIELD_FOR_INSERT_UPDATE',
      READ_ONLY,
    ],
    ['a missing required field', 'Account', {}, 'REQUIRED_FIELD_MISSING', 'Required fields are missing: [Name]'],
    ['an empty required field', 'Account', { Name: '  ' }, 'REQUIRED_FIELD_MISSING', 'Required fields are missing: [Name]'],
    [
      'several missing fields',
      'Opportunity',
      { Name: 'O' },
      'REQUIRED_FIELD_MISSING',
      'Required fields are missing: [StageName, CloseDate]',
    ],
    [
      'a value outside a restricted picklist',
      'Deal_Registration__c',
      { Status__c: 'bogus' },
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      'Status: bad value for restricted picklist field: bogus',
    ],
    [
      'a text one too long',
      'Deal_Registration__c',
      { Estimated_Currency__c: 'EURO' },
      'STRING_TOO_LONG',
      'Estimated Currency: data value too large: EURO (max length=3)',
    ],
    [
      'a number of too many digits',
      'Deal_Registration__c',
      { Estimated_Value__c: 1e16 },
      'NUMBER_OUTSIDE_VALID_RANGE',
      'Estimated Value: value outside of valid range on numeric field: 10000000000000000',
    ],
    [
      'an empty check box',
      'User',
      { IsActive: null, Username: 'a@acme.example', LastName: 'A', Alias: 'a', Email: 'a@acme.example' },
      'INVALID_TYPE_ON_FIELD_IN_RECORD',
      'Active: value not of required type: ',
    ],
    [
      'an address without a domain',
      'Contact',
      { LastName: 'A', Email: 'x@y' },
      'INVALID_EMAIL_ADDRESS',
      'Email: invalid email address: x@y',
    ],
    ['a lookup that is no id', 'Deal_Registration__c', { Partner__c: 'x' }, 'MALFORMED_ID', 'Partner: id value of incorrect type: x'],
    [
      'a lookup to another object',
      'Deal_Registration__c',
      { Partner__c: '006000000000000AAA' },
      'FIELD_INTEGRITY_EXCEPTION',
      'Partner: id value of incorrect type: 006000000000000AAA',
    ],
    [
      'a lookup to nobody',
      'Deal_Registration__c',
      { Partner__c: '001000000000000AAA' },
      'INVALID_CROSS_REFERENCE_KEY',
      'invalid cross reference id',
    ],
    [
      'a parent that is not there',
      'Deal_Registration__c',
      { Partner__r: { Partner_Id__c: 'nope' } },
      'INVALID_FIELD',
      'Foreign key external ID: nope not found for field Partner_Id__c in entity Account',
    ],
    [
      'a date of another form',
      'Deal_Registration__c',
      { Expected_Close_Date__c: '31.01.2027' },
      'JSON_PARSER_ERROR',
      'Cannot deserialize instance of date from VALUE_STRING value 31.01.2027 or request may be missing a required field at [line:1, column:2]',
    ],
    [
      'a word for a number',
      'Deal_Registration__c',
      { Estimated_Value__c: 'many' },
      'JSON_PARSER_ERROR',
      'Cannot deserialize instance of double from VALUE_STRING value many or request may be missing a required field at [line:1, column:2]',
    ],
    [
      'an object for a text',
      'Account',
      { Name: { first: 'A' } },
      'JSON_PARSER_ERROR',
      'Cannot deserialize instance of string from START_OBJECT value { or request may be missing a required field at [line:1, column:2]',
    ],
  ])('%s', async (_what, object, body, errorCode, message) => {
    const answer = await org.call('POST', `/sobjects/${object}`, body);
    expect([answer.status, answer.body]).toEqual([400, [expect.objectContaining({ errorCode, message })]]);
  });

  it('names the record that already has a unique value, and lets that record keep it', async () => {
    const [taken] = await org.query("SELECT Id FROM Account WHERE Partner_Id__c = 'taken'");
    const answer = await org.call('POST', '/sobjects/Account', { Name: 'B', Partner_Id__c: 'taken' });
    const message = `duplicate value found: Partner_Id__c duplicates value on record with id: ${String(taken?.['Id'])}`;
    expect([answer.status, answer.body]).toEqual([400, [{ errorCode: 'DUPLICATE_VALUE', message, fields: [] }]]);
    expect((await org.call('PATCH', `/sobjects/Account/${String(taken?.['Id'])}`, { Partner_Id__c: 'taken' })).status).toBe(204);
    // A case-sensitive external id is another value in another case.
    expect((await org.call('POST', '/sobjects/Account', { Name: 'C', Partner_Id__c: 'TAKEN' })).status).toBe(201);
  });

  it('refuses a deleted parent and an inactive owner', async () => {
    const parent = await addPartner(org, 'short-lived');
    await org.call('DELETE', `/sobjects/Account/${parent}`);
    const orphan = await org.call('POST', '/sobjects/Deal_Registration__c', { Partner__c: parent });
    expect(orphan.body).toEqual([{ errorCode: 'ENTITY_IS_DELETED', message: 'entity is deleted', fields: [] }]);
    const [rep2] = await org.query("SELECT Id FROM User WHERE Alias = 'rep2'");
    await org.call('PATCH', `/sobjects/User/${String(rep2?.['Id'])}`, { IsActive: false });
    const owned = await org.call('POST', '/sobjects/Account', { Name: 'D', OwnerId: rep2?.['Id'] });
    expect(owned.body).toMatchObject([{ errorCode: 'INACTIVE_OWNER_OR_USER', fields: ['OwnerId'] }]);
  });

  it('refuses to delete a user, and says what JSON it could not read', async () => {
    const [rep] = await org.query("SELECT Id FROM User WHERE Alias = 'rep'");
    expect((await org.call('DELETE', `/sobjects/User/${String(rep?.['Id'])}`)).status).toBe(400);
    const broken = await org.call('POST', '/sobjects/Account', '{"Name": oops}');
    expect([broken.status, broken.body]).toEqual([
      400,
      [{ errorCode: 'JSON_PARSER_ERROR', message: "Unexpected character ('o' (code 111)): expected a valid value at [line:1, column:10]" }],
    ]);
  });
});
