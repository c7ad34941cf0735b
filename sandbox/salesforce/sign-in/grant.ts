/** Who asks for a session and whether they get one. Wording: Salesforce Help, "OAuth 2.0 Authorization Errors", and what clients record. */

import type { Org } from '../org.ts';
import type { Caller } from '../session.ts';
import { isSignedBy, livesTooLong, readAssertion } from './assertion.ts';
import { fitsChallenge } from './authorization-code.ts';
import type { ConnectedApp } from './connected-app.ts';

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const LOGIN_HOSTS = ['https://login.salesforce.com', 'https://test.salesforce.com'];
/** Scopes that client credentials cannot carry. Source: Help, "OAuth 2.0 Client Credentials Flow". */
const INTERACTIVE_SCOPES = new Set(['refresh_token', 'offline_access', 'full']);

export interface TokenRequest {
  readonly form: Readonly<Record<string, string>>;
  /** From the form, or from the header of HTTP Basic. */
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface Granted {
  readonly kind: 'granted';
  readonly caller: Caller;
  readonly app: ConnectedApp;
  readonly scopes: readonly string[];
  /** A first one is given, the one used is replaced, or none is. */
  readonly refresh: { readonly kind: 'none' } | { readonly kind: 'first' } | { readonly kind: 'used'; readonly token: string };
}

export type Grant = Granted | { readonly kind: 'refused'; readonly error: string; readonly description: string };

type Refused = Extract<Grant, { kind: 'refused' }>;

function refused(error: string, description: string): Refused {
  return { kind: 'refused', error, description };
}

const UNKNOWN_CLIENT = refused('invalid_client_id', 'client identifier invalid');
const WRONG_SECRET = refused('invalid_client', 'invalid client credentials');
const NOT_APPROVED = refused('invalid_app_access', 'user is not admin approved to access this app');

export function judgeGrant(org: Org, request: TokenRequest): Grant {
  const { form } = request;
  switch (form['grant_type']) {
    case JWT_BEARER:
      return judgeAssertion(org, form['assertion'] ?? '');
    case 'client_credentials':
      return judgeClient(org, request);
    case 'refresh_token':
      return judgeRefresh(org, request);
    case 'authorization_code':
      return judgeCode(org, request);
    case 'password':
      return judgePassword(org, request);
    case undefined:
    default:
      return refused('unsupported_grant_type', 'grant type not supported');
  }
}

/** The app that asks, once its secret fits. */
function authenticate(org: Org, { clientId, clientSecret }: TokenRequest): ConnectedApp | Refused {
  const app = org.apps.find(clientId);
  if (app === null) return UNKNOWN_CLIENT;
  return app.clientSecret === undefined || app.clientSecret === clientSecret ? app : WRONG_SECRET;
}

function judgeClient(org: Org, request: TokenRequest): Grant {
  const app = authenticate(org, request);
  if ('kind' in app) return app;
  if (request.clientSecret === '') return WRONG_SECRET;
  const caller = app.runAs === null ? null : org.sessions.findUser(app.runAs);
  if (caller === null) return refused('invalid_grant', 'no client credentials user enabled');
  const scopes = app.scopes.filter((scope) => !INTERACTIVE_SCOPES.has(scope));
  if (scopes.length === 0) return refused('invalid_grant', 'no valid scopes defined');
  return approve(app, caller, scopes, { kind: 'none' });
}

function judgeRefresh(org: Org, request: TokenRequest): Grant {
  const app = authenticate(org, request);
  if ('kind' in app) return app;
  const token = request.form['refresh_token'] ?? '';
  const caller = org.sessions.refresherOf(token, app.clientId);
  return caller === null
    ? refused('invalid_grant', 'expired access/refresh token')
    : approve(app, caller, app.scopes, { kind: 'used', token });
}

function judgeCode(org: Org, request: TokenRequest): Grant {
  const app = authenticate(org, request);
  if ('kind' in app) return app;
  const use = org.codes.use(request.form['code'] ?? '');
  if (use.kind === 'unknown') return refused('invalid_grant', 'invalid authorization code');
  if (use.kind === 'expired') return refused('invalid_grant', 'expired authorization code');
  const { caller, clientId, redirectUri, challenge } = use.authorization;
  if (clientId !== app.clientId) return refused('invalid_grant', 'invalid authorization code');
  if (redirectUri !== request.form['redirect_uri']) return refused('redirect_uri_mismatch', 'redirect_uri must match configuration');
  if (!fitsChallenge(request.form['code_verifier'] ?? '', challenge)) return refused('invalid_grant', 'invalid code verifier');
  return approve(app, caller, app.scopes, { kind: app.scopes.includes('refresh_token') ? 'first' : 'none' });
}

function judgePassword(org: Org, request: TokenRequest): Grant {
  const app = authenticate(org, request);
  if ('kind' in app) return app;
  const username = request.form['username'] ?? '';
  if ((request.form['password'] ?? '') === '') return refused('invalid_grant', 'authentication failure');
  const caller = org.sessions.findUser(username);
  if (caller !== null) return approve(app, caller, app.scopes, { kind: app.scopes.includes('refresh_token') ? 'first' : 'none' });
  return org.sessions.isInactive(username)
    ? refused('inactive_user', 'user is inactive')
    : refused('invalid_grant', 'authentication failure');
}

/** An app without a certificate cannot use this flow; while no app is registered there is nothing to verify with, and only the expiry and the user are checked. */
function judgeAssertion(org: Org, text: string): Grant {
  const assertion = readAssertion(text);
  if (assertion === null) return refused('invalid_grant', 'invalid assertion');
  const app = org.apps.find(assertion.clientId);
  if (app === null) return UNKNOWN_CLIENT;
  const isRegistered = org.apps.all().length > 0;
  if (isRegistered && (app.certificate === undefined || !isSignedBy(assertion, app.certificate)))
    return refused('invalid_grant', 'invalid assertion');
  if (isRegistered && ![...LOGIN_HOSTS, org.publicUrl()].includes(assertion.audience.replace(/\/+$/, '')))
    return refused('invalid_grant', 'audience is invalid');
  if (assertion.expiresAtMs <= org.clock.now()) return refused('invalid_grant', 'expired authorization code');
  if (isRegistered && livesTooLong(assertion, org.clock.now())) return refused('invalid_grant', 'invalid assertion');
  const caller = org.sessions.findUser(assertion.username);
  if (caller !== null) return approve(app, caller, withoutRefresh(app.scopes), { kind: 'none' });
  return org.sessions.isInactive(assertion.username)
    ? refused('inactive_user', 'user is inactive')
    : refused('invalid_grant', "user hasn't approved this consumer");
}

function withoutRefresh(scopes: readonly string[]): readonly string[] {
  return scopes.filter((scope) => scope !== 'refresh_token' && scope !== 'offline_access');
}

function approve(app: ConnectedApp, caller: Caller, scopes: readonly string[], refresh: Granted['refresh']): Grant {
  const isApproved = app.users === undefined || app.users.some((user) => user === caller.alias || user === caller.username);
  return isApproved ? { kind: 'granted', caller, app, scopes, refresh } : NOT_APPROVED;
}
