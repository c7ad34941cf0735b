import type { IncomingHttpHeaders } from 'node:http';
import { judgeSignature } from '../../crm/hubspot/webhook/signature.ts';
import type { Instant } from '../../program/vocabulary.ts';

/** What it takes to believe that a request is HubSpot's. */
export interface HubspotSigning {
  /** Of the app whose requests they are. */
  readonly clientSecret: string;
  /** What comes before our own path in the address that HubSpot calls, such as `https://deals.example.com`: HubSpot signs it, and proxies change it. */
  readonly publicUrl: string;
}

/** Tells why a request is not HubSpot's, by a word of `judgeSignature`; null where it is. `path` has its query, as it was sent. */
export function signatureCheck({ clientSecret, publicUrl }: HubspotSigning, now: () => Instant) {
  const base = publicUrl.replace(/\/+$/, '');
  return ({
    method,
    path,
    headers,
    body,
  }: {
    method: string;
    path: string;
    headers: IncomingHttpHeaders;
    body: Uint8Array;
  }): string | null => {
    const signed = { method, url: base + path, body, signature: one(headers, SIGNATURE), timestamp: one(headers, TIMESTAMP) };
    const verdict = judgeSignature(clientSecret, signed, Date.parse(now()));
    return verdict === 'valid' ? null : verdict;
  };
}

const SIGNATURE = 'x-hubspot-signature-v3';
const TIMESTAMP = 'x-hubspot-request-timestamp';

function one(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
