/** Who makes a call, by what token. */

import type { Owner } from '../owner.ts';
import type { ChangeSource } from '../store/record-store.ts';

export interface Caller {
  readonly owner: Owner;
  /** The app that calls: limits of some seconds are each app's own. */
  readonly app: string;
  /** What its writes carry. */
  readonly source: ChangeSource;
  readonly scopes: ReadonlySet<string>;
  /** By a token that OAuth issued. */
  readonly isByOauth: boolean;
}

export type TokenReading =
  | { readonly kind: 'caller'; readonly caller: Caller }
  | { readonly kind: 'expired'; readonly endedAt: number }
  /** Nobody's, or revoked. */
  | { readonly kind: 'unknown' };
