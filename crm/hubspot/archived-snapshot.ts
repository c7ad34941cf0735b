import type { CapturePosition } from '../port.ts';

/** An archived record. `stamp` is when it was archived, or when the portal was seen to list it where that was late. */
export interface ArchivedRecord extends CapturePosition {
  readonly archivedAt: string;
}

/** The archived records of an object, as the portal listed them at one time. */
export interface ArchivedSnapshot {
  /** Records with an earlier stamp are not in it. */
  readonly since: string;
  /** The portal's clock when it was taken, in epoch milliseconds. */
  readonly takenAtMs: number;
  /** How many calls it took. */
  readonly pages: number;
  /** In the order (stamp, id). */
  readonly records: readonly ArchivedRecord[];
}
