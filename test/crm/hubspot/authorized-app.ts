import type { HubspotAuth } from '../../../crm/hubspot/sign-in.ts';

export const CLIENT = { clientId: 'dealkeeper', clientSecret: 'the-client-secret' };
const BACK = 'http://127.0.0.1:3000/back';
const SCOPES = ['companies', 'contacts', 'custom', 'deals']
  .flatMap((object) => [`crm.objects.${object}.read`, `crm.objects.${object}.write`])
  .concat('crm.objects.owners.read', 'crm.schemas.custom.read');

async function post(url: string, body: string | URLSearchParams, headers: Record<string, string> = {}): Promise<Record<string, string>> {
  const response = await fetch(url, { method: 'POST', headers, body });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Record<string, string>;
}

/** Registers our app with the sandbox portal; `refreshTokenRotation`: each refresh token renews once. */
export async function registerApp(portalUrl: string, refreshTokenRotation: boolean): Promise<void> {
  const apps = [{ ...CLIENT, appId: 900_100, refreshTokenRotation }];
  await post(`${portalUrl}/_sandbox/apps`, JSON.stringify({ apps }), { 'content-type': 'application/json' });
}

/** What the connection gets when a rep lets the app into the portal. */
export async function authorize(
  portalUrl: string,
  scopes: readonly string[] = SCOPES,
): Promise<HubspotAuth & { readonly kind: 'refresh_token' }> {
  const query = new URLSearchParams({ client_id: CLIENT.clientId, redirect_uri: BACK, scope: scopes.join(' '), as: 'rep' });
  const answer = await fetch(`${portalUrl}/oauth/authorize?${query.toString()}`, { redirect: 'manual' });
  const code = new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? '';
  const client = { client_id: CLIENT.clientId, client_secret: CLIENT.clientSecret };
  const form = new URLSearchParams({ ...client, grant_type: 'authorization_code', redirect_uri: BACK, code });
  const tokens = await post(`${portalUrl}/oauth/2026-03/token`, form);
  return { kind: 'refresh_token', ...CLIENT, refreshToken: tokens['refresh_token'] ?? '' };
}
