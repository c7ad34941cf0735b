import type { ClaimEvent } from './claim-event.ts';
import type { MessagePayload } from './payload.ts';
import { severalLines } from './plain-text.ts';
import type { RenderedMessage } from './render-message.ts';
import { MOST_TEXT_CHARACTERS, MOST_TEXTS } from './text-limit.ts';

/** What a program reads, after https://www.standardwebhooks.com: the type of the event, when it happened, and its data. */
export interface WebhookBody {
  readonly type: string;
  readonly timestamp: string;
  readonly data: object;
}

/**
 * The same event for a partner's system: the ids by which it knows the claim, the event's own fields, and one line for people. A payload always gives the same body.
 * For users there is none: null.
 */
export function webhookBody(payload: MessagePayload, { short }: RenderedMessage): WebhookBody | null {
  if (payload.family !== 'claim') return null;
  const { claim, event, occurredAt, partnerExternalId } = payload;
  const { type, ...own } = withinLimits(event);
  return {
    type,
    timestamp: occurredAt,
    data: {
      registrationId: claim.registrationId,
      externalId: claim.externalId,
      partnerId: claim.partnerId,
      partnerExternalId,
      customerName: claim.customerName,
      ...own,
      summary: short,
    },
  };
}

function withinLimits(event: ClaimEvent): ClaimEvent {
  const short = (text: string): string => severalLines(text, MOST_TEXT_CHARACTERS);
  switch (event.type) {
    case 'registration.approved':
    case 'registration.denied':
    case 'registration.revoked':
      return { ...event, reasons: event.reasons.slice(0, MOST_TEXTS).map(({ rule, message }) => ({ rule, message: short(message) })) };
    case 'registration.returned':
      return { ...event, wanted: event.wanted.slice(0, MOST_TEXTS).map(short) };
    case 'registration.commented':
      return { ...event, text: short(event.text) };
    case 'case.opened':
      return { ...event, conflict: event.conflict === null ? null : short(event.conflict) };
    case 'case.settled':
      return { ...event, remediation: event.remediation === null ? null : short(event.remediation) };
    case 'registration.received':
    case 'registration.in_review':
    case 'registration.appealed':
    case 'registration.promoted':
    case 'registration.lapsed':
    case 'registration.withdrawn':
    case 'registration.protection_ending':
    case 'registration.extension_requested':
    case 'registration.extension_granted':
    case 'registration.extension_denied':
    case 'registration.expired':
    case 'registration.transferred':
    case 'registration.won':
    case 'registration.lost':
      return event;
  }
}
