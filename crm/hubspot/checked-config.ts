import { CrmFailure } from '../failures.ts';
import { HUBSPOT_API_VERSIONS } from './api-version.ts';
import type { HubspotConfig } from './session.ts';

/** The configuration with the bare address; throws CRM_REQUEST_INVALID for what no portal can have. */
export function checkedConfig(config: HubspotConfig): HubspotConfig {
  const { connection, baseUrl, accessToken, apiVersion, requestTimeoutMs, timeZone } = config;
  const refuse = (message: string): never => {
    throw new CrmFailure('CRM_REQUEST_INVALID', `Connection ${connection}: ${message}`);
  };
  const url = URL.parse(baseUrl);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) refuse('baseUrl is not a web address; expected https://api.hubapi.com');
  if (accessToken.trim() === '') refuse('the access token is empty; expected that of a private app or a service key');
  if (!HUBSPOT_API_VERSIONS.includes(apiVersion)) refuse(`apiVersion ${apiVersion}; expected one of ${HUBSPOT_API_VERSIONS.join(', ')}`);
  if (!Number.isSafeInteger(requestTimeoutMs) || requestTimeoutMs < 1) refuse(`requestTimeoutMs ${requestTimeoutMs}; expected at least 1`);
  if (timeZone !== undefined && !isTimeZone(timeZone)) refuse(`timeZone ${timeZone} is unknown; expected such as America/New_York`);
  return { ...config, baseUrl: new URL(baseUrl).origin };
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
