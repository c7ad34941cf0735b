/** Assertions of the JWT bearer flow. Source: Salesforce Help, "OAuth 2.0 JWT Bearer Flow for Server-to-Server Integration". */

import { verify } from 'node:crypto';
import { isRecordBody } from '../write/record-body.ts';
import type { RecordBody } from '../write/record-body.ts';
import { publicKeyOf } from './connected-app.ts';

export interface Assertion {
  readonly clientId: string;
  readonly username: string;
  readonly audience: string;
  /** Epoch milliseconds. */
  readonly expiresAtMs: number;
  readonly algorithm: string;
  /** What was signed, and the signature over it. */
  readonly signed: string;
  readonly signature: Buffer;
}

/** Salesforce asks for three minutes; the rest is for clocks that differ. */
const LONGEST_LIFE_MS = 5 * 60 * 1000;

/** No instant in seconds is that large: what is larger was given in milliseconds, as Salesforce's own command line does. */
const LEAST_IN_MILLISECONDS = 100_000_000_000;

/** Reads an assertion; null when it is no JWT with all that the flow needs. Nothing is verified yet. */
export function readAssertion(text: string): Assertion | null {
  const [header = '', payload = '', signature = '', ...rest] = text.split('.');
  const head = decode(header);
  const claims = decode(payload);
  if (head === null || claims === null || rest.length > 0) return null;
  const { iss, sub, aud, exp } = claims;
  const expiry = typeof exp === 'string' && /^\d+$/.test(exp) ? Number(exp) : exp;
  if (typeof iss !== 'string' || typeof sub !== 'string' || typeof aud !== 'string' || aud === '') return null;
  if (typeof expiry !== 'number' || !Number.isFinite(expiry)) return null;
  return {
    clientId: iss,
    username: sub,
    audience: aud,
    expiresAtMs: expiry > LEAST_IN_MILLISECONDS ? expiry : expiry * 1000,
    algorithm: String(head['alg']),
    signed: `${header}.${payload}`,
    signature: Buffer.from(signature, 'base64url'),
  };
}

/** True when the holder of `certificate`'s private key signed it. */
export function isSignedBy(assertion: Assertion, certificate: string): boolean {
  const key = publicKeyOf(certificate);
  return key !== null && assertion.algorithm === 'RS256' && verify('RSA-SHA256', Buffer.from(assertion.signed), key, assertion.signature);
}

export function livesTooLong(assertion: Assertion, nowMs: number): boolean {
  return assertion.expiresAtMs - nowMs > LONGEST_LIFE_MS;
}

function decode(part: string): RecordBody | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return isRecordBody(value) ? value : null;
  } catch {
    return null;
  }
}
