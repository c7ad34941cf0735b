import { addPartner, openOrg } from './opened-org.ts';
import type { OpenedOrg } from './opened-org.ts';

const ALL = '/composite/sobjects';
const UPSERT = '/composite/sobjects/Deal_Registration__c/Registration_Id__c';
const registration = (id: string, more: object = {}) => ({ attributes: { type: 'Deal_Registration__c' }, Registration_Id__c: id, ...more });

describe('sObject collections', () => {
  let org: OpenedOrg;
  beforeAll(async () => void (org = await openOrg()));
  beforeEach(() => org.reset());
  afterAll(() => org.close());

  const ids = async () =>
    (await org.query('SELECT Registration_Id__c FROM Deal_Registration__c ORDER BY Registration_Id__c')).map(
      (row) => row['Registration_Id__c'],
    );

  it('keeps the good rows beside a bad one, in order, under 200 and statusCode', async () => {
    const records = [registration('a'), registration('b', { Status__c: 'bogus' }), registration('c')];
    const answer = await org.call('POST', ALL, { allOrNone: false, records });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual([
      { id: expect.any(String), success: true, errors: [] },
      {
        success: false,
        errors: [
          {
            statusCode: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
            message: 'Status: bad value for restricted picklist field: bogus',
            fields: ['Status__c'],
          },
        ],
      },
      { id: expect.any(String), success: true, errors: [] },
    ]);
    expect(await ids()).toEqual(['a', 'c']);
  });

  it('keeps nothing under allOrNone when one row is bad', async () => {
    const records = [registration('a'), registration('b', { Status__c: 'bogus' })];
    const answer = await org.call('PATCH', UPSERT, { allOrNone: true, records });
    expect(answer.body.map((row: { errors: { statusCode: string }[] }) => row.errors[0]?.statusCode)).toEqual([
      'ALL_OR_NONE_OPERATION_ROLLED_BACK',
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
    ]);
    expect(await ids()).toEqual([]);
    expect(await org.query('SELECT Id FROM Deal_Registration__History')).toEqual([]);
  });

  it('upserts by external id, says what was created, and links parents', async () => {
    const partner = await addPartner(org, 'p-1');
    await org.call('PATCH', UPSERT, { records: [registration('a')] });
    const records = [
      registration('a', { Partner__r: { Partner_Id__c: 'p-1' } }),
      registration('b', { Partner__r: { Partner_Id__c: 'nobody' } }),
      registration('c'),
    ];
    const { body } = await org.call('PATCH', UPSERT, { allOrNone: false, records });
    expect(body.map((row: { success: boolean; created: boolean }) => [row.success, row.created])).toEqual([
      [true, false],
      [false, false],
      [true, true],
    ]);
    expect(await org.query("SELECT Partner__c FROM Deal_Registration__c WHERE Registration_Id__c = 'a'")).toMatchObject([
      { Partner__c: partner },
    ]);
  });

  it('refuses the second of two rows with one external id, and an Id beside it', async () => {
    const [row] = (await org.call('PATCH', UPSERT, { records: [registration('a')] })).body;
    const { body } = await org.call('PATCH', UPSERT, {
      records: [registration('a'), registration('a'), registration('b', { Id: row.id })],
    });
    expect(body.map((each: { errors: { statusCode: string }[] }) => each.errors[0]?.statusCode ?? 'saved')).toEqual([
      'saved',
      'DUPLICATE_VALUE',
      'INVALID_FIELD',
    ]);
  });

  it('updates and deletes by id, each row for itself', async () => {
    const [a, b] = (await org.call('POST', ALL, { records: [registration('a'), registration('b')] })).body;
    const patch = (id: string | undefined, more: object) => ({
      attributes: { type: 'Deal_Registration__c' },
      ...(id === undefined ? {} : { id }),
      ...more,
    });
    const updated = await org.call('PATCH', ALL, {
      records: [patch(a.id, { Status__c: 'approved' }), patch(undefined, {}), patch('zzz', {}), patch('a00000000000000AAA', {})],
    });
    expect(updated.body.map((each: { errors: { statusCode: string }[] }) => each.errors[0]?.statusCode ?? 'saved')).toEqual([
      'saved',
      'MISSING_ARGUMENT',
      'MALFORMED_ID',
      'INVALID_CROSS_REFERENCE_KEY',
    ]);
    const deleted = await org.call('DELETE', `${ALL}?ids=${b.id},${b.id}&allOrNone=false`);
    expect(deleted.body).toEqual([
      { id: b.id, success: true, errors: [] },
      { success: false, errors: [{ statusCode: 'ENTITY_IS_DELETED', message: 'entity is deleted', fields: [] }] },
    ]);
    expect(await ids()).toEqual(['a']);
  });

  it('retrieves in the order asked, null for what is missing, by GET and by POST', async () => {
    const id = await addPartner(org, 'p-1');
    const missing = '001000000000000AAA';
    const expected = [null, { attributes: expect.anything(), Id: id, Name: 'Partner p-1' }];
    expect((await org.call('GET', `${ALL}/Account?ids=${missing},${id}&fields=Name`)).body).toEqual(expected);
    expect((await org.call('POST', `${ALL}/Account`, { ids: [missing, id], fields: ['id', 'name'] })).body).toEqual(expected);
    const unknown = await org.call('POST', `${ALL}/Account`, { ids: [id], fields: ['foo'] });
    expect([unknown.status, unknown.body[0].errorCode]).toEqual([400, 'INVALID_FIELD']);
  });

  it.each([
    ['200 rows', 200, 200],
    ['201 rows', 201, 400],
    ['no rows', 0, 400],
  ])('takes at most 200 rows: %s', async (_what, count, status) => {
    const records = Array.from({ length: count }, (_each, index) => registration(`r-${index}`));
    expect((await org.call('PATCH', UPSERT, { records })).status).toBe(status);
    expect((await ids()).length).toBe(status === 200 ? count : 0);
  });

  it('fails as a whole on a value the JSON parser stops at', async () => {
    const answer = await org.call('PATCH', UPSERT, { records: [registration('a'), registration('b', { Estimated_Value__c: 'many' })] });
    expect([answer.status, answer.body[0].errorCode]).toEqual([400, 'JSON_PARSER_ERROR']);
    expect(await ids()).toEqual([]);
  });
});
