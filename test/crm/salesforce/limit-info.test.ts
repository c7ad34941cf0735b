import { parseLimitInfo } from '../../../crm/salesforce/limit-info.ts';

describe('parseLimitInfo', () => {
  it.each([
    ['api-usage=10018/100000', { used: 10_018, limit: 100_000 }],
    ['api-usage=18/5000; per-app-api-usage=17/250(appName=sample)', { used: 18, limit: 5_000 }],
    ['per-app-api-usage=17/250(appName=sample); api-usage=18/5000', { used: 18, limit: 5_000 }],
    ['per-app-api-usage=17/250(appName=sample)', null],
    ['api-bursts=1/750', null],
    ['', null],
    [undefined, null],
  ])('reads %j', (header, usage) => {
    expect(parseLimitInfo(header)).toEqual(usage);
  });
});
