import { CrmFailure } from '../failures.ts';
import { HUBSPOT_API_VERSIONS } from './api-version.ts';
import type { CheckedConfig, HubspotConfig, SessionParts } from './session.ts';
import type { HubspotAuth } from './sign-in.ts';

/** The configuration as a session takes it. Throws CRM_REQUEST_INVALID for what no portal can have, and for a refresh token without a shelf to keep its successors on. */
export function checkedConfig(
  { accessToken, auth: given, ...config }: HubspotConfig,
  { shelf }: Pick<SessionParts, 'shelf'>,
): CheckedConfig {
  const { connection, baseUrl, apiVersion, requestTimeoutMs } = config;
  const refuse = (message: string): never => {
    throw new CrmFailure('CRM_REQUEST_INVALID', `Connection ${connection}: ${message}`);
  };
  const url = URL.parse(baseUrl);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) refuse('baseUrl is not a web address; expected https://api.hubapi.com');
  if ((given === undefined) === (accessToken === undefined)) refuse('expected either auth or accessToken');
  const auth: HubspotAuth = given ?? { kind: 'token', accessToken: accessToken ?? '' };
  checkAuth(auth, refuse);
  if (auth.kind === 'refresh_token' && shelf === undefined) refuse('a refresh token needs a store for its successors');
  if (!HUBSPOT_API_VERSIONS.includes(apiVersion)) refuse(`apiVersion ${apiVersion}; expected one of ${HUBSPOT_API_VERSIONS.join(', ')}`);
  if (!Number.isSafeInteger(requestTimeoutMs) || requestTimeoutMs < 1) refuse(`requestTimeoutMs ${requestTimeoutMs}; expected at least 1`);
  return { ...config, auth, baseUrl: new URL(baseUrl).origin };
}

function checkAuth(auth: HubspotAuth, refuse: (message: string) => never): void {
  switch (auth.kind) {
    case 'token':
      if (auth.accessToken.trim() === '') refuse('the access token is empty; expected that of a private app or a service key');
      return;
    case 'refresh_token':
      for (const name of ['clientId', 'clientSecret', 'refreshToken'] as const)
        if (auth[name].trim() === '') refuse(`the ${name} is empty; expected that of the app which was let into the portal`);
  }
}
