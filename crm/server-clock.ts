/** One answer as a measurement of the CRM's clock. `dateMs` is its Date header, which is cut to the second. */
export interface ClockReading {
  readonly dateMs: number;
  readonly sentAtMs: number;
  readonly receivedAtMs: number;
}

const HEADER_RESOLUTION_MS = 1_000;

/**
 * Narrows what is known of `CRM clock − our clock` by one more answer, in milliseconds.
 *
 * The CRM read its clock at some instant between sending and receiving, and cut it to the second, so an answer only bounds the offset.
 * The previous estimate is kept while it lies within the bounds, otherwise it moves to the nearest one: two clocks that agree stay at 0,
 * and each answer that disagrees sharpens the estimate.
 */
export function narrowOffset(previousMs: number, reading: ClockReading): number {
  const lowest = reading.dateMs - reading.receivedAtMs;
  const highest = reading.dateMs + HEADER_RESOLUTION_MS - reading.sentAtMs;
  return Math.min(Math.max(previousMs, lowest), highest);
}
