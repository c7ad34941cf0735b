import { addPartner, bearer, DATA, openOrg } from '../opened-org.ts';
import type { OpenedOrg } from '../opened-org.ts';
import { runJob } from '../bulk-call.ts';
import { headersOf, listenTo } from './bayeux-call.ts';
import type { BayeuxClient } from './bayeux-call.ts';

const STAMP = '2026-03-02T09:00:00.000Z';
const DEALS = '/data/Deal_Registration__ChangeEvent';

describe('change events', () => {
  let org: OpenedOrg;
  let client: BayeuxClient;
  let userIds: Readonly<Record<string, string>>;
  beforeAll(async () => void (org = await openOrg()));
  beforeEach(async () => {
    await org.reset();
    client = await listenTo(org, '/data/ChangeEvents');
    userIds = Object.fromEntries((await org.query('SELECT Id, Alias FROM User')).map((row) => [row['Alias'], row['Id']]));
  });
  afterAll(() => org.close());

  const create = async (object: string, fields: object, alias = 'integration'): Promise<string> =>
    (await org.call('POST', `/sobjects/${object}`, fields, bearer(alias))).body.id;
  const change = (object: string, id: string, fields: object, headers = bearer('integration')) =>
    org.call('PATCH', `/sobjects/${object}/${id}`, fields, headers);
  const types = async () => headersOf(await client.events()).map((header) => [header.entityName, header.changeType]);
  /** Gives the events so far to nobody. */
  const forget = () => client.events();

  it('tell a new record: its filled fields and who made it, under a header without changed fields', async () => {
    const id = await create('Deal_Registration__c', { Registration_Id__c: 'r-1', Estimated_Value__c: 100 }, 'rep');
    const [event] = await client.events();
    const { ChangeEventHeader: header, ...fields } = event.data.payload;
    expect(fields).toEqual({
      Name: expect.any(String),
      OwnerId: userIds['rep'],
      CreatedDate: STAMP,
      CreatedById: userIds['rep'],
      LastModifiedDate: STAMP,
      LastModifiedById: userIds['rep'],
      Registration_Id__c: 'r-1',
      Estimated_Value__c: 100,
    });
    expect(header).toEqual({
      commitNumber: expect.any(Number),
      commitUser: userIds['rep'],
      sequenceNumber: 1,
      entityName: 'Deal_Registration__c',
      changeType: 'CREATE',
      changedFields: [],
      changeOrigin: 'com/salesforce/api/rest/66.0',
      transactionKey: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      commitTimestamp: Date.parse(STAMP),
      recordIds: [id],
    });
    expect([event.channel, event.data.schema, event.data.event]).toEqual([
      '/data/ChangeEvents',
      expect.stringMatching(/^[\w-]{22}$/),
      { replayId: expect.any(Number) },
    ]);
  });

  it('tell an update: what changed, emptied fields as null, and the modifier only when it is another', async () => {
    const id = await create('Deal_Registration__c', { Sync_Note__c: 'old', Estimated_Value__c: 1, Registration_Id__c: 'r-1' });
    await forget();
    await org.control('clock', { advanceMs: 5_000 });
    await change('Deal_Registration__c', id, { Sync_Note__c: '', Estimated_Value__c: 2, Registration_Id__c: 'r-1' });
    await change('Deal_Registration__c', id, { Estimated_Value__c: 3 }, bearer('rep'));
    const later = '2026-03-02T09:00:05.000Z';
    const events = await client.events();
    expect(
      events.map(({ data: { payload } }) => ({ ...payload, ChangeEventHeader: payload.ChangeEventHeader.changedFields.toSorted() })),
    ).toEqual([
      {
        LastModifiedDate: later,
        Sync_Note__c: null,
        Estimated_Value__c: 2,
        ChangeEventHeader: ['Estimated_Value__c', 'LastModifiedDate', 'Sync_Note__c'],
      },
      {
        LastModifiedDate: later,
        LastModifiedById: userIds['rep'],
        Estimated_Value__c: 3,
        ChangeEventHeader: ['Estimated_Value__c', 'LastModifiedById', 'LastModifiedDate'],
      },
    ]);
    expect(headersOf(events).map((header) => header.commitUser)).toEqual([userIds['integration'], userIds['rep']]);
  });

  it('nest the parts of names and addresses, and name them by their path', async () => {
    const id = await create('Lead', { FirstName: 'Ada', LastName: 'King', Company: 'Globex', City: 'London', IsConverted: undefined });
    await change('Lead', id, { LastName: 'Lovelace', Street: 'Main Street 1' });
    const [made, changed] = await client.events();
    expect(made.data.payload).toMatchObject({
      Name: { FirstName: 'Ada', LastName: 'King' },
      Address: { City: 'London' },
      IsConverted: false,
    });
    expect(changed.data.payload).toMatchObject({ Name: { LastName: 'Lovelace' }, Address: { Street: 'Main Street 1' } });
    expect(changed.data.payload.Name).not.toHaveProperty('FirstName');
    expect(changed.data.payload.ChangeEventHeader.changedFields.toSorted()).toEqual([
      'Address.Street',
      'LastModifiedDate',
      'Name.LastName',
    ]);
  });

  it('tell a deletion by the header alone, with the children that go with it, and an undeletion with all fields', async () => {
    const account = await create('Account', { Name: 'Globex' });
    await create('Contact', { LastName: 'King', AccountId: account });
    await forget();
    await org.call('DELETE', `/sobjects/Account/${account}`);
    await org.control('undelete', { sobject: 'Account', ids: [account] });
    const events = await client.events();
    expect(headersOf(events).map((header) => [header.entityName, header.changeType, header.sequenceNumber])).toEqual([
      ['Account', 'DELETE', 1],
      ['Contact', 'DELETE', 2],
      ['Account', 'UNDELETE', 1],
      ['Contact', 'UNDELETE', 2],
    ]);
    const [gone, child, back] = events.map((each) => each.data.payload);
    expect(Object.keys(gone)).toEqual(['ChangeEventHeader']);
    expect(child.ChangeEventHeader.transactionKey).toBe(gone.ChangeEventHeader.transactionKey);
    expect(back).toMatchObject({ Name: 'Globex', CreatedDate: STAMP, ChangeEventHeader: { changeOrigin: 'com/salesforce/api/soap/68.0' } });
    expect(back.ChangeEventHeader.transactionKey).not.toBe(gone.ChangeEventHeader.transactionKey);
  });

  it('tell a merge as the deletion of the loser and an update of the winner', async () => {
    const [winner, loser] = [await create('Account', { Name: 'A' }), await create('Account', { Name: 'B' })];
    await forget();
    await org.control('merge', { sobject: 'Account', masterId: winner, ids: [loser] });
    expect(headersOf(await client.events()).map((header) => [header.changeType, header.recordIds])).toEqual([
      ['DELETE', [loser]],
      ['UPDATE', [winner]],
    ]);
  });

  it('are none for what was refused or undone, also within a transaction that goes on', async () => {
    const record = { attributes: { type: 'Account' }, Name: 'A' };
    await create('Account', {});
    await org.call('POST', '/composite/sobjects', { allOrNone: true, records: [record, { ...record, Name: '' }] });
    expect(await types()).toEqual([]);
    await org.call('POST', '/composite/sobjects', { records: [{ ...record, Name: '' }, record] });
    expect(await types()).toEqual([['Account', 'CREATE']]);
  });

  it('are none for a part that was undone of a transaction that was kept', async () => {
    const record = (Name: string) => ({ attributes: { type: 'Account' }, Name });
    const url = `${DATA}/composite/sobjects`;
    const { body } = await org.call('POST', '/composite', {
      allOrNone: true,
      compositeRequest: [
        {
          method: 'POST',
          url,
          body: { allOrNone: true, records: [record('Undone'), record('Undone too'), record('')] },
          referenceId: 'undone',
        },
        { method: 'POST', url, body: { records: [record('Kept'), record('')] }, referenceId: 'kept' },
      ],
    });
    expect(body.compositeResponse[0].body.map((each: { success: boolean }) => each.success)).toEqual([false, false, false]);
    expect((await client.events()).map((each) => each.data.payload.Name)).toEqual(['Kept']);
  });

  it('are one for all that a transaction does to a record, with what it is at the end', async () => {
    const part = (method: string, url: string, body: object | null, referenceId: string) => ({
      method,
      url: DATA + url,
      body,
      referenceId,
    });
    const { body } = await org.call('POST', '/composite', {
      allOrNone: true,
      compositeRequest: [
        part('POST', '/sobjects/Account', { Name: 'First' }, 'kept'),
        part('PATCH', '/sobjects/Account/@{kept.id}', { Name: 'Last' }, 'changed'),
        part('POST', '/sobjects/Account', { Name: 'Gone' }, 'lost'),
        part('DELETE', '/sobjects/Account/@{lost.id}', null, 'deleted'),
      ],
    });
    expect(body.compositeResponse.map((each: { httpStatusCode: number }) => each.httpStatusCode)).toEqual([201, 204, 201, 204]);
    const events = await client.events();
    expect(events.map((each) => [each.data.payload.ChangeEventHeader.changeType, each.data.payload.Name])).toEqual([['CREATE', 'Last']]);
  });

  it('are merged for records of which a transaction tells the same, and only for these', async () => {
    const ids = [await create('Account', { Name: 'A' }), await create('Account', { Name: 'A' }), await create('Account', { Name: 'C' })];
    await forget();
    const update = (Names: readonly string[]) =>
      org.call('PATCH', '/composite/sobjects', {
        records: ids.map((id, index) => ({ attributes: { type: 'Account' }, id, Industry: Names[index] })),
      });
    await update(['Retail', 'Banking', 'Retail']);
    const headers = headersOf(await client.events());
    expect(headers.map((header) => [header.recordIds, header.sequenceNumber])).toEqual([
      [[ids[0], ids[2]], 1],
      [[ids[1]], 2],
    ]);
    expect(new Set(headers.map((header) => header.transactionKey)).size).toBe(1);
    await org.call('POST', '/composite/sobjects', { records: ['N', 'N'].map((Name) => ({ attributes: { type: 'Account' }, Name })) });
    expect(headersOf(await client.events()).map((header) => header.recordIds.length)).toEqual([1, 1]);
  });

  it('name the client of a row and of a bulk job, and nobody for a collection or a composite', async () => {
    const named = { ...bearer('rep'), 'sforce-call-options': 'client=astro, defaultNamespace=ns' };
    const record = { attributes: { type: 'Account' }, Name: 'B' };
    const compositeRequest = [
      {
        method: 'POST',
        url: `${DATA}/sobjects/Account`,
        body: { Name: 'C' },
        referenceId: 'c',
        httpHeaders: { 'Sforce-Call-Options': 'client=astro' },
      },
    ];
    await org.call('POST', '/services/data/v58.0/sobjects/Account', { Name: 'A' }, named);
    await org.call('POST', '/composite/sobjects', { records: [record] }, named);
    await org.call('POST', '/composite', { compositeRequest }, named);
    await org.call('POST', '/sobjects/Account', { Name: 'D' }, { ...named, 'sforce-call-options': 'defaultNamespace=ns; client=x y' });
    await runJob(org, { object: 'Account', operation: 'insert' }, 'Name\nE\n');
    expect(headersOf(await client.events()).map((header) => header.changeOrigin)).toEqual([
      'com/salesforce/api/rest/58.0;client=astro',
      'com/salesforce/api/rest/66.0',
      'com/salesforce/api/rest/66.0',
      'com/salesforce/api/rest/66.0;client=x y',
      'com/salesforce/api/bulkapi/66.0',
    ]);
  });

  it('are none for a hard deletion', async () => {
    const id = await create('Account', { Name: 'A' });
    await forget();
    await runJob(org, { object: 'Account', operation: 'hardDelete' }, `Id\n${id}\n`);
    expect(await types()).toEqual([]);
    expect(await org.query(`SELECT Id FROM Account WHERE Id = '${id}'`)).toEqual([]);
  });

  it('come on the channel of their object, and only there', async () => {
    const deals = await listenTo(org, DEALS);
    await addPartner(org, 'p-1');
    const id = await create('Deal_Registration__c', {});
    expect(headersOf(await deals.events()).map((header) => header.recordIds)).toEqual([[id]]);
    expect(await types()).toEqual([
      ['Account', 'CREATE'],
      ['Deal_Registration__c', 'CREATE'],
    ]);
  });

  it('are kept for the selected objects only', async () => {
    expect((await org.control('change-data-capture', { entities: ['account', 'Nope'] })).status).toBe(400);
    expect((await org.control('change-data-capture', { entities: ['account'] })).body).toEqual({ entities: ['Account'] });
    await create('Lead', { LastName: 'L', Company: 'C' });
    await addPartner(org, 'p-1');
    expect(await types()).toEqual([['Account', 'CREATE']]);
    await org.control('change-data-capture', { entities: 'all' });
    await create('Lead', { LastName: 'L', Company: 'C' });
    expect(await types()).toEqual([['Lead', 'CREATE']]);
  });

  it.each(['GAP_CREATE', 'GAP_UPDATE', 'GAP_DELETE', 'GAP_UNDELETE'])(
    '%s comes on request, a header without fields',
    async (changeType) => {
      const id = await addPartner(org, 'p-1');
      await forget();
      const { body } = await org.control('events', { changeType, sobject: 'Account', ids: [id.slice(0, 15)], as: 'rep' });
      const [event] = await client.events();
      expect([event.data.event, Object.keys(event.data.payload)]).toEqual([{ replayId: body.replayId }, ['ChangeEventHeader']]);
      expect(headersOf([event])).toMatchObject([
        { changeType, recordIds: [id], changedFields: [], changeOrigin: '', commitUser: userIds['rep'] },
      ]);
    },
  );

  it('GAP_OVERFLOW comes on request, and names no record', async () => {
    await org.control('events', { changeType: 'GAP_OVERFLOW', sobject: 'Deal_Registration__c' });
    expect(headersOf(await client.events())).toMatchObject([
      { changeType: 'GAP_OVERFLOW', entityName: 'Deal_Registration__c', recordIds: ['000000000000000AAA'] },
    ]);
    const bad = await org.control('events', { changeType: 'GAP_CREATE', sobject: 'Account' });
    expect(bad.status).toBe(400);
    expect((await org.control('events', { changeType: 'GAP_OVERFLOW', sobject: 'Organization' })).status).toBe(400);
  });
});
