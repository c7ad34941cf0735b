const SECOND_MS = 1_000;
const LEAST_MS = SECOND_MS;
const MOST_MS = 3_600_000;
/** Date.parse reads far more than dates of HTTP. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * How long an answer asks to wait: a number of seconds, or a date (https://www.rfc-editor.org/rfc/rfc9110#field.retry-after). Between a second and an hour, whatever it
 * says: the other side decides when, and not whether, it is asked again. Null where it says nothing that can be read.
 */
export function retryAfterMs(header: string | null, now: Date): number | null {
  if (header === null) return null;
  const text = header.trim();
  if (!/^\d{1,9}$/.test(text) && !HTTP_DATE.test(text)) return null;
  const asked = HTTP_DATE.test(text) ? Date.parse(text) - now.getTime() : Number(text) * SECOND_MS;
  return Number.isNaN(asked) ? null : Math.min(MOST_MS, Math.max(LEAST_MS, asked));
}
