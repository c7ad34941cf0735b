/** Signs what is sent to an app. Source: HubSpot developer documentation, "Validating requests". */

import { createHash, createHmac } from 'node:crypto';

/** The escapes that are undone in an address before it is signed; all others stay. */
const DECODED: Readonly<Record<string, string>> = {
  '%3A': ':',
  '%2F': '/',
  '%3F': '?',
  '%40': '@',
  '%21': '!',
  '%24': '$',
  '%27': "'",
  '%28': '(',
  '%29': ')',
  '%2A': '*',
  '%2C': ',',
  '%3B': ';',
};

/** The headers of a POST of `body` to `url`: the third version, and the first one, which CRM events still carry. */
export function signatureHeaders(secret: string, url: string, body: string, timestampMs: number): Record<string, string> {
  const timestamp = String(timestampMs);
  const decoded = url.replace(/%[0-9a-f]{2}/gi, (escape) => DECODED[escape.toUpperCase()] ?? escape);
  return {
    'x-hubspot-signature': createHash('sha256')
      .update(secret + body, 'utf8')
      .digest('hex'),
    'x-hubspot-signature-version': 'v1',
    'x-hubspot-signature-v3': createHmac('sha256', secret).update(`POST${decoded}${body}${timestamp}`, 'utf8').digest('base64'),
    'x-hubspot-request-timestamp': timestamp,
  };
}
