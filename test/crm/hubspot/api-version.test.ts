import { addressIn } from '../../../crm/hubspot/api-version.ts';

const HOST = 'https://api.hubapi.com';

it.each([
  ['/crm/v3/objects/deals/batch/upsert', '/crm/objects/2026-09/deals/batch/upsert'],
  ['/crm/v4/objects/deals/1/associations/companies', '/crm/objects/2026-09/deals/1/associations/companies'],
  ['/crm/v4/associations/deals/companies/labels', '/crm/associations/2026-09/deals/companies/labels'],
  ['/crm/v3/properties/deals?archived=false', '/crm/properties/2026-09/deals?archived=false'],
  ['/crm/v3/pipelines/deals', '/crm/pipelines/2026-09/deals'],
  ['/crm/v3/owners/', '/crm/owners/2026-09/'],
  ['/crm-object-schemas/v3/schemas', '/crm-object-schemas/2026-09/schemas'],
])('%s is %s in a dated version, and stays in v3', (numbered, dated) => {
  expect(addressIn('2026-09', HOST + numbered)).toBe(HOST + dated);
  expect(addressIn('v3', HOST + numbered)).toBe(HOST + numbered);
});

it('a path that has no place in a dated version is refused, and not sent to an API that ends', () => {
  expect(() => addressIn('2026-03', `${HOST}/crm/v3/imports`)).toThrow('/crm/v3/imports has no known address in version 2026-03');
});
