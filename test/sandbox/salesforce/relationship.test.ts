import { openOrg } from './opened-org.ts';
import type { OpenedOrg } from './opened-org.ts';

describe('sObject Relationships', () => {
  let org: OpenedOrg;
  let account: string;
  let contact: string;
  beforeEach(async () => {
    org ??= await openOrg();
    await org.reset();
    account = (await org.call('POST', '/sobjects/Account', { Name: 'Acme', BillingCountry: 'DE' })).body.id;
    contact = (await org.call('POST', '/sobjects/Contact', { LastName: 'One', AccountId: account })).body.id;
  });
  afterAll(() => org.close());

  it('lead up to a parent, whole or in some fields, over several steps', async () => {
    const parent = await org.call('GET', `/sobjects/Contact/${contact}/Account`);
    expect([parent.status, parent.body.Id, parent.body.BillingCountry]).toEqual([200, account, 'DE']);
    const chosen = await org.call('GET', `/sobjects/contact/${contact.slice(0, 15)}/account/?fields=Name,BillingCountry`);
    expect(chosen.body).toEqual({ attributes: parent.body.attributes, Name: 'Acme', BillingCountry: 'DE' });
    expect((await org.call('GET', `/sobjects/Contact/${contact}/Account/Owner?fields=Alias`)).body).toMatchObject({ Alias: 'integration' });
  });

  it('lead down to children as a query does, also of a parent', async () => {
    const children = await org.call('GET', `/sobjects/Account/${account}/Contacts?fields=LastName`);
    expect(children.body).toMatchObject({ totalSize: 1, done: true, records: [{ attributes: { type: 'Contact' }, LastName: 'One' }] });
    expect((await org.call('GET', `/sobjects/Contact/${contact}/Account/Contacts`)).body.records).toMatchObject([{ Id: contact }]);
    expect((await org.call('GET', `/sobjects/Account/${account}/Opportunities`)).body).toEqual({ totalSize: 0, done: true, records: [] });
  });

  it('write and delete the parent', async () => {
    expect((await org.call('PATCH', `/sobjects/Contact/${contact}/Account`, { BillingCountry: 'FR' })).status).toBe(204);
    expect((await org.call('GET', `/sobjects/Account/${account}`)).body.BillingCountry).toBe('FR');
    expect((await org.call('PATCH', `/sobjects/Contact/${contact}/Account`, { Nope: 1 })).body[0].errorCode).toBe('INVALID_FIELD');
    expect((await org.call('DELETE', `/sobjects/Contact/${contact}/Account`)).status).toBe(204);
    expect((await org.call('GET', `/sobjects/Account/${account}`)).status).toBe(404);
  });

  it.each([
    ['a name that is no relationship', (id: string) => `/sobjects/Contact/${id}/Nope`],
    ['a lookup that is empty', (id: string) => `/sobjects/Contact/${id}/ReportsTo`],
    ['a record that does not exist', () => '/sobjects/Contact/003000000000999AAA/Account'],
    ['a step behind children', (id: string) => `/sobjects/Contact/${id}/Account/Contacts/Account`],
  ])('answer 404 for %s', async (_what, path) => {
    const answer = await org.call('GET', path(contact));
    expect([answer.status, answer.body[0].errorCode]).toEqual([404, 'NOT_FOUND']);
  });

  it('refuse a field that the reached object lacks', async () => {
    expect((await org.call('GET', `/sobjects/Contact/${contact}/Account?fields=Nope`)).body[0].errorCode).toBe('INVALID_FIELD');
    expect((await org.call('GET', `/sobjects/Account/${account}/Contacts?fields=Nope`)).body[0].errorCode).toBe('INVALID_FIELD');
  });
});

describe('entity tags', () => {
  let org: OpenedOrg;
  let path: string;
  let tag: string;
  beforeAll(async () => {
    org = await openOrg();
    path = `/sobjects/Account/${(await org.call('POST', '/sobjects/Account', { Name: 'Acme' })).body.id}`;
    tag = (await org.call('GET', path)).headers.get('etag') ?? '';
  });
  afterAll(() => org.close());

  it.each([
    ['304 for the tag it has', 'GET', (known: string) => ({ 'if-none-match': known }), 304],
    ['304 for one of several', 'GET', (known: string) => ({ 'if-none-match': `"other", W/${known}` }), 304],
    ['304 for the tag of a compressed answer', 'GET', (known: string) => ({ 'if-none-match': known.replace(/"$/, '--gzip"') }), 304],
    ['200 for another tag', 'GET', () => ({ 'if-none-match': '"other"' }), 200],
    ['200 for the tag it must have', 'GET', (known: string) => ({ 'if-match': known }), 200],
    ['412 for another one', 'GET', () => ({ 'if-match': '"other"' }), 412],
    ['412 for a write upon another one', 'PATCH', () => ({ 'if-match': '"other"' }), 412],
    ['204 for a write upon what it is', 'PATCH', (known: string) => ({ 'if-match': known }), 204],
  ] as const)('of an account: %s', async (_what, method, headers, status) => {
    expect((await org.call(method, path, method === 'PATCH' ? { Name: 'Acme' } : undefined, headers(tag))).status).toBe(status);
  });

  it('change with the account, and other objects have none', async () => {
    await org.call('PATCH', path, { Name: 'Acme 2' });
    expect((await org.call('GET', path)).headers.get('etag')).not.toBe(tag);
    const contact = (await org.call('POST', '/sobjects/Contact', { LastName: 'One' })).body.id;
    const answer = await org.call('GET', `/sobjects/Contact/${contact}`, undefined, { 'if-match': '"other"' });
    expect([answer.status, answer.headers.get('etag')]).toEqual([200, null]);
  });
});
