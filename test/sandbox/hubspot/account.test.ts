import { bearer, openPortal } from './opened-portal.ts';
import type { OpenedPortal } from './opened-portal.ts';

let portal: OpenedPortal;
beforeAll(async () => {
  portal = await openPortal();
});
beforeEach(() => portal.reset());
afterAll(() => portal.close());

const INFO = '/oauth/v2/private-apps/get/access-token-info';

it.each(['v3', '2026-03', '2026-09'])('tells of the account under %s', async (version) => {
  const answer = await portal.call('GET', `/account-info/${version}/details`);
  expect([answer.status, answer.body]).toEqual([
    200,
    {
      portalId: 424_242,
      accountType: 'STANDARD',
      timeZone: 'America/New_York',
      companyCurrency: 'USD',
      additionalCurrencies: [],
      utcOffset: '-05:00',
      utcOffsetMilliseconds: -18_000_000,
      uiDomain: 'app.hubspot.com',
      dataHostingLocation: 'na1',
    },
  ]);
});

it('has the offset of the season', async () => {
  await portal.control('clock', { now: '2026-07-02T09:00:00.000Z' });
  expect((await portal.call('GET', '/account-info/v3/details')).body).toMatchObject({
    utcOffset: '-04:00',
    utcOffsetMilliseconds: -14_400_000,
  });
});

it('refuses whoever has no token, and has no other call', async () => {
  expect((await portal.call('GET', '/account-info/v3/details', undefined, { authorization: '' })).status).toBe(401);
  expect((await portal.call('GET', '/account-info/v3/api-usage/daily/private-apps')).status).toBe(501);
});

it('tells of a fixed token what it may do, and nothing of one that is none', async () => {
  await portal.control('scopes', { token: 'pat-sandbox-integration', without: ['crm.objects.deals.write'] });
  const { status, body } = await portal.call('POST', INFO, { tokenKey: 'pat-sandbox-integration' }, bearer('rep'));
  expect([status, body]).toEqual([200, { userId: 60_000_006, hubId: 424_242, appId: 900_100, scopes: expect.any(Array) }]);
  expect(body.scopes).toContain('crm.objects.deals.read');
  expect(body.scopes).not.toContain('crm.objects.deals.write');
  expect((await portal.call('POST', INFO, { tokenKey: 'nobody-has-it' })).status).toBe(401);
  expect((await portal.call('POST', INFO, {})).status).toBe(400);
});
