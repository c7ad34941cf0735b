import type { RemoteRow } from '../port.ts';

/** The archived records of an object, as the portal listed them at one time. */
export interface ArchivedSnapshot {
  /** Rows that were archived before this stamp are not in it. */
  readonly since: string;
  /** The portal's clock when it was taken, in epoch milliseconds. */
  readonly takenAtMs: number;
  /** In the order (stamp, id). */
  readonly rows: readonly RemoteRow[];
}
