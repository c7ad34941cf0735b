import { asObject, isObject, textOrNull, type JsonObject } from '../answer-shape.ts';
import { CrmFailure } from '../failures.ts';
import { dateOf, exchangeOnce, isRedirect, type HttpExchange } from '../http-exchange.ts';
import type { GrantedSession } from '../session-shelf.ts';
import { withoutSecrets } from '../without-secrets.ts';
import type { HubspotApiVersion } from './api-version.ts';
import type { OnExchange } from './bounded-http.ts';
import { classifyAnswer } from './classify-failure.ts';

export type HubspotAuth =
  /** Of a private app, of a project app with static auth, or a service key. */
  | { readonly kind: 'token'; readonly accessToken: string }
  | {
      readonly kind: 'refresh_token';
      readonly clientId: string;
      readonly clientSecret: string;
      /** The one that was given when the app was let into the portal; it may have successors. */
      readonly refreshToken: string;
    };

export type RefreshTokenAuth = Extract<HubspotAuth, { readonly kind: 'refresh_token' }>;

export interface OauthRequest {
  readonly baseUrl: string;
  readonly version: HubspotApiVersion;
  readonly timeoutMs: number;
  /** The portal's clock, in epoch milliseconds. */
  readonly nowMs: number;
  readonly onExchange: OnExchange;
}

/** What to do about a refusal, by HubSpot's own name of it or, where that is not known, by that of RFC 6749. */
const REMEDIES: Readonly<Record<string, string>> = {
  BAD_REFRESH_TOKEN: 'Let the app into the portal again and give the connection its new refresh token',
  BAD_CLIENT_ID: 'Compare the client id with that of the app',
  BAD_CLIENT_SECRET: 'Compare the client secret with that of the app',
  invalid_grant: 'Let the app into the portal again and give the connection its new refresh token',
  invalid_client: 'Compare the client id and the client secret with those of the app',
};

/**
 * Asks for an access token, once. Throws CRM_AUTH_FAILED where HubSpot says no (whoever runs the connection must act), and CRM_UNAVAILABLE or CRM_RATE_LIMITED where it
 * does not answer now. https://developers.hubspot.com/docs/api-reference/auth-oauth-v1/guide
 */
export async function requestToken(auth: RefreshTokenAuth, request: OauthRequest): Promise<GrantedSession> {
  const { clientId: client_id, clientSecret: client_secret, refreshToken: refresh_token } = auth;
  const form = { grant_type: 'refresh_token', client_id, client_secret, refresh_token };
  const exchange = await send(request, { method: 'POST', url: `${request.baseUrl}${tokenPath(request.version)}` }, form);
  if (exchange.status >= 300) throw refused(exchange, [client_secret, refresh_token]);
  const answer = asObject(parseJson(exchange.body), 'the token request');
  const accessToken = textOrNull(answer['access_token']);
  if (accessToken === null || accessToken === '')
    throw new CrmFailure('CRM_UNAVAILABLE', 'The token endpoint answered without an access token');
  const seconds = answer['expires_in'];
  return {
    accessToken,
    refreshToken: textOrNull(answer['refresh_token']) || refresh_token,
    ...(typeof seconds === 'number' ? { endsAtMs: (dateOf(exchange) ?? request.nowMs) + seconds * 1_000 } : {}),
  };
}

/**
 * What HubSpot knows of an access token: `app_id`, `hub_id`, `scopes` and who let the app in. The numbered API takes it in the address, the dated ones in a form.
 * Null where it tells nothing.
 */
export async function readTokenFacts(auth: RefreshTokenAuth, accessToken: string, request: OauthRequest): Promise<JsonObject | null> {
  const { clientId: client_id, clientSecret: client_secret } = auth;
  const exchange =
    request.version === 'v3'
      ? await send(request, { method: 'GET', url: `${request.baseUrl}/oauth/v1/access-tokens/${encodeURIComponent(accessToken)}` }, null)
      : await send(
          request,
          { method: 'POST', url: `${request.baseUrl}${tokenPath(request.version)}/introspect` },
          { client_id, client_secret, token: accessToken },
        );
  const facts = parseJson(exchange.body);
  return exchange.status < 300 && isObject(facts) ? facts : null;
}

function tokenPath(version: HubspotApiVersion): string {
  return `/oauth/${version === 'v3' ? 'v1' : version}/token`;
}

async function send(
  { timeoutMs, onExchange }: OauthRequest,
  { method, url }: { readonly method: string; readonly url: string },
  form: Record<string, string> | null,
): Promise<HttpExchange> {
  const startedAtMs = Date.now();
  let exchange: HttpExchange | null = null;
  try {
    const headers = { accept: 'application/json', 'user-agent': 'dealkeeper' };
    exchange = await exchangeOnce(
      form === null
        ? { method, url, headers }
        : {
            method,
            url,
            headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
            body: new URLSearchParams(form).toString(),
          },
      AbortSignal.timeout(timeoutMs),
      timeoutMs,
    );
  } finally {
    onExchange(exchange, Date.now() - startedAtMs);
  }
  if (isRedirect(exchange)) throw new CrmFailure('CRM_UNAVAILABLE', `HTTP ${exchange.status}: HubSpot answers from another address`);
  return exchange;
}

function refused(exchange: HttpExchange, secrets: readonly string[]): CrmFailure {
  const failure = classifyAnswer(exchange);
  if (failure.code === 'CRM_UNAVAILABLE' || failure.code === 'CRM_RATE_LIMITED') return failure;
  const body = parseJson(exchange.body);
  const told = isObject(body) ? body : {};
  const names = [textOrNull(told['status']), textOrNull(told['error'])].filter((name) => name !== null && name !== 'error');
  const remedy = names.map((name) => REMEDIES[name ?? '']).find((known) => known !== undefined);
  const words = [names[0], textOrNull(told['message']) ?? textOrNull(told['error_description'])].filter((part) => part != null).join(': ');
  const message = words === '' ? `The sign-in was refused with HTTP ${exchange.status}` : words;
  return new CrmFailure(
    'CRM_AUTH_FAILED',
    withoutSecrets(`${message}${remedy === undefined ? '' : `. ${remedy}`}`, secrets).slice(0, 1_000),
  );
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
