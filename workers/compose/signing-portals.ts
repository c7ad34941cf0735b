import { hubspotProfile } from '../../mappings/hubspot/registration-object.ts';
import type { HubspotConnection } from '../hubspot-configuration.ts';
import type { HubspotWebhooks } from './hubspot-webhooks.ts';

/** The portals whose webhooks and cards are answered, by the name of the connection. */
export function signingPortals({ hubspot }: { readonly hubspot: HubspotConnection | null }): ReadonlyMap<string, HubspotWebhooks> {
  if (hubspot === null || hubspot.signing === null) return new Map();
  const { portalId, ...signing } = hubspot.signing;
  const { mapping } = hubspotProfile(hubspot.registrationObject);
  return new Map([[hubspot.connection, { ...signing, mapping, ...(portalId === null ? {} : { portalId }) }]]);
}
