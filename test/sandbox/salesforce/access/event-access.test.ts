import { openOrg } from '../opened-org.ts';
import type { OpenedOrg } from '../opened-org.ts';
import { shakeHands } from '../stream/bayeux-call.ts';
import { addSet, addUser, assign } from './minimal-user.ts';

describe('change events', () => {
  let org: OpenedOrg;
  beforeAll(async () => void (org = await openOrg()));
  beforeEach(() => org.reset());
  afterAll(() => org.close());

  it('have the fields that their reader sees, and tell nothing of objects that it does not', async () => {
    const user = await addUser(org, 'listener');
    await addSet(org, 'Listener', 'Deal_Registration__c', ['Read', 'ViewAllRecords'], { Status__c: 'read' });
    await assign(org, user, 'Listener');
    const client = await shakeHands(org, user.alias);
    await client.subscribe('/data/ChangeEvents');
    await client.events();
    const { id } = (await org.call('POST', '/sobjects/Deal_Registration__c', { Status__c: 'submitted', Sync_Note__c: 'secret' })).body;
    await org.call('POST', '/sobjects/Account', { Name: 'Globex' });
    await org.call('PATCH', `/sobjects/Deal_Registration__c/${id}`, { Status__c: 'approved', Sync_Note__c: 'other' });
    const payloads = (await client.events()).map((each) => each.data.payload);
    expect(payloads.map((each) => [each.ChangeEventHeader.entityName, each.ChangeEventHeader.changeType])).toEqual([
      ['Deal_Registration__c', 'CREATE'],
      ['Deal_Registration__c', 'UPDATE'],
    ]);
    expect(payloads[1]).toMatchObject({ Status__c: 'approved', ChangeEventHeader: { changedFields: ['LastModifiedDate', 'Status__c'] } });
    for (const payload of payloads) expect(payload).not.toHaveProperty('Sync_Note__c');
  });
});
