import { nextMidnightMs } from '../../../crm/hubspot/usage.ts';

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
