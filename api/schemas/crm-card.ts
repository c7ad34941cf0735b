import { z } from 'zod';
import { REGISTRATION_STATUSES, REQUESTED_DECISIONS } from '../../program/vocabulary.ts';
import { paragraph } from './text.ts';

/** What HubSpot adds to every request of a card, signed with the rest. https://developers.hubspot.com/docs/guides/crm/public-apps/fetching-data */
export const cardQuery = z.looseObject({
  portalId: z.string().regex(/^\d{1,19}$/),
  userEmail: z.string().min(3).max(254),
  /** By the card itself: the type of the record that it is on, such as `0-3` for deals. */
  objectTypeId: z.string().regex(/^\d{1,3}-\d{1,19}$/),
});

export const cardAnswer = z.object({
  registrationId: z.string(),
  title: z.string(),
  status: z.enum(REGISTRATION_STATUSES),
  label: z.string(),
  tone: z.enum(['default', 'success', 'warning', 'error', 'info']),
  protectedUntil: z.string().nullable(),
  review: z.object({ step: z.string(), approver: z.string().nullable(), dueAt: z.string() }).nullable(),
  conflict: z.string().nullable(),
  /** Why it was decided as it was. */
  decision: z.string().nullable(),
  note: z.string().nullable(),
  actions: z.array(z.object({ name: z.enum(REQUESTED_DECISIONS), label: z.string(), needsReason: z.boolean() })),
  /** Why there are no buttons. */
  hint: z.string().nullable(),
});
export type CardAnswer = z.output<typeof cardAnswer>;

/** `key`: one for each press of a button, so that a request which HubSpot sends again is carried out once. */
export const cardCommand = z.strictObject({
  action: z.enum(REQUESTED_DECISIONS),
  comment: paragraph(0, 2000),
  key: z.string().regex(/^[A-Za-z0-9._~-]{8,90}$/),
});
