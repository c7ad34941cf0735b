/** Codes about the opportunities of approved registrations. */
export const CONVERSION_CODES = {
  L601: {
    severity: 'warning',
    title: 'Stale opportunities are never taken over',
    why: 'An approval links no opportunity, so that there is no moment at which a stale one of the direct team could become the partner’s.',
    remedy: 'set conversion.onApproval to link or link_or_create, or resource to false.',
    example: 'conversion: { onApproval: none, resource: true }',
  },
  L602: {
    severity: 'warning',
    title: 'A stale opportunity stands in the way of its own transfer',
    why: 'Where a stale opportunity of the direct team stands at the customer, rule C07 denies or returns the claim, so that none is left for an approval to take over.',
    remedy: 'let C07 note or approve, or set resource to false.',
    example:
      'conversion: { onApproval: link, resource: true }\nrules:\n  order:\n    - { id: C07_direct_stale, on: { exact: { outcome: deny, waitlist: false }, … } }',
  },
} as const;
