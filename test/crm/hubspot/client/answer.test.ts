import { Client } from '@hubspot/api-client';
import type { CrmPort } from '../../../../crm/port.ts';
import { openHubspotFixture, type HubspotFixture } from '../sandbox-fixture.ts';
import { connectTo, failureOf, openStubPortal, sendJson, sendPage, type StubPortal } from '../stub-portal.ts';

const PARTNER = { target: { kind: 'external_id', field: 'partner_id', value: 'p-1' }, fields: { name: 'One' } } as const;

describe('a success under another code than the client expects', () => {
  let fixture: HubspotFixture;
  beforeEach(async () => {
    fixture = await openHubspotFixture();
  });
  afterEach(() => fixture.close());

  it('is a failure of the client, with the code 200', async () => {
    const company = (await fixture.call('POST', '/crm/v3/objects/companies', { properties: { name: 'One' }, associations: [] })) as {
      id: string;
    };
    const claim = (await fixture.call('POST', '/crm/v3/objects/deal_registration', { properties: {}, associations: [] })) as { id: string };
    const client = new Client({
      accessToken: 'pat-sandbox-integration',
      basePath: fixture.url,
      numberOfApiCallRetries: 1,
      middleware: [
        {
          pre: async (request: { getUrl(): string; setUrl(url: string): void }) => {
            request.setUrl(request.getUrl().replace('/crm/v4/associations/', '/crm/associations/2026-09/'));
            return request;
          },
        },
      ] as never,
    });
    const labels = await client.crm.associations.v4.schema.definitionsApi.getAll('deal_registration', 'companies');
    const partner = labels.results.find(({ label }) => label === 'Partner');
    const types = [{ associationCategory: 'USER_DEFINED' as never, associationTypeId: partner?.typeId ?? 0 }];
    const inputs = [{ _from: { id: claim.id }, to: { id: company.id }, types }];
    await expect(client.crm.associations.v4.batchApi.create('deal_registration', 'companies', { inputs })).rejects.toMatchObject({
      code: 200,
    });
  });

  it('is a success of ours, in every version', async () => {
    for (const apiVersion of ['v3', '2026-03', '2026-09'] as const) {
      const crm = fixture.connect({ apiVersion });
      await crm.write('companies', [PARTNER]);
      const parents = { 'associations.companies.partner': { object: 'companies', field: 'partner_id', value: 'p-1' } };
      const target = { kind: 'external_id', field: 'registration_id', value: `r-${apiVersion}` } as const;
      expect(await crm.write('deal_registration', [{ target, fields: {}, parents }])).toMatchObject([{ kind: 'written' }]);
    }
  });
});

describe('what a failure says', () => {
  let portal: StubPortal;
  let crm: CrmPort;
  beforeEach(async () => {
    portal = await openStubPortal();
    crm = connectTo(portal);
  });
  afterEach(() => portal.close());

  const bareFailure = (): Promise<Error> =>
    new Client({ accessToken: 'x', basePath: portal.url, numberOfApiCallRetries: 1 }).crm.contacts.basicApi.getById('1').then(
      () => new Error('expected a failure'),
      (error: Error) => error,
    );

  it('the client repeats the body and the headers in the message', async () => {
    const body = { status: 'error', category: 'VALIDATION_ERROR', message: 'Email address anna@contoso.example is invalid' };
    portal.answer = (_request, response) => sendJson(response, 400, body, { 'set-cookie': 'session=secret' });
    const { message } = await bareFailure();
    expect(message).toContain('anna@contoso.example');
    expect(message).toContain('session=secret');
  });

  it('ours has the words of HubSpot without addresses and values, the correlation id, and nothing of a page', async () => {
    const message =
      'Cannot set PropertyValueCoordinates{portalId=1, objectTypeId=0-1, propertyName=phone, value=+41 79 555 01 02} on 7. 8 already has that value. (anna@contoso.example)';
    portal.answer = (_request, response) =>
      sendJson(
        response,
        400,
        { category: 'VALIDATION_ERROR', message },
        { 'x-hubspot-correlation-id': 'abc', 'set-cookie': 'session=secret' },
      );
    const failure = await failureOf(crm.describe('contacts'));
    expect(failure).toMatchObject({ code: 'CRM_DUPLICATE' });
    expect(failure.message).toContain('propertyName=phone');
    expect(failure.message).toContain('abc');
    expect(failure.message).not.toMatch(/anna|contoso|555|secret|pat-/);

    portal.answer = (_request, response) => sendPage(response, 502);
    expect(await failureOf(crm.describe('contacts'))).toMatchObject({
      code: 'CRM_UNAVAILABLE',
      message: 'HTTP 502 without a readable reason',
    });
  });

  it('a missing scope is named', async () => {
    portal.answer = (_request, response) =>
      sendJson(response, 403, {
        category: 'MISSING_SCOPES',
        message: 'This app has not all required scopes',
        errors: [
          {
            message: 'One or more of the following scopes are required.',
            context: { requiredGranularScopes: ['crm.schemas.custom.read'] },
          },
        ],
      });
    expect(await failureOf(crm.describe('contacts'))).toMatchObject({
      code: 'CRM_PERMISSION_DENIED',
      message: expect.stringContaining('crm.schemas.custom.read'),
    });
  });

  it('an answer that is no JSON counts as none', async () => {
    portal.answer = (_request, response) => sendPage(response, 200);
    expect(await failureOf(crm.describe('contacts'))).toMatchObject({ code: 'CRM_UNAVAILABLE' });
  });
});
