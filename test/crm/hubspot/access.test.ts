import type { CrmPort } from '../../../crm/port.ts';
import { createMemoryShelf } from '../salesforce/memory-shelf.ts';
import { authorize, registerApp } from './authorized-app.ts';
import { openHubspotFixture, type HubspotFixture } from './sandbox-fixture.ts';
import { connectTo, failureOf, openStubPortal, sendJson } from './stub-portal.ts';

jest.setTimeout(60_000);

const accessOf = async (crm: CrmPort) => (await crm.access?.()) ?? null;

describe.each(['v3', '2026-03', '2026-09'] as const)('what a connection with version %s is and may', (apiVersion) => {
  let fixture: HubspotFixture;
  beforeEach(async () => {
    fixture = await openHubspotFixture({ apiVersion });
  });
  afterEach(() => fixture.close());

  it('names the portal, its time zone, the app and the calls of the day', async () => {
    await fixture.forgetCalls();
    expect(await accessOf(fixture.crm)).toEqual({
      username: 'app 900100',
      organization: '424242',
      allowances: [{ name: 'DailyApiCalls', max: 1_000_000, remaining: expect.any(Number) }],
      timeZone: 'America/New_York',
      reach: expect.any(Array),
    });
    expect(await fixture.calls()).toBe(2);
  });

  it('names the scopes that are missing, and what they keep out of reach', async () => {
    const without = ['crm.objects.deals.write', 'crm.schemas.custom.write', 'crm.objects.owners.read'];
    await fixture.control('scopes', { token: 'pat-sandbox-integration', without });
    const reach = (await accessOf(fixture.crm))?.reach ?? [];
    expect(reach.map(({ object, isReadable, isWritable, isProvisionable }) => [object, isReadable, isWritable, isProvisionable])).toEqual([
      ['companies', true, true, true],
      ['deals', true, false, true],
      ['tasks', true, true, true],
      ['notes', true, true, true],
      ['custom objects', true, true, false],
      ['owners', false, false, false],
    ]);
    expect(reach.flatMap(({ missing }) => missing).toSorted()).toEqual(without.toSorted());
    // What is told is so.
    await expect(fixture.crm.find('owners', 'email', ['rep@acme.example'], [])).rejects.toMatchObject({
      code: 'CRM_PERMISSION_DENIED',
      message: expect.stringContaining('crm.objects.owners.read'),
    });
  });

  it('tells the same of an app that was let into the portal', async () => {
    await registerApp(fixture.url, false);
    const auth = await authorize(fixture.url, ['crm.objects.companies.read']);
    const access = await accessOf(fixture.connect({ auth }, undefined, { shelf: createMemoryShelf() }));
    expect(access).toMatchObject({ username: 'app 900100', organization: '424242', timeZone: 'America/New_York' });
    expect(access?.reach?.[0]).toEqual({
      object: 'companies',
      isReadable: true,
      isWritable: false,
      isProvisionable: false,
      missing: ['crm.objects.companies.write', 'crm.schemas.companies.write'],
    });
  });
});

describe('a portal that does not tell', () => {
  it('of a kind of token leaves the rights open', async () => {
    const portal = await openStubPortal();
    portal.answer = (request, response) =>
      request.path.startsWith('/account-info/')
        ? sendJson(response, 200, { portalId: 7, timeZone: 'US/Eastern' })
        : sendJson(response, 404, { status: 'error', message: 'no such private app' });
    expect(await accessOf(connectTo(portal))).toEqual({
      username: 'an access token',
      organization: '7',
      allowances: [],
      timeZone: 'US/Eastern',
    });
    await portal.close();
  });

  it('a token that is none is refused, and one that HubSpot does not answer for is asked about again', async () => {
    const portal = await openStubPortal();
    portal.answer = (_request, response) => sendJson(response, 401, { status: 'error', category: 'INVALID_AUTHENTICATION', message: 'no' });
    expect(await failureOf(accessOf(connectTo(portal)))).toMatchObject({ code: 'CRM_AUTH_FAILED' });
    portal.answer = (_request, response) => sendJson(response, 503, {});
    expect(await failureOf(accessOf(connectTo(portal)))).toMatchObject({ code: 'CRM_UNAVAILABLE' });
    await portal.close();
  });
});
