import type { WriteOutcome } from '../port.ts';

/**
 * Refuses: HubSpot's API has no way back for an archived record of the CRM. A person restores it in the portal, and it is then captured like any other change.
 * https://knowledge.hubspot.com/records/restore-deleted-records
 */
export function restore(object: string, ids: readonly string[]): readonly WriteOutcome[] {
  return ids.map((id) => ({
    kind: 'refused',
    code: 'CRM_REQUEST_INVALID',
    retryable: false,
    message: `${object} ${id}: HubSpot restores records only from "Restore records" in the portal, not over this connection`,
    fields: [],
  }));
}
