import type { Purchase } from '../../../program/claim.ts';
import { EXACT } from '../example.ts';

/** A sale of the platform a year ago, directly, at what is certainly the customer. */
export function purchase(changes: Partial<Purchase> = {}): Purchase {
  return {
    source: { kind: 'opportunity', connection: 'salesforce', remoteId: '006-sold' },
    productLine: 'platform',
    partnerId: null,
    boughtAt: '2025-11-20T15:00:00.000Z',
    match: EXACT,
    ...changes,
  };
}
