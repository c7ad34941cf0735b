import type { RemoteWrite } from '../../../../crm/port.ts';
import { failureOf } from '../stub-org.ts';
import { openRecordedOrg, type RecordedOrg } from './recorded-org.ts';

let org: RecordedOrg;
beforeAll(async () => void (org = await openRecordedOrg()));
beforeEach(() => org.reset());
afterAll(() => org.close());

const KEY = 'Partner_Id__c';
const partner = (value: string, name: string): RemoteWrite => ({
  target: { kind: 'external_id', field: KEY, value },
  fields: { Name: name },
});
const names = async () => (await org.rows(`SELECT ${KEY}, Name FROM Account ORDER BY Name`)).map((row) => [row[KEY], row['Name']]);
const writes = () => org.calls.filter(({ method }) => method === 'POST' || method === 'PATCH');

describe('an external id with characters that mean something in an address', () => {
  beforeEach(async () => {
    await (await org.ours()).write('Account', [partner('p-1', 'One')]);
  });

  it('jsforce loses the tail of it, and writes over another record', async () => {
    await org
      .naked()
      .sobject('Account')
      .upsert({ [KEY]: 'p-1#2', Name: 'Two' }, KEY);
    expect(await names()).toEqual([['p-1', 'Two']]);
  });

  it.each(['p-1#2', 'p-1?x=2', 'p-1/2', 'p 1 %2'])('we write %s as it is', async (value) => {
    const crm = await org.ours();
    expect(await crm.write('Account', [partner(value, 'Two')])).toMatchObject([{ kind: 'written', created: true }]);
    expect(await names()).toEqual([
      ['p-1', 'One'],
      [value, 'Two'],
    ]);
  });
});

describe('an upsert of a record that has its id as well', () => {
  it('jsforce sends the id along, which the org refuses', async () => {
    const { id = '' } = await org
      .naked()
      .sobject('Account')
      .create({ [KEY]: 'p-1', Name: 'One' });
    await expect(
      org
        .naked()
        .sobject('Account')
        .upsert({ Id: id, [KEY]: 'p-1', Name: 'Two' }, KEY),
    ).rejects.toMatchObject({
      errorCode: 'INVALID_FIELD',
    });
  });

  it('we refuse the row before any call, and the others go', async () => {
    const crm = await org.ours();
    const outcomes = await crm.write('Account', [{ ...partner('p-1', 'One'), fields: { Id: '001', Name: 'One' } }, partner('p-2', 'Two')]);
    expect(outcomes).toMatchObject([{ kind: 'refused', code: 'CRM_REQUEST_INVALID' }, { kind: 'written' }]);
  });
});

describe('a row without an external id among others', () => {
  it('jsforce writes none of them', async () => {
    const rows = [
      { [KEY]: '', Name: 'None' },
      { [KEY]: 'p-2', Name: 'Two' },
    ];
    await expect(org.naked().sobject('Account').upsert(rows, KEY)).rejects.toThrow('External ID is not found in record.');
    expect(await names()).toEqual([]);
  });

  it('we refuse that row alone', async () => {
    const outcomes = await (await org.ours()).write('Account', [partner('', 'None'), partner('p-2', 'Two')]);
    expect(outcomes).toMatchObject([{ kind: 'refused', code: 'CRM_REQUEST_INVALID' }, { kind: 'written' }]);
    expect(await names()).toEqual([['p-2', 'Two']]);
  });
});

describe('more rows than a call carries', () => {
  const rows = Array.from({ length: 201 }, (_row, index) => ({ [KEY]: `p-${index}`, Name: `Partner ${index}` }));

  it('jsforce sends them all in one call, which is refused whole', async () => {
    await expect(org.naked().sobject('Account').upsert(rows, KEY)).rejects.toThrow(/200/);
    expect(writes()).toHaveLength(1);
    expect(await names()).toEqual([]);
  });

  it('we send none, and say how many go', async () => {
    const crm = await org.ours();
    const many = rows.map((row) => partner(row[KEY] ?? '', row['Name'] ?? ''));
    expect(await failureOf(crm.write('Account', many))).toMatchObject({ message: '201 rows in one write; at most 200' });
    expect(writes()).toEqual([]);
    expect(await crm.write('Account', many.slice(1))).toHaveLength(200);
    expect(writes()).toHaveLength(1);
  });
});

describe('an error', () => {
  it.each([
    ['a page', { fault: 'unavailable' }, 'ERROR_HTTP_503'],
    ['an empty body', { fault: 'status', status: 412 }, 'ERROR_HTTP_412'],
    ['a choice of records', { fault: 'status', status: 300 }, 'MULTIPLE_CHOICES'],
  ])('with %s has another form in jsforce: no words of the org, or all of the page', async (_what, rule, errorCode) => {
    await org.control('faults', { rules: [{ method: 'POST', path: '/sobjects', ...rule }] });
    await expect(org.naked().sobject('Account').create({ Name: 'A' })).rejects.toMatchObject({ errorCode });
  });

  it.each([
    ['a page', { fault: 'unavailable' }, 'CRM_UNAVAILABLE', 'HTTP 503 without a readable reason'],
    ['an empty body', { fault: 'status', status: 412 }, 'CRM_REQUEST_INVALID', 'HTTP 412 without a readable reason'],
    [
      'a choice of records',
      { fault: 'status', status: 300 },
      'CRM_DUPLICATE',
      'MULTIPLE_CHOICES: several records match: 001000000000001AAA, 001000000000002AAA',
    ],
  ])('with %s has a code of ours, and a message without the page', async (_what, rule, code, message) => {
    await org.control('faults', { rules: [{ method: 'PATCH', path: '/composite', ...rule }] });
    expect(await failureOf((await org.ours()).write('Account', [partner('p-1', 'One')]))).toMatchObject({ code, message });
  });
});

describe('an assignment rule of the org', () => {
  it('is asked for by a write of jsforce, and not by one of ours', async () => {
    await org.naked().sobject('Account').create({ Name: 'A' });
    await (await org.ours()).write('Account', [partner('p-1', 'One')]);
    expect(writes().map(({ headers }) => headers['sforce-auto-assign'])).toEqual([undefined, 'FALSE']);
  });
});
