/** What the routes of the portal share. */

import type { SandboxClock } from '../kit/clock.ts';
import type { AssociationTypes } from './association/association-type.ts';
import type { Limits } from './limit.ts';
import type { Catalogue } from './store/catalogue.ts';
import type { Database } from './store/database.ts';
import type { RecordStore } from './store/record-store.ts';

export interface Portal {
  readonly id: number;
  readonly db: Database;
  readonly catalogue: Catalogue;
  readonly records: RecordStore;
  readonly associationTypes: AssociationTypes;
  readonly clock: SandboxClock;
  readonly limits: Limits;
  /** The address that links name. */
  readonly url: () => string;
}

/** The hub id of the sandbox. */
export const PORTAL_ID = 424_242;
/** What an app's own writes carry as their source. */
export const APP_ID = 900_100;
