import { createSign } from 'node:crypto';
import { CrmFailure } from '../failures.ts';

/** Who asks, and with which key, in the JWT bearer flow. */
export interface AssertionSource {
  readonly clientId: string;
  readonly username: string;
  /** `https://login.salesforce.com`, or `https://test.salesforce.com` for a sandbox org. */
  readonly audience: string;
  readonly privateKeyPem: string;
}

const LIFE_SECONDS = 180;

/**
 * The signed assertion of the JWT bearer flow, with an end three minutes after `nowMs`, which is the org's clock and not necessarily ours.
 * https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_jwt_flow.htm
 */
export function signAssertion(source: AssertionSource, nowMs: number): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const claims = { iss: source.clientId, sub: source.username, aud: source.audience, exp: Math.floor(nowMs / 1_000) + LIFE_SECONDS };
  const signed = `${encode({ alg: 'RS256' })}.${encode(claims)}`;
  try {
    return `${signed}.${createSign('RSA-SHA256').update(signed).sign(source.privateKeyPem, 'base64url')}`;
  } catch {
    // The key library's own message may quote parts of the key.
    throw new CrmFailure('CRM_AUTH_FAILED', 'The private key of the connection is not a PEM key that can sign');
  }
}
