import { createHmac, timingSafeEqual } from 'node:crypto';

/** A delivery is refused when it is older. https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation */
export const LONGEST_AGE_MS = 5 * 60_000;
/** HubSpot's clock may be ahead of ours by this much. */
export const MOST_AHEAD_MS = 30_000;

/** A request as it arrived, with what it says of its own signature. */
export interface SignedRequest {
  readonly method: string;
  /** The address that HubSpot called: scheme, host, path and query, escaped as they were sent. */
  readonly url: string;
  /** As it came, not parsed and written again. */
  readonly body: Uint8Array;
  /** `X-HubSpot-Signature-v3`. */
  readonly signature: string | undefined;
  /** `X-HubSpot-Request-Timestamp`: epoch milliseconds. */
  readonly timestamp: string | undefined;
}

/** `stale` and `future` are said of requests that HubSpot did sign. */
export type SignatureVerdict = 'valid' | 'unsigned' | 'forged' | 'stale' | 'future';

/** The escapes that HubSpot undoes before it signs an address, and no others. */
const DECODED: ReadonlyMap<string, string> = new Map([
  ['%3A', ':'],
  ['%2F', '/'],
  ['%3F', '?'],
  ['%40', '@'],
  ['%21', '!'],
  ['%24', '$'],
  ['%27', "'"],
  ['%28', '('],
  ['%29', ')'],
  ['%2A', '*'],
  ['%2C', ','],
  ['%3B', ';'],
]);

/**
 * Judges a request by HubSpot's signature of the third version: HMAC-SHA256 of method, address, body and timestamp with the app's client secret, in base64.
 *
 * Signatures are compared in constant time. The last valid instants are those at which the request is `LONGEST_AGE_MS` old and `MOST_AHEAD_MS` ahead of `nowMs`.
 */
export function judgeSignature(clientSecret: string, request: SignedRequest, nowMs: number): SignatureVerdict {
  const { method, url, body, signature, timestamp } = request;
  if (signature === undefined || timestamp === undefined) return 'unsigned';
  if (!/^\d{1,15}$/.test(timestamp)) return 'forged';
  const expected = createHmac('sha256', clientSecret)
    .update(method.toUpperCase() + signedForm(url), 'utf8')
    .update(body)
    .update(timestamp, 'utf8')
    .digest('base64');
  if (!isSame(expected, signature)) return 'forged';
  const ageMs = nowMs - Number(timestamp);
  if (ageMs > LONGEST_AGE_MS) return 'stale';
  return ageMs < -MOST_AHEAD_MS ? 'future' : 'valid';
}

function signedForm(url: string): string {
  return url.replace(/%[0-9A-F]{2}/gi, (escape) => DECODED.get(escape.toUpperCase()) ?? escape);
}

/** The texts are compared, not the bytes that they stand for: base64 has more than one text for the same bytes. */
function isSame(expected: string, given: string): boolean {
  const [one, other] = [Buffer.from(expected, 'utf8'), Buffer.from(given, 'utf8')];
  return one.length === other.length && timingSafeEqual(one, other);
}
