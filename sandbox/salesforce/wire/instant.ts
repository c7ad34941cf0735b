/** Dates and times in the three forms the API knows: as clients send them, as we store them, as REST answers show them. */

/** Stored form of an instant, at whole seconds: Salesforce keeps no milliseconds. */
export function storedInstant(epochMs: number): string {
  const second = Math.floor(epochMs / 1000) * 1000;
  // Thousands of records are stamped within a second.
  if (second !== latest.second) latest = { second, text: new Date(second).toISOString() };
  return latest.text;
}

let latest: { readonly second: number; readonly text: string } = { second: 0, text: new Date(0).toISOString() };

/** `2013-05-20T20:49:32.000+0000`, as REST answers show an instant. */
export function restInstant(stored: string): string {
  return stored.endsWith('Z') ? `${stored.slice(0, -1)}+0000` : stored;
}

/** Epoch milliseconds of a datetime in any form the API accepts (`Z`, `+00:00`, `+0000`, with or without fractions); null for anything else. */
export function parseInstant(text: string): number | null {
  const match = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/.exec(text.trim());
  if (match === null || !isCalendarDate(match[1] ?? '')) return null;
  const [, date, time = '00:00:00', zone = 'Z'] = match;
  const epochMs = Date.parse(`${date}T${time}${zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone}`);
  return Number.isNaN(epochMs) ? null : epochMs;
}

/** The day of a date or datetime text, `YYYY-MM-DD`; null when there is none. */
export function parseDate(text: string): string | null {
  const match = /^(\d{4}-\d{2}-\d{2})(?:T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})?|Z|[+-]\d{2}:?\d{2})?$/.exec(text.trim());
  const date = match?.[1] ?? '';
  return isCalendarDate(date) ? date : null;
}

/** Instant of an HTTP date header, epoch milliseconds; null when it is missing or unreadable. */
export function parseHttpDate(text: string | undefined): number | null {
  const epochMs = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(epochMs) ? null : epochMs;
}

function isCalendarDate(date: string): boolean {
  const instant = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(date);
}
