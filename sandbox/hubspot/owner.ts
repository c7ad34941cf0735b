/** The people of the portal, who are its owners and, by alias, its callers. They are the same with and without sample records. */

import { APP_ID } from './portal-id.ts';
import type { ChangeSource } from './store/record-store.ts';

export interface Owner {
  readonly alias: string;
  readonly firstName: string;
  readonly lastName: string;
  /** Owner ids and user ids are different numbers of the same person. */
  readonly ownerId: number;
  readonly userId: number;
}

export const OWNERS: readonly Owner[] = [
  { alias: 'vp', firstName: 'Vera', lastName: 'Park' },
  { alias: 'director', firstName: 'Dario', lastName: 'Reyes' },
  { alias: 'manager', firstName: 'Mona', lastName: 'Gerber' },
  { alias: 'rep', firstName: 'Robin', lastName: 'Epstein' },
  { alias: 'rep2', firstName: 'Rana', lastName: 'Okafor' },
  { alias: 'integration', firstName: 'Integration', lastName: 'User' },
].map((owner, index) => ({ ...owner, ownerId: 70_000_001 + index, userId: 60_000_001 + index }));

/** What `integration` writes is an app's; everybody else works in the CRM. */
export function sourceOf(caller: Owner): ChangeSource {
  if (caller.alias === 'integration') return { source: 'INTEGRATION', sourceId: String(APP_ID), userId: null };
  return { source: 'CRM_UI', sourceId: `userId:${caller.userId}`, userId: caller.userId };
}
