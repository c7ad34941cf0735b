import { createSign } from 'node:crypto';
import { CrmFailure } from '../failures.ts';
import { asObject, textOrNull } from './answer-shape.ts';
import { BoundedTransport, type HttpExchange } from './bounded-transport.ts';
import { classifyAnswer, readComplaint } from './classify-failure.ts';

export type SalesforceAuth =
  | { readonly kind: 'token'; readonly accessToken: string }
  | { readonly kind: 'client_credentials'; readonly clientId: string; readonly clientSecret: string }
  | {
      readonly kind: 'jwt';
      readonly clientId: string;
      readonly username: string;
      /** `https://login.salesforce.com`, or `https://test.salesforce.com` for a sandbox org. */
      readonly audience: string;
      readonly privateKeyPem: string;
    };

const ASSERTION_LIFE_SECONDS = 180;
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/**
 * Asks the org for an access token and returns it. Neither flow has a refresh token: renewing is asking again.
 *
 * Throws CRM_AUTH_FAILED when the org says no (whoever runs the connection must act), CRM_UNAVAILABLE when it does not answer, and
 * CRM_AUTH_FAILED at once for a fixed token, which cannot be renewed.
 * https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_client_credentials_flow.htm
 */
export async function requestToken(
  instanceUrl: string,
  auth: SalesforceAuth,
  timeoutMs: number,
  onExchange: (exchange: HttpExchange | null, durationMs: number) => void,
): Promise<string> {
  const transport = new BoundedTransport(timeoutMs, onExchange);
  const response = await transport.exchange({
    method: 'POST',
    url: `${instanceUrl}/services/oauth2/token`,
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams(grantOf(auth, Date.now())).toString(),
  });
  if (response.statusCode >= 400) throw refusedSignIn(response.statusCode, response.body, response.headers['retry-after']);
  const token = textOrNull(asObject(parseJson(response.body), 'the token request')['access_token']);
  if (token === null || token === '') throw new CrmFailure('CRM_UNAVAILABLE', 'The token endpoint answered without an access token');
  return token;
}

/** The signed assertion of the JWT bearer flow. `exp` is at most three minutes ahead. */
export function signAssertion(auth: SalesforceAuth & { readonly kind: 'jwt' }, nowMs: number): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const claims = { iss: auth.clientId, sub: auth.username, aud: auth.audience, exp: Math.floor(nowMs / 1_000) + ASSERTION_LIFE_SECONDS };
  const signed = `${encode({ alg: 'RS256' })}.${encode(claims)}`;
  try {
    return `${signed}.${createSign('RSA-SHA256').update(signed).sign(auth.privateKeyPem, 'base64url')}`;
  } catch {
    // The key library's own message may quote parts of the key.
    throw new CrmFailure('CRM_AUTH_FAILED', 'The private key of the connection is not a PEM key that can sign');
  }
}

function grantOf(auth: SalesforceAuth, nowMs: number): Record<string, string> {
  switch (auth.kind) {
    case 'token':
      throw new CrmFailure('CRM_AUTH_FAILED', 'The access token was refused, and a fixed token cannot be renewed');
    case 'client_credentials':
      return { grant_type: 'client_credentials', client_id: auth.clientId, client_secret: auth.clientSecret };
    case 'jwt':
      return { grant_type: JWT_BEARER, assertion: signAssertion(auth, nowMs) };
  }
}

/** The token endpoint says no with 400 and `{error, error_description}`; only an endpoint that is down or busy is worth another try. */
function refusedSignIn(status: number, body: string, retryAfter: string | undefined): CrmFailure {
  const failure = classifyAnswer(status, body, retryAfter);
  if (failure.code === 'CRM_UNAVAILABLE' || failure.code === 'CRM_RATE_LIMITED') return failure;
  const complaint = readComplaint(body);
  return new CrmFailure(
    'CRM_AUTH_FAILED',
    complaint === null ? `The sign-in was refused with HTTP ${status}` : `${complaint.code}: ${complaint.message}`,
  );
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
