import type { WriteOutcome } from '../port.ts';

/**
 * Refuses: Salesforce's REST API has no undelete; only its SOAP API and Apex have one. A record is brought back by a person, from the
 * Recycle Bin, and is then captured like any other change.
 */
export function restore(object: string, ids: readonly string[]): readonly WriteOutcome[] {
  return ids.map((id) => ({
    kind: 'refused',
    code: 'CRM_REQUEST_INVALID',
    retryable: false,
    message: `${object} ${id}: Salesforce restores records only from its Recycle Bin, not over this connection`,
    fields: [],
  }));
}
