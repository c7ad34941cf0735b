import { failureOf } from '../stub-org.ts';
import { openRecordedOrg, TOKEN, type RecordedOrg } from './recorded-org.ts';

/** Each weak point of jsforce is shown first as it is, then as it is not in our connection. */

const CLIENT = { kind: 'client_credentials', clientId: 'app', clientSecret: 'secret' } as const;

let org: RecordedOrg;
beforeAll(async () => void (org = await openRecordedOrg()));
beforeEach(() => org.reset());
afterAll(() => org.close());

const apiCalls = () => org.calls.filter(({ url }) => url.startsWith('/services/data')).length;

describe('a session that stays refused after a good renewal', () => {
  const FOR_EVER = 30;

  it('jsforce goes on for as long as it is refused', async () => {
    await org.control('faults', { rules: [{ path: '/limits', times: FOR_EVER, fault: 'unauthorized' }] });
    const naked = org.naked({ refreshFn: (_connection: unknown, callback: (error: null, token: string) => void) => callback(null, TOKEN) });
    await naked.limits();
    expect(apiCalls()).toBe(FOR_EVER + 1);
  });

  it('we renew once, and say so', async () => {
    await org.control('faults', { rules: [{ path: '/sobjects', times: FOR_EVER, fault: 'unauthorized' }] });
    const failure = await failureOf((await org.ours(CLIENT)).describe('Account'));
    expect(failure).toMatchObject({ code: 'CRM_AUTH_FAILED' });
    expect(apiCalls()).toBe(2);
  });
});

describe('a session of the client credentials flow that ended', () => {
  it('jsforce looks for a refresh token, which that flow has not', async () => {
    const naked = org.naked({
      accessToken: undefined,
      oauth2: { loginUrl: org.url, clientId: 'app', clientSecret: 'secret' },
      loginUrl: org.url,
    });
    await naked.authorize({ grant_type: 'client_credentials' });
    await org.control('sessions', { end: 'access' });
    await expect(naked.limits()).rejects.toThrow('No refresh token found in the connection');
  });

  it('we sign in again', async () => {
    const crm = await org.ours(CLIENT);
    await crm.describe('Account');
    await org.control('sessions', { end: 'access' });
    expect(await crm.describe('Account')).toMatchObject({ name: 'Account' });
  });
});

describe('the version of the API', () => {
  it('is 50.0 where jsforce is told none', async () => {
    await org.naked({ version: undefined }).limits();
    expect(org.calls.map(({ url }) => url)).toEqual(['/services/data/v50.0/limits']);
  });

  it('below 46.0 has jsforce send one call a record', async () => {
    const rows = ['a', 'b', 'c'].map((id) => ({ Partner_Id__c: id, Name: id }));
    await org.naked({ version: '45.0' }).sobject('Account').upsert(rows, 'Partner_Id__c');
    expect(apiCalls()).toBe(3);
  });

  it('is the configured one in every call of ours', async () => {
    const crm = await org.ours();
    await crm.write('Account', [{ target: { kind: 'external_id', field: 'Partner_Id__c', value: 'a' }, fields: { Name: 'a' } }]);
    await crm.find('Account', 'Partner_Id__c', ['a'], ['Name']);
    await crm.capture({ object: 'Account', fields: ['Name'], after: null, limit: 10 });
    await crm.history('Account', ['001000000000001AAA'], ['Name']);
    await crm.access?.();
    const versions = org.calls.flatMap(({ url }) => /\/data\/v(\d+\.\d)\//.exec(url)?.[1] ?? []);
    expect(versions.length).toBeGreaterThanOrEqual(6);
    expect(new Set(versions)).toEqual(new Set(['66.0']));
  });
});
