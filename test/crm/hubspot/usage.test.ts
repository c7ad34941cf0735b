import type { CrmPort } from '../../../crm/port.ts';
import { nextMidnightMs } from '../../../crm/hubspot/usage.ts';
import { connectTo, DESCRIBED, openStubPortal, sendJson, type StubPortal } from './stub-portal.ts';

describe('nextMidnightMs', () => {
  it.each([
    ['in the evening', 'America/New_York', '2026-03-03T04:59:59.999Z', '2026-03-03T05:00:00.000Z'],
    ['at midnight, which is that of the day that begins', 'America/New_York', '2026-03-03T05:00:00.000Z', '2026-03-04T05:00:00.000Z'],
    ['east of Greenwich', 'Asia/Tokyo', '2026-03-02T14:30:00.000Z', '2026-03-02T15:00:00.000Z'],
    ['half an hour beside the others', 'Asia/Kolkata', '2026-03-02T12:00:00.000Z', '2026-03-02T18:30:00.000Z'],
    ['on the day of 23 hours', 'America/New_York', '2026-03-08T05:30:00.000Z', '2026-03-09T04:00:00.000Z'],
    ['on the day of 25 hours', 'America/New_York', '2026-11-01T04:30:00.000Z', '2026-11-02T05:00:00.000Z'],
    ['under the name that HubSpot shows', 'US/Eastern', '2026-07-01T12:00:00.000Z', '2026-07-02T04:00:00.000Z'],
  ])('%s', (_when, timeZone, now, midnight) => {
    expect(new Date(nextMidnightMs(Date.parse(now), timeZone)).toISOString()).toBe(midnight);
  });
});

describe('the calls of the day', () => {
  let portal: StubPortal;
  beforeEach(async () => {
    portal = await openStubPortal();
  });
  afterEach(() => portal.close());
  const over: StubPortal['answer'] = (_request, response) => sendJson(response, 429, { status: 'error', policyName: 'DAILY' });
  const counted =
    (left: number): StubPortal['answer'] =>
    (_request, response) =>
      sendJson(response, 200, DESCRIBED, { 'x-hubspot-ratelimit-daily': '1000', 'x-hubspot-ratelimit-daily-remaining': String(left) });
  const look = (crm: CrmPort) => crm.find('owners', 'email', ['x'], []).catch(() => null);

  it('are as many as the answers tell, and all used once a call is refused for them', async () => {
    const crm = connectTo(portal);
    expect(crm.usage()).toBeNull();
    portal.answer = counted(700);
    await look(crm);
    expect(crm.usage()).toEqual({ used: 300, limit: 1_000 });
    portal.answer = over;
    await look(crm);
    expect(crm.usage()).toEqual({ used: 1_000, limit: 1_000 });
    portal.answer = counted(999);
    await look(crm);
    expect(crm.usage()).toEqual({ used: 1, limit: 1_000 });
  });

  it('are all or none where no answer tells, as under OAuth', async () => {
    const crm = connectTo(portal);
    portal.answer = over;
    await look(crm);
    expect(crm.usage()).toEqual({ used: 1, limit: 1 });
    portal.answer = (_request, response) => sendJson(response, 200, { results: [] });
    await look(crm);
    expect(crm.usage()).toEqual({ used: 0, limit: 1 });
  });

  it('end at a time that is asked for once half of them are used, and not before', async () => {
    const crm = connectTo(portal);
    const serve =
      (left: number): StubPortal['answer'] =>
      (request, response) =>
        request.path === '/account-info/2026-03/details'
          ? sendJson(response, 200, { portalId: 7, timeZone: 'Asia/Tokyo' })
          : counted(left)(request, response);
    portal.answer = serve(501);
    await look(crm);
    expect(crm.usage()?.resetsAt).toBeUndefined();
    portal.answer = serve(500);
    await Promise.all([look(crm), look(crm)]);
    expect(portal.requests.filter(({ path }) => path.startsWith('/account-info'))).toHaveLength(1);
    expect(crm.usage()?.resetsAt).toMatch(/T15:00:0\d\.\d{3}Z$|T14:59:5\d\.\d{3}Z$/);
  });
});
