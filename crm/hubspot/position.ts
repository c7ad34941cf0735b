import type { CapturePosition } from '../port.ts';

/** Ids are numbers, of which those with fewer digits come first. */
export function isBeyond(row: CapturePosition, after: CapturePosition | null): boolean {
  if (after === null || row.stamp !== after.stamp) return after === null || row.stamp > after.stamp;
  return after.id === '' || Number(row.id) > Number(after.id);
}

export function byPosition(one: CapturePosition, other: CapturePosition): number {
  return one.stamp === other.stamp ? Number(one.id) - Number(other.id) : one.stamp < other.stamp ? -1 : 1;
}
