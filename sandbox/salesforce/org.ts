/** What every route of the emulated org works with. */

import type { SandboxClock } from '../kit/clock.ts';
import type { OrgAccess } from './access/org-access.ts';
import type { OrgMetadata } from './metadata/org-metadata.ts';
import type { OpenTransactions } from './open-transaction.ts';
import type { Schema } from './schema/catalogue.ts';
import type { Sessions } from './session.ts';
import type { AuthorizationCodes } from './sign-in/authorization-code.ts';
import type { ConnectedApps } from './sign-in/connected-app.ts';
import type { RecordStore } from './store/record-store.ts';
import type { Usage } from './usage.ts';

export interface Org {
  readonly store: RecordStore;
  /** Every object with every field; what a caller sees of them is the matter of `access`. */
  readonly schema: Schema;
  readonly access: OrgAccess;
  readonly clock: SandboxClock;
  readonly sessions: Sessions;
  readonly apps: ConnectedApps;
  readonly codes: AuthorizationCodes;
  readonly usage: Usage;
  readonly metadata: OrgMetadata;
  readonly transactions: OpenTransactions;
  /** The address that answers name, without a trailing slash. */
  readonly publicUrl: () => string;
}
