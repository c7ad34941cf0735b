/** Who asks for a token and whether they get one. The statuses are those that public logs and HubSpot's documentation show. */

import type { Portal } from '../portal.ts';
import type { App } from './app.ts';
import { fitsChallenge } from './authorization-code.ts';
import type { IssuedToken } from './token-store.ts';

export type TokenForm = Readonly<Record<string, string>>;

export interface Granted {
  readonly kind: 'granted';
  readonly access: IssuedToken;
  /** Null for client credentials. */
  readonly refreshToken: string | null;
}

/** HubSpot's own name of the mistake, and that of RFC 6749. */
export interface GrantRefusal {
  readonly kind: 'refused';
  readonly status: string;
  readonly error: string;
  readonly message: string;
}

/** What runs as the app itself may have these scopes alone: it belongs to no portal. */
const DEVELOPER_SCOPE = /^developer\./;

export function judgeGrant(portal: Portal, form: TokenForm): Granted | GrantRefusal {
  const grantType = form['grant_type'] ?? '';
  if (!['authorization_code', 'refresh_token', 'client_credentials'].includes(grantType))
    return refuse('BAD_GRANT_TYPE', 'unsupported_grant_type', 'missing or unknown grant type');
  const app = authenticate(portal, form);
  if ('kind' in app) return app;
  if (grantType === 'refresh_token') return refresh(portal, app, form);
  if (grantType === 'authorization_code') return exchange(portal, app, form);
  return asApp(portal, app, form);
}

/** The app that asks, once its secret fits. */
export function authenticate(portal: Portal, form: TokenForm): App | GrantRefusal {
  const app = portal.apps.authenticate(form['client_id'] ?? '', form['client_secret'] ?? '');
  if (app === 'BAD_CLIENT_ID') return refuse(app, 'invalid_client', 'missing or invalid client id');
  return app === 'BAD_CLIENT_SECRET' ? refuse(app, 'invalid_client', 'missing or invalid client secret') : app;
}

function exchange(portal: Portal, app: App, form: TokenForm): Granted | GrantRefusal {
  const authorization = portal.codes.use(form['code'] ?? '');
  if (authorization === null || authorization.clientId !== app.clientId)
    return refuse('BAD_AUTH_CODE', 'invalid_grant', 'missing or unknown auth code');
  if (authorization.redirectUri !== form['redirect_uri'])
    return refuse('MISMATCH_REDIRECT_URI_AUTH_CODE', 'invalid_grant', 'redirect URI does not match the one of the auth code');
  if (!fitsChallenge(form['code_verifier'] ?? '', authorization.challenge))
    return refuse('BAD_CODE_VERIFIER', 'invalid_grant', 'missing or invalid code verifier');
  const tokens = { alias: authorization.alias, clientId: app.clientId, appId: app.appId, scopes: authorization.scopes };
  const { token } = portal.tokens.issueRefresh(tokens);
  return { kind: 'granted', access: portal.tokens.issueAccess(tokens, 'access', token), refreshToken: token };
}

function refresh(portal: Portal, app: App, form: TokenForm): Granted | GrantRefusal {
  const used = portal.tokens.find(form['refresh_token'] ?? '');
  if (used === null || used.kind !== 'refresh' || !used.isLive || used.clientId !== app.clientId)
    return refuse('BAD_REFRESH_TOKEN', 'invalid_grant', 'missing or invalid refresh token');
  const tokens = { alias: used.owner.alias, clientId: app.clientId, appId: used.appId, scopes: used.scopes };
  if (!app.refreshTokenRotation)
    return { kind: 'granted', access: portal.tokens.issueAccess(tokens, 'access', used.token), refreshToken: used.token };
  portal.tokens.revoke(used.token);
  const { token } = portal.tokens.issueRefresh(tokens);
  return { kind: 'granted', access: portal.tokens.issueAccess(tokens, 'access', token), refreshToken: token };
}

function asApp(portal: Portal, app: App, form: TokenForm): Granted | GrantRefusal {
  const scopes = (form['scope'] ?? '').split(/\s+/).filter((scope) => scope !== '');
  const foreign = scopes.find((scope) => !DEVELOPER_SCOPE.test(scope));
  if (foreign !== undefined) return refuse('BAD_SCOPES', 'invalid_scope', `client credentials cannot carry the scope ${foreign}`);
  const tokens = { alias: 'integration', clientId: app.clientId, appId: app.appId, scopes };
  return { kind: 'granted', access: portal.tokens.issueAccess(tokens, 'client_credentials', ''), refreshToken: null };
}

function refuse(status: string, error: string, message: string): GrantRefusal {
  return { kind: 'refused', status, error, message };
}
