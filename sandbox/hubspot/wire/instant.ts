/** HubSpot writes instants as Java does: without milliseconds where they are none. */

export function instantText(epochMs: number): string {
  return shortened(storedInstant(epochMs));
}

/** The stored form: ISO text that always has its milliseconds, so that it sorts. */
export function storedInstant(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

/** A stored instant in HubSpot's form. */
export function shortened(stored: string): string {
  return stored.replace('.000Z', 'Z');
}
