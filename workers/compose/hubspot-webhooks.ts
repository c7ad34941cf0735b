import { takeHints } from '../../activities/events/take-hints.ts';
import type { WebhookReceiver } from '../../api/dependencies.ts';
import { readWebhookEvents } from '../../crm/hubspot/webhook/change-hint.ts';
import type { CrmMapping } from '../../mappings/crm-mapping.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { Database } from '../../store/database.ts';
import { noteDelivery } from '../../store/event-stream.ts';
import { signatureCheck, type HubspotSigning } from './hubspot-signed.ts';

/** A portal that sends webhooks. */
export interface HubspotWebhooks extends HubspotSigning {
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

  function receiverOf(connection: string, { portalId, mapping, ...signing }: HubspotWebhooks): WebhookReceiver {
    const objects = [...new Set(Object.values(mapping).map(({ object }) => object))];
    return {
      refusalOf: signatureCheck(signing, now),
      async take(events) {
        const { hints, passedOver } = readWebhookEvents(events, { objects, portalId: portalId ?? null });
        if (hints.length > 0) await db.transaction().execute((trx) => takeHints(trx, connection, { mapping }, hints));
        await noteDelivery(db, connection, now(), latestOf(hints));
        const ignored = passedOver.unknown + passedOver.foreign + passedOver.unreadable;
        log.info({ connection, events: events.length, passedOver }, 'webhooks of the CRM');
        return { taken: events.length - ignored, ignored };
      },
    };
  }
}

function latestOf(hints: readonly { readonly at: Instant }[]): Instant | null {
  return (
    hints
      .map(({ at }) => at)
      .toSorted()
      .at(-1) ?? null
  );
}
