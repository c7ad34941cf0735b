import { CrmFailure } from '../failures.ts';

/**
 * The versions of HubSpot's API that a connection may name. `v3` stands for the numbered APIs, whose associations are v4 and which end in 2027.
 * https://developers.hubspot.com/docs/api-reference/legacy/migration-guide
 */
export const HUBSPOT_API_VERSIONS = ['v3', '2026-03', '2026-09'] as const;
export type HubspotApiVersion = (typeof HUBSPOT_API_VERSIONS)[number];

/** Where the numbered APIs, which HubSpot's client knows, have their resources in a dated version. */
const MOVES: readonly (readonly [pattern: RegExp, to: string])[] = [
  [/^\/crm\/v[34]\/objects(?=\/)/, '/crm/objects/{version}'],
  [/^\/crm\/v4\/associations(?=\/)/, '/crm/associations/{version}'],
  [/^\/crm\/v3\/(properties|pipelines|owners)(?=\/|$)/, '/crm/$1/{version}'],
  [/^\/crm-object-schemas\/v3(?=\/)/, '/crm-object-schemas/{version}'],
  [/^\/account-info\/v3(?=\/)/, '/account-info/{version}'],
];

/** The address in `version` of a call that the client addressed to the numbered APIs. One that has none is refused, and not sent to an API that ends. */
export function addressIn(version: HubspotApiVersion, address: string): string {
  if (version === 'v3') return address;
  const url = new URL(address);
  const move = MOVES.find(([pattern]) => pattern.test(url.pathname));
  if (move === undefined) throw new CrmFailure('CRM_REQUEST_INVALID', `${url.pathname} has no known address in version ${version}`);
  url.pathname = url.pathname.replace(move[0], move[1].replace('{version}', version));
  return url.toString();
}
