const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The instant of a REST date-time such as `2026-11-23T10:00:00.000+0000`. */
export function readInstant(text) {
  return new Date(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
}

/** A day without a time, such as `23 Nov 2026`; it is the same day everywhere. */
export function dateText(day) {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(day));
}

/** How far away an instant is, such as `in 3 hr`, `2 days ago` or `now`. */
export function distanceText(ms) {
  const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' });
  const size = Math.abs(ms);
  if (size < MINUTE_MS) return relative.format(0, 'second');
  if (size < HOUR_MS) return relative.format(Math.trunc(ms / MINUTE_MS), 'minute');
  if (size < 2 * DAY_MS) return relative.format(Math.trunc(ms / HOUR_MS), 'hour');
  return relative.format(Math.trunc(ms / DAY_MS), 'day');
}

/** Whole days from the day of `nowMs` to `day`, by the calendar of this browser; negative when it is past. */
export function daysUntil(day, nowMs) {
  const today = new Date(nowMs);
  const midnight = Date.UTC(today.getFullYear(), today.getMonth(), today.getDate());
  return Math.round((Date.parse(day) - midnight) / DAY_MS);
}

/** A date-time for an input of type `datetime-local`, in the time zone of this browser. */
export function toLocalInput(text) {
  const instant = readInstant(text);
  return new Date(instant.getTime() - instant.getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, 19);
}

/** The name of the time zone in which this browser shows instants. */
export function localTimeZone() {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
