/** Tokens as HubSpot answers them. Source: HubSpot developer documentation, "OAuth tokens", and its API descriptions v1, v3 and 2026-03. */

import type { Granted, GrantRefusal } from '../oauth/grant.ts';
import type { IssuedToken } from '../oauth/token-store.ts';
import { PORTAL_ID } from '../portal-id.ts';

const HUB_DOMAIN = 'sandbox.hubspot.example';

export function tokenBody({ access, refreshToken }: Granted, nowMs: number): object {
  return {
    token_type: 'bearer',
    ...(refreshToken === null ? {} : { refresh_token: refreshToken }),
    access_token: access.token,
    expires_in: secondsLeft(access, nowMs),
    token_use: access.kind === 'client_credentials' ? 'client_credentials' : 'access_token',
    scopes: access.scopes,
    ...(refreshToken === null ? {} : { hub_id: PORTAL_ID, user_id: access.owner.userId }),
  };
}

export function refusalBody({ status, error, message }: GrantRefusal, correlationId: string): object {
  return { status, message, correlationId, error, error_description: message };
}

/** As `introspect` tells of a token; of one that is not good, only that. */
export function introspectionBody(found: IssuedToken | null, nowMs: number): object {
  if (found === null || !found.isLive) return { active: false };
  const isRefresh = found.kind === 'refresh';
  const shared = { active: true, token: found.token, token_type: 'bearer', client_id: found.clientId, ...about(found) };
  if (isRefresh) return { ...shared, token_use: 'refresh_token' };
  return {
    ...shared,
    token_use: 'access_token',
    expires_in: secondsLeft(found, nowMs),
    is_private_distribution: false,
    signed_access_token: signedBody(found),
  };
}

/** As the first version tells of a token. */
export function tokenInfoBody(found: IssuedToken, nowMs: number): object {
  const shared = { token: found.token, ...about(found) };
  if (found.kind === 'refresh') return { ...shared, client_id: found.clientId, token_type: 'refresh' };
  return { ...shared, token_type: 'access', expires_in: secondsLeft(found, nowMs), is_private_distribution: false };
}

function about({ owner, appId, scopes }: IssuedToken): object {
  return {
    user: `${owner.alias}@acme.example`,
    user_id: owner.userId,
    hub_domain: HUB_DOMAIN,
    hub_id: PORTAL_ID,
    app_id: appId,
    scopes,
  };
}

/** What HubSpot's own services read; the signatures of the sandbox are none. */
function signedBody({ owner, appId, scopes, endsAt }: IssuedToken): object {
  return {
    expiresAt: endsAt,
    scopes: scopes.join(' '),
    hubId: PORTAL_ID,
    userId: owner.userId,
    appId,
    signature: '',
    newSignature: '',
    scopeToScopeGroupPks: '',
    trialScopes: '',
    trialScopeToScopeGroupPks: '',
    isUserLevel: false,
    hublet: 'na1',
    installingUserId: owner.userId,
    isServiceAccount: false,
    isPrivateDistribution: false,
    appInstallId: '',
    audience: '',
  };
}

function secondsLeft({ endsAt }: IssuedToken, nowMs: number): number {
  return Math.max(0, Math.round(((endsAt ?? nowMs) - nowMs) / 1000));
}
