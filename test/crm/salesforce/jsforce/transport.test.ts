import { failureOf } from '../stub-org.ts';
import { openRecordedOrg, type RecordedOrg } from './recorded-org.ts';

let org: RecordedOrg;
beforeAll(async () => void (org = await openRecordedOrg()));
beforeEach(() => org.reset());
afterAll(() => org.close());

const fault = (rule: object) => org.control('faults', { rules: [rule] });
const partner = { target: { kind: 'external_id', field: 'Partner_Id__c', value: 'p-1' }, fields: { Name: 'One' } } as const;

describe('an org that is away', () => {
  it('jsforce repeats reads by itself, unasked and uncounted, and never a write', async () => {
    await fault({ path: '/limits', times: 2, fault: 'unavailable' });
    await org.naked().limits();
    expect(org.calls).toHaveLength(3);
    await fault({ path: '/sobjects', fault: 'unavailable' });
    await expect(org.naked().sobject('Account').create({ Name: 'A' })).rejects.toThrow('Service Unavailable');
    expect(org.calls).toHaveLength(4);
  });

  it('we repeat nothing: who called is told that it may be repeated', async () => {
    const crm = await org.ours();
    await crm.describe('Account');
    await fault({ path: '/query', times: 2, fault: 'unavailable' });
    const before = org.calls.length;
    expect(await failureOf(crm.find('Account', 'Name', ['x'], ['Name']))).toMatchObject({ code: 'CRM_UNAVAILABLE' });
    expect(org.calls).toHaveLength(before + 1);
  });
});

describe('an org that gives no answer', () => {
  it('jsforce still waits when we have long given up', async () => {
    await fault({ path: '/', times: 2, fault: 'hang' });
    let outcome = 'waiting';
    const naked = org
      .naked()
      .requestPost('/composite/sobjects', { records: [] })
      .then(
        () => (outcome = 'answered'),
        () => (outcome = 'failed'),
      );
    const crm = await org.ours(undefined, 300);
    expect(await failureOf(crm.describe('Account'))).toMatchObject({
      code: 'CRM_UNAVAILABLE',
      message: 'No complete answer within 300 ms',
    });
    expect(outcome).toBe('waiting');
    // Ends both waits; a write is not sent again.
    await org.close();
    await naked;
    expect(outcome).toBe('failed');
    org = await openRecordedOrg();
  });
});

describe('a deletion whose answer is lost', () => {
  it('jsforce repeats it, and tells that the record is not there', async () => {
    const { id = '' } = await org.naked().sobject('Account').create({ Name: 'A' });
    let deletions = 0;
    // The first one is carried out, and a gateway says that it was not.
    org.restate = (method, status) => (method === 'DELETE' && (deletions += 1) === 1 ? 503 : status);
    await expect(org.naked().sobject('Account').destroy(id)).rejects.toMatchObject({
      errorCode: expect.stringMatching(/DELETED|NOT_FOUND/),
    });
    expect(deletions).toBe(2);
    expect(await org.rows('SELECT Id FROM Account')).toEqual([]);
  });

  it('we delete nothing; a write whose answer is lost ends in the same state when it is repeated', async () => {
    const crm = await org.ours();
    await fault({ method: 'PATCH', path: '/composite/sobjects', fault: 'lost_answer' });
    expect(await failureOf(crm.write('Account', [partner]))).toMatchObject({ code: 'CRM_UNAVAILABLE' });
    expect(await crm.write('Account', [partner])).toMatchObject([{ kind: 'written', created: false }]);
    expect(await org.rows('SELECT Id FROM Account')).toHaveLength(1);
    expect(org.calls.filter(({ method }) => method === 'DELETE')).toEqual([]);
  });
});
