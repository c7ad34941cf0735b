import { z } from 'zod';
import { DEFAULT_CALL_SHARES, type CallShares } from '../activities/sync/call-share.ts';
import { HUBSPOT_API_VERSIONS, type HubspotApiVersion } from '../crm/hubspot/api-version.ts';
import { optionalText, percent, webAddressSuchAs } from './configured-value.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Each may stand in a file instead, which `NAME_FILE` names. */
export const HUBSPOT_SECRETS = ['HUBSPOT_ACCESS_TOKEN'] as const;

/** The HubSpot portal. A connection exists where there is a token for it; without one, nothing is synced with a portal. */
export const hubspotShape = {
  HUBSPOT_BASE_URL: webAddressSuchAs('https://api.hubapi.com').default('https://api.hubapi.com'),
  HUBSPOT_ACCESS_TOKEN: optionalText,
  HUBSPOT_ACCESS_TOKEN_FILE: optionalText,
  HUBSPOT_API_VERSION: z.enum(HUBSPOT_API_VERSIONS, { error: `expected ${HUBSPOT_API_VERSIONS.join(', ')}` }).default('2026-03'),
  HUBSPOT_SOFT_SHARE: percent.default(DEFAULT_CALL_SHARES.soft),
  HUBSPOT_HARD_SHARE: percent.default(DEFAULT_CALL_SHARES.hard),
};

export interface HubspotConnection {
  readonly connection: 'hubspot';
  readonly baseUrl: string;
  readonly accessToken: string;
  readonly apiVersion: HubspotApiVersion;
  readonly shares: CallShares;
}

/** What must be set together. */
export function problemsOfHubspot(given: Environment): readonly string[] {
  const has = (name: string) => given[`HUBSPOT_${name}`] !== undefined;
  if (has('BASE_URL') && !has('ACCESS_TOKEN') && !has('ACCESS_TOKEN_FILE'))
    return ['HUBSPOT_BASE_URL is set without credentials: set HUBSPOT_ACCESS_TOKEN'];
  return [];
}

/** The connection that the variables describe; null where there is no token. */
export function hubspotOf(env: {
  readonly HUBSPOT_BASE_URL: string;
  readonly HUBSPOT_ACCESS_TOKEN?: string | undefined;
  readonly HUBSPOT_API_VERSION: HubspotApiVersion;
  readonly HUBSPOT_SOFT_SHARE: number;
  readonly HUBSPOT_HARD_SHARE: number;
}): HubspotConnection | null {
  if (env.HUBSPOT_ACCESS_TOKEN === undefined) return null;
  return {
    connection: 'hubspot',
    baseUrl: env.HUBSPOT_BASE_URL.replace(/\/+$/, ''),
    accessToken: env.HUBSPOT_ACCESS_TOKEN,
    apiVersion: env.HUBSPOT_API_VERSION,
    shares: { soft: env.HUBSPOT_SOFT_SHARE, hard: env.HUBSPOT_HARD_SHARE },
  };
}
