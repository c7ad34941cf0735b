import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { propertiesIn, type PortalDefinition } from './portal-definition.ts';

/** Where the shipped definitions are, below the root of the clone. */
const SHIPPED_PORTAL = 'crm/hubspot/portal';
/** HubSpot's own properties of deals, which are not made. */
const OF_EVERY_DEAL: ReadonlySet<string> = new Set(['description']);

/**
 * What a portal has to have that keeps its registrations in the custom object, or as deals in a pipeline of their own. Deals get the properties that the custom object
 * would have, under the same names.
 */
export function shippedPortal(registrationObject: 'deal_registration' | 'deals', folder = SHIPPED_PORTAL): PortalDefinition {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const shipped = read('definition.json') as PortalDefinition;
  if (registrationObject === 'deal_registration') return shipped;
  const { customObject, properties, group } = shipped;
  const ofDeals = read('registration-on-deals.json') as Pick<PortalDefinition, 'pipelines' | 'associationLabels'>;
  const ofRegistration = customObject === null ? [] : propertiesIn(customObject, group);
  const deals = ofRegistration.filter(({ name }) => !OF_EVERY_DEAL.has(name));
  return { customObject: null, group, ...ofDeals, properties: { ...properties, deals: [...deals, ...(properties['deals'] ?? [])] } };
}
