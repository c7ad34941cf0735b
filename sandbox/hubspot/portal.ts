/** What the routes of the portal share. */

import type { SandboxClock } from '../kit/clock.ts';
import type { AssociationTypes } from './association/association-type.ts';
import type { Limits } from './limit.ts';
import type { Apps } from './oauth/app.ts';
import type { AuthorizationCodes } from './oauth/authorization-code.ts';
import type { TokenStore } from './oauth/token-store.ts';
import type { Catalogue } from './store/catalogue.ts';
import type { Database } from './store/database.ts';
import type { MergeStore } from './store/merge-store.ts';
import type { RecordStore } from './store/record-store.ts';
import type { EventQueue } from './webhook/event-queue.ts';

export interface Portal {
  readonly id: number;
  /** At whose midnight the allowance of a day begins anew. */
  readonly timeZone: string;
  readonly db: Database;
  readonly catalogue: Catalogue;
  readonly records: RecordStore;
  readonly merges: MergeStore;
  /** What is told to those who subscribed to it. */
  readonly events: EventQueue;
  readonly associationTypes: AssociationTypes;
  readonly clock: SandboxClock;
  readonly limits: Limits;
  readonly apps: Apps;
  readonly codes: AuthorizationCodes;
  readonly tokens: TokenStore;
  /** The address that links name. */
  readonly url: () => string;
}
