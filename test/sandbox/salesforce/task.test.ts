import { bearer, openOrg } from './opened-org.ts';
import type { OpenedOrg } from './opened-org.ts';

const DAY = '2026-03-02';

describe('tasks of the emulated org', () => {
  let org: OpenedOrg;
  beforeAll(async () => void (org = await openOrg()));
  beforeEach(() => org.reset());
  afterAll(() => org.close());

  const create = async (object: string, fields: object): Promise<string> => (await org.call('POST', `/sobjects/${object}`, fields)).body.id;
  const lastActivity = async (object: string, id: string): Promise<unknown> =>
    (await org.query(`SELECT LastActivityDate FROM ${object} WHERE Id = '${id}'`))[0]?.['LastActivityDate'];
  const userId = async (alias: string): Promise<unknown> => (await org.query(`SELECT Id FROM User WHERE Alias = '${alias}'`))[0]?.['Id'];
  const opportunityOf = (account: string): Promise<string> =>
    create('Opportunity', { Name: 'Direct', AccountId: account, StageName: 'Prospecting', CloseDate: '2026-06-30' });

  it('have the custom fields of activities, by which they are found and upserted', async () => {
    const description = (await org.call('GET', '/sobjects/Task/describe')).body;
    expect(description.fields.find(({ name }: { name: string }) => name === 'Question_Id__c')).toMatchObject({
      type: 'string',
      length: 36,
      externalId: true,
      unique: true,
      caseSensitive: true,
    });
    const path = '/sobjects/Task/Question_Id__c/q-1';
    const first = await org.call('PATCH', path, { Subject: 'Decide' });
    expect(first.body).toMatchObject({ created: true });
    expect((await org.call('PATCH', path, { Subject: 'Decide today' })).body).toMatchObject({ id: first.body.id, created: false });
    expect(await org.query("SELECT Subject FROM Task WHERE Question_Id__c = 'q-1'")).toMatchObject([{ Subject: 'Decide today' }]);
    expect((await org.call('POST', '/sobjects/Task', { Question_Id__c: 'q-1' })).body[0].errorCode).toBe('DUPLICATE_VALUE');
  });

  it('belong to registrations, to their owner, and are closed by their status alone', async () => {
    const registration = await create('Deal_Registration__c', { Status__c: 'in_review' });
    const id = await create('Task', { Subject: 'Decide', WhatId: registration });
    expect((await org.call('PATCH', `/sobjects/Task/${id}`, { OwnerId: await userId('manager') })).status).toBe(204);
    expect((await org.call('PATCH', `/sobjects/Task/${id}`, { IsClosed: true })).body[0].errorCode).toBe('INVALID_FIELD_FOR_INSERT_UPDATE');
    await org.call('PATCH', `/sobjects/Task/${id}`, { Status: 'Completed' });
    const [row] = await org.query(`SELECT WhatId, What.Type, Owner.Name, IsClosed FROM Task WHERE Id = '${id}'`);
    expect(row).toMatchObject({ WhatId: registration, What: { Type: 'Deal_Registration__c' }, IsClosed: true });
    await org.call('PATCH', `/sobjects/Task/${id}`, { Status: 'In Progress' });
    expect(await org.query(`SELECT IsClosed FROM Task WHERE Id = '${id}'`)).toMatchObject([{ IsClosed: false }]);
    const contact = await create('Contact', { LastName: 'Reed' });
    expect((await org.call('PATCH', `/sobjects/Task/${id}`, { WhatId: contact })).status).toBe(400);
  });

  it('keep no history', async () => {
    const answer = await org.call('GET', `/query?q=${encodeURIComponent('SELECT Id FROM TaskHistory')}`);
    expect(answer.body[0]).toMatchObject({ errorCode: 'INVALID_TYPE' });
  });

  it('that are completed move the last activity of the account and of the opportunity with its account', async () => {
    const [account, other] = [await create('Account', { Name: 'One' }), await create('Account', { Name: 'Two' })];
    const opportunity = await opportunityOf(other);
    await create('Task', { WhatId: account, Status: 'Completed', ActivityDate: DAY });
    expect([await lastActivity('Account', account), await lastActivity('Account', other)]).toEqual([DAY, null]);
    await create('Task', { WhatId: opportunity, Status: 'Completed', ActivityDate: DAY });
    expect([await lastActivity('Opportunity', opportunity), await lastActivity('Account', other)]).toEqual([DAY, DAY]);
  });

  it('of a registration move its own, and nothing along its lookups', async () => {
    const account = await create('Account', { Name: 'One' });
    const opportunity = await opportunityOf(account);
    const registration = await create('Deal_Registration__c', { Customer__c: account, Partner__c: account, Opportunity__c: opportunity });
    await create('Task', { WhatId: registration, Status: 'Completed', ActivityDate: DAY });
    expect(await lastActivity('Deal_Registration__c', registration)).toBe(DAY);
    expect([await lastActivity('Account', account), await lastActivity('Opportunity', opportunity)]).toEqual([null, null]);
  });

  it.each([
    ['that is open', { ActivityDate: DAY }],
    ['that has no due date', { Status: 'Completed' }],
  ])('%s moves no last activity', async (_what, fields) => {
    const account = await create('Account', { Name: 'One' });
    await create('Task', { WhatId: account, ...fields });
    expect(await lastActivity('Account', account)).toBeNull();
  });

  it('lose their record when that is deleted, and stay', async () => {
    const registration = await create('Deal_Registration__c', { Status__c: 'approved' });
    const id = await create('Task', { WhatId: registration });
    await org.call('DELETE', `/sobjects/Deal_Registration__c/${registration}`, undefined, bearer('rep'));
    expect(await org.query(`SELECT WhatId, IsDeleted FROM Task WHERE Id = '${id}'`)).toMatchObject([{ WhatId: null, IsDeleted: false }]);
    expect((await org.call('PATCH', `/sobjects/Task/${id}`, { WhatId: registration })).body[0].errorCode).toBe('ENTITY_IS_DELETED');
  });
});
