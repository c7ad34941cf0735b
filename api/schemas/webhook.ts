import { z } from 'zod';

/** HubSpot sends no more in one delivery. https://developers.hubspot.com/docs/api-reference/webhooks/guide */
export const MOST_EVENTS = 100;

/** Of the events only that they are some is checked here: a kind that HubSpot adds must not cost the others of its delivery. */
export const hubspotEvents = z
  .array(z.looseObject({ subscriptionType: z.string({ error: 'expected a type of event, such as company.propertyChange' }) }))
  .max(MOST_EVENTS, { error: `has more than ${MOST_EVENTS} events` });

export const takenEvents = z.object({ taken: z.int(), ignored: z.int() });
