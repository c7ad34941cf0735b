import type { RegistrationStatus, RequestedDecision } from '../../program/vocabulary.ts';

/** How HubSpot's cards colour a status. https://developers.hubspot.com/docs/reference/ui-components/standard-components/tag */
export type Tone = 'default' | 'success' | 'warning' | 'error' | 'info';

export const STATUS_WORDS: Readonly<Record<RegistrationStatus, { readonly label: string; readonly tone: Tone }>> = {
  submitted: { label: 'Submitted', tone: 'info' },
  in_review: { label: 'In review', tone: 'warning' },
  returned: { label: 'Returned to the partner', tone: 'warning' },
  approved: { label: 'Approved', tone: 'success' },
  denied: { label: 'Denied', tone: 'error' },
  withdrawn: { label: 'Withdrawn', tone: 'default' },
  lapsed: { label: 'Lapsed', tone: 'default' },
  expired: { label: 'Expired', tone: 'default' },
  won: { label: 'Won', tone: 'success' },
  lost: { label: 'Lost', tone: 'default' },
  revoked: { label: 'Revoked', tone: 'error' },
};

/** The buttons; a partner is told why a registration is denied or comes back, so these need a reason. */
export const ACTION_WORDS: Readonly<
  Record<RequestedDecision, { readonly label: string; readonly needsReason: boolean; readonly done: string }>
> = {
  approve: { label: 'Approve', needsReason: false, done: 'Your approval is recorded.' },
  deny: { label: 'Deny', needsReason: true, done: 'Your denial is recorded.' },
  return: { label: 'Return to partner', needsReason: true, done: 'The registration goes back to the partner.' },
  extend: { label: 'Extend protection', needsReason: false, done: 'The extension is asked for.' },
};
