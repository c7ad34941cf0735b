import { takeHints } from '../../activities/events/take-hints.ts';
import type { WebhookReceiver } from '../../api/dependencies.ts';
import { readWebhookEvents } from '../../crm/hubspot/webhook/change-hint.ts';
import { judgeSignature } from '../../crm/hubspot/webhook/signature.ts';
import type { CrmMapping } from '../../mappings/crm-mapping.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { Database } from '../../store/database.ts';

/** What it takes to believe the webhooks of one portal. */
export interface HubspotWebhooks {
  /** Of the app whose webhooks they are. */
  readonly clientSecret: string;
  /** What comes before `/webhooks/hubspot/…` in the address that the app has as its target, such as `https://deals.example.com`: HubSpot signs it, and proxies change it. */
  readonly publicUrl: string;
  /** Where the app is in other portals as well: events of those are ignored. */
  readonly portalId?: number;
  /** As the connection's. */
  readonly mapping: CrmMapping;
}

/** What takes the webhooks of each portal: it checks who sent them, marks the records that they name, and nudges the sync of those. Nothing is asked of HubSpot. */
export function openHubspotWebhooks({
  db,
  portals,
  now,
  log,
}: {
  readonly db: Database;
  /** By the name of the connection. */
  readonly portals: ReadonlyMap<string, HubspotWebhooks>;
  readonly now: () => Instant;
  readonly log: { info(fields: object, message: string): void };
}): ReadonlyMap<string, WebhookReceiver> {
  return new Map([...portals].map(([name, portal]) => [name, receiverOf(name, portal)]));

  function receiverOf(connection: string, { clientSecret, publicUrl, portalId, mapping }: HubspotWebhooks): WebhookReceiver {
    const base = publicUrl.replace(/\/+$/, '');
    const objects = [...new Set(Object.values(mapping).map(({ object }) => object))];
    return {
      refusalOf({ method, path, headers, body }) {
        const signed = { method, url: base + path, body, signature: one(headers, SIGNATURE), timestamp: one(headers, TIMESTAMP) };
        const verdict = judgeSignature(clientSecret, signed, Date.parse(now()));
        return verdict === 'valid' ? null : verdict;
      },
      async take(events) {
        const { hints, passedOver } = readWebhookEvents(events, { objects, portalId: portalId ?? null });
        if (hints.length > 0) await db.transaction().execute((trx) => takeHints(trx, connection, { mapping }, hints));
        const ignored = passedOver.unknown + passedOver.foreign + passedOver.unreadable;
        log.info({ connection, events: events.length, passedOver }, 'webhooks of the CRM');
        return { taken: events.length - ignored, ignored };
      },
    };
  }
}

const SIGNATURE = 'x-hubspot-signature-v3';
const TIMESTAMP = 'x-hubspot-request-timestamp';

function one(headers: Readonly<Record<string, string | string[] | undefined>>, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
