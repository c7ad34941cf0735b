import { CrmFailure } from '../failures.ts';
import { asObject, textOrNull } from '../answer-shape.ts';
import { signAssertion, type AssertionSource } from './assertion.ts';
import type { HttpExchange } from '../http-exchange.ts';
import type { GrantedSession } from '../session-shelf.ts';
import { BoundedTransport } from './bounded-transport.ts';
import { refusedSignIn } from './sign-in-refusal.ts';

export type SalesforceAuth =
  | { readonly kind: 'token'; readonly accessToken: string }
  | { readonly kind: 'client_credentials'; readonly clientId: string; readonly clientSecret: string }
  | ({ readonly kind: 'jwt' } & AssertionSource)
  | {
      readonly kind: 'refresh_token';
      readonly clientId: string;
      /** Null for an app that asks for none. */
      readonly clientSecret: string | null;
      /** The one that was given when the app was authorized; it may have successors. */
      readonly refreshToken: string;
    };

export type RenewableAuth = Exclude<SalesforceAuth, { readonly kind: 'token' }>;

export interface TokenRequest {
  readonly instanceUrl: string;
  readonly timeoutMs: number;
  /** The org's clock, in epoch milliseconds. */
  readonly nowMs: number;
  readonly onExchange: (exchange: HttpExchange | null, durationMs: number) => void;
}

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/**
 * Asks the org for a session, once. Client credentials and JWT bearer have no refresh token: renewing is asking again.
 *
 * Throws CRM_AUTH_FAILED when the org says no (whoever runs the connection must act), and CRM_UNAVAILABLE when it does not answer.
 * https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_client_credentials_flow.htm
 */
export async function requestSession(auth: RenewableAuth, request: TokenRequest): Promise<GrantedSession> {
  const transport = new BoundedTransport(request.timeoutMs, request.onExchange);
  const form = grantOf(auth, request.nowMs);
  const response = await transport.exchange({
    method: 'POST',
    url: `${request.instanceUrl}/services/oauth2/token`,
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams(form).toString(),
  });
  const secrets = ['client_secret', 'refresh_token', 'assertion'].map((name) => form[name] ?? '');
  if (response.statusCode >= 400) throw refusedSignIn(response.statusCode, response.body, response.headers['retry-after'], secrets);
  const answer = asObject(parseJson(response.body), 'the token request');
  const accessToken = textOrNull(answer['access_token']);
  if (accessToken === null || accessToken === '')
    throw new CrmFailure('CRM_UNAVAILABLE', 'The token endpoint answered without an access token');
  return { accessToken, refreshToken: auth.kind === 'refresh_token' ? textOrNull(answer['refresh_token']) || auth.refreshToken : null };
}

function grantOf(auth: RenewableAuth, nowMs: number): Record<string, string> {
  switch (auth.kind) {
    case 'client_credentials':
      return { grant_type: 'client_credentials', client_id: auth.clientId, client_secret: auth.clientSecret };
    case 'jwt':
      return { grant_type: JWT_BEARER, assertion: signAssertion(auth, nowMs) };
    case 'refresh_token':
      return {
        grant_type: 'refresh_token',
        refresh_token: auth.refreshToken,
        client_id: auth.clientId,
        ...(auth.clientSecret === null ? {} : { client_secret: auth.clientSecret }),
      };
  }
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
