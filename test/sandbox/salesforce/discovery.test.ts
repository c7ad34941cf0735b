import { openOrg, ORG_START } from './opened-org.ts';
import type { OpenedOrg } from './opened-org.ts';

describe('discovery', () => {
  let org: OpenedOrg;
  beforeAll(async () => void (org = await openOrg()));
  beforeEach(() => org.reset());
  afterAll(() => org.close());

  const describeField = async (object: string, name: string) => {
    const { body } = await org.call('GET', `/sobjects/${object}/describe`);
    return body.fields.find((field: { name: string }) => field.name === name);
  };

  it('lists the versions to anybody, uncounted', async () => {
    const answer = await org.call('GET', '/services/data', undefined, { authorization: '' });
    expect([answer.status, answer.headers.get('sforce-limit-info')]).toEqual([200, null]);
    expect([answer.body.length, answer.body[0].version, answer.body.at(-1)]).toEqual([
      24,
      '45.0',
      { label: "Winter '27", url: '/services/data/v68.0', version: '68.0' },
    ]);
  });

  it.each([
    ['v45.0', 200],
    ['v68.0', 200],
    ['v44.0', 404],
    ['v69.0', 404],
    ['66', 404],
  ])('serves %s with %i', async (version, status) => {
    expect((await org.call('GET', `/services/data/${version}/limits`)).status).toBe(status);
  });

  it.each(['//services/data/v66.0/limits', '/services//data/v66.0//limits/', '/services/data/v66.0/limits/'])('takes %s', async (path) => {
    const response = await fetch(org.url + path, { headers: { authorization: 'OAuth 00D000000000001!rep' } });
    expect([response.status, response.headers.get('sforce-limit-info')]).toEqual([200, 'api-usage=1/500000']);
  });

  it('counts calls against the allowance and refuses when it is used up', async () => {
    await org.control('limits', { dailyApiRequests: 2, used: 1 });
    const last = await org.call('GET', '/limits');
    expect(last.body.DailyApiRequests).toEqual({ Max: 2, Remaining: 0 });
    const over = await org.call('GET', '/limits');
    expect([over.status, over.body[0].errorCode, over.headers.get('sforce-limit-info')]).toEqual([
      403,
      'REQUEST_LIMIT_EXCEEDED',
      'api-usage=2/2',
    ]);
    await org.control('clock', { advanceMs: 25 * 60 * 60 * 1000 });
    expect((await org.call('GET', '/limits')).status).toBe(200);
  });

  it('describes the shipped object from its files', async () => {
    expect(await describeField('Deal_Registration__c', 'Registration_Id__c')).toMatchObject({
      type: 'string',
      length: 36,
      externalId: true,
      unique: true,
      caseSensitive: true,
      idLookup: true,
      custom: true,
      nillable: true,
    });
    expect(await describeField('Deal_Registration__c', 'Estimated_Value__c')).toMatchObject({
      type: 'double',
      precision: 18,
      scale: 2,
      soapType: 'xsd:double',
    });
    expect(await describeField('Deal_Registration__c', 'Partner__c')).toMatchObject({
      type: 'reference',
      referenceTo: ['Account'],
      relationshipName: 'Partner__r',
    });
    const status = await describeField('Deal_Registration__c', 'Status__c');
    expect([status.restrictedPicklist, status.picklistValues.length, status.picklistValues[0].value]).toEqual([true, 11, 'submitted']);
    expect(await describeField('Deal_Registration__c', 'Name')).toMatchObject({
      autoNumber: true,
      createable: false,
      updateable: false,
      nameField: true,
    });
    expect(await describeField('Account', 'Partner_Id__c')).toMatchObject({ externalId: true, unique: true });
  });

  it('shows the way down from a parent', async () => {
    const { body } = await org.call('GET', '/sobjects/Account/describe');
    const children = body.childRelationships.map((child: { childSObject: string; field: string; relationshipName: string }) => [
      child.childSObject,
      child.field,
      child.relationshipName,
    ]);
    expect(children).toEqual(
      expect.arrayContaining([
        ['Opportunity', 'AccountId', 'Opportunities'],
        ['Deal_Registration__c', 'Partner__c', 'Partner_Registrations__r'],
      ]),
    );
  });

  it('answers a describe that has not changed with 304', async () => {
    const since = { 'if-modified-since': new Date(ORG_START).toUTCString() };
    expect((await org.call('GET', '/sobjects/Account/describe', undefined, since)).status).toBe(304);
  });

  it.each([
    ['GET', '/nonsense', 404, 'NOT_FOUND', 'The requested resource does not exist'],
    ['GET', '/services/nonsense', 404, 'NOT_FOUND', 'The requested resource does not exist'],
    ['POST', '/composite/graph', 501, 'NOT_IMPLEMENTED', 'Composite Graph is not built in this sandbox'],
    ['GET', '/sobjects/Account/describe/compactLayouts', 501, 'NOT_IMPLEMENTED', 'sObject describe … is not built in this sandbox'],
    ['POST', '/services/Soap/u/66.0', 501, 'NOT_IMPLEMENTED', 'SOAP API is not built in this sandbox'],
    ['PUT', '/sobjects/Account', 405, 'METHOD_NOT_ALLOWED', "HTTP Method 'PUT' not allowed. Allowed are HEAD,GET,POST,PATCH,DELETE"],
  ])('%s %s answers %i', async (method, path, status, errorCode, message) => {
    const answer = await org.call(method, path, method === 'GET' ? undefined : {});
    expect([answer.status, answer.body]).toEqual([status, [expect.objectContaining({ errorCode, message })]]);
  });

  it('serves the page for reps', async () => {
    const answer = await org.call('GET', '/');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect((await org.call('GET', '/page/main.js')).headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect((await org.call('GET', '/page/..%2fpage%2f..%2f..%2f..%2fscripts%2flaunch.js')).status).toBe(404);
  });

  it('counts the records of the objects that are named, or of all that the caller sees', async () => {
    await org.call('POST', '/sobjects/Account', { Name: 'One' });
    const { id } = (await org.call('POST', '/sobjects/Account', { Name: 'Two' })).body;
    await org.call('DELETE', `/sobjects/Account/${id}`);
    expect((await org.call('GET', '/limits/recordCount?sObjects=account,Nothing,Contact')).body).toEqual({
      sObjects: [
        { count: 1, name: 'Account' },
        { count: 0, name: 'Contact' },
      ],
    });
    expect((await org.call('GET', '/limits/recordCount')).body.sObjects).toContainEqual({ count: 6, name: 'User' });
  });
});
