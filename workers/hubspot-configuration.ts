import { z } from 'zod';
import { DEFAULT_CALL_SHARES, type CallShares } from '../activities/sync/call-share.ts';
import { HUBSPOT_API_VERSIONS, type HubspotApiVersion } from '../crm/hubspot/api-version.ts';
import type { HubspotAuth } from '../crm/hubspot/sign-in.ts';
import { REGISTRATION_OBJECTS, type RegistrationObject } from '../mappings/hubspot/registration-object.ts';
import { optionalText, percent, webAddressSuchAs } from './configured-value.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Each may stand in a file instead, which `NAME_FILE` names. */
export const HUBSPOT_SECRETS = ['HUBSPOT_ACCESS_TOKEN', 'HUBSPOT_CLIENT_SECRET', 'HUBSPOT_REFRESH_TOKEN'] as const;

/** Where the portal keeps its deal registrations. */
export const hubspotRegistrationObject = z
  .enum(REGISTRATION_OBJECTS, { error: `expected ${REGISTRATION_OBJECTS.join(' or ')}` })
  .default('deal_registration');

/** The HubSpot portal. A connection exists where there is a token for it, fixed or to get others by; without one, nothing is synced with a portal. */
export const hubspotShape = {
  HUBSPOT_BASE_URL: webAddressSuchAs('https://api.hubapi.com').default('https://api.hubapi.com'),
  HUBSPOT_ACCESS_TOKEN: optionalText,
  HUBSPOT_ACCESS_TOKEN_FILE: optionalText,
  HUBSPOT_CLIENT_ID: optionalText,
  HUBSPOT_CLIENT_SECRET: optionalText,
  HUBSPOT_CLIENT_SECRET_FILE: optionalText,
  HUBSPOT_REFRESH_TOKEN: optionalText,
  HUBSPOT_REFRESH_TOKEN_FILE: optionalText,
  HUBSPOT_API_VERSION: z.enum(HUBSPOT_API_VERSIONS, { error: `expected ${HUBSPOT_API_VERSIONS.join(', ')}` }).default('2026-03'),
  HUBSPOT_REGISTRATION_OBJECT: hubspotRegistrationObject,
  HUBSPOT_PUBLIC_URL: webAddressSuchAs('https://deals.example.com').optional(),
  HUBSPOT_PORTAL_ID: z.coerce
    .number({ error: 'expected the id of the account, such as 424242' })
    .int('expected the id of the account, such as 424242')
    .min(1, 'expected the id of the account, such as 424242')
    .optional(),
  HUBSPOT_SOFT_SHARE: percent.default(DEFAULT_CALL_SHARES.soft),
  HUBSPOT_HARD_SHARE: percent.default(DEFAULT_CALL_SHARES.hard),
};

export interface HubspotConnection {
  readonly connection: 'hubspot';
  readonly baseUrl: string;
  readonly auth: HubspotAuth;
  readonly apiVersion: HubspotApiVersion;
  readonly registrationObject: RegistrationObject;
  readonly shares: CallShares;
  /** How requests of the portal are known: its webhooks, and those of the card. Null where it sends none. */
  readonly signing: { readonly clientSecret: string; readonly publicUrl: string; readonly portalId: number | null } | null;
}

/** What must be set together. */
export function problemsOfHubspot(given: Environment): readonly string[] {
  const has = (name: string) => given[`HUBSPOT_${name}`] !== undefined || given[`HUBSPOT_${name}_FILE`] !== undefined;
  const problems: string[] = [];
  if (has('REFRESH_TOKEN') && has('ACCESS_TOKEN'))
    problems.push('HUBSPOT_REFRESH_TOKEN and HUBSPOT_ACCESS_TOKEN are two ways to sign in: set one of them');
  for (const name of ['CLIENT_ID', 'CLIENT_SECRET'])
    if (has('REFRESH_TOKEN') && !has(name))
      problems.push(`HUBSPOT_${name} is not set, but HUBSPOT_REFRESH_TOKEN is; expected that of the app`);
  if (has('BASE_URL') && !has('ACCESS_TOKEN') && !has('REFRESH_TOKEN'))
    problems.push('HUBSPOT_BASE_URL is set without credentials: set HUBSPOT_ACCESS_TOKEN, or HUBSPOT_REFRESH_TOKEN and those of its app');
  if (has('PUBLIC_URL') && !has('ACCESS_TOKEN') && !has('REFRESH_TOKEN'))
    problems.push('HUBSPOT_PUBLIC_URL is set without credentials: set HUBSPOT_ACCESS_TOKEN, or HUBSPOT_REFRESH_TOKEN and those of its app');
  if (has('PORTAL_ID') && !has('PUBLIC_URL'))
    problems.push('HUBSPOT_PORTAL_ID is set, but HUBSPOT_PUBLIC_URL is not: nothing is heard of any portal');
  // An app that signs in by OAuth may be in many portals, and signs what comes from any of them.
  if (has('PUBLIC_URL') && has('REFRESH_TOKEN') && !has('PORTAL_ID'))
    problems.push(
      'HUBSPOT_PORTAL_ID is not set, but HUBSPOT_PUBLIC_URL and HUBSPOT_REFRESH_TOKEN are; expected the id of the account that is heard',
    );
  if (isOutOfReach(given['HUBSPOT_PUBLIC_URL'], given['HUBSPOT_BASE_URL']))
    problems.push(
      'HUBSPOT_PUBLIC_URL expected an address with https, the only ones that HubSpot calls: put a proxy with a certificate before the API, or leave it unset, and changes are polled',
    );
  if (has('PUBLIC_URL') && !has('CLIENT_SECRET'))
    problems.push('HUBSPOT_CLIENT_SECRET is not set, but HUBSPOT_PUBLIC_URL is; expected that of the app, which signs its requests');
  return problems;
}

/**
 * Whether HubSpot would not call the address. Its sandbox, which has no https itself, calls every address on this machine and, where it is told to, others.
 * https://developers.hubspot.com/docs/api-reference/2026-03/webhooks/guide ("a publicly available and secure (HTTPS) endpoint")
 */
function isOutOfReach(publicUrl: string | undefined, baseUrl: string | undefined): boolean {
  const of = (url: string | undefined) => URL.parse(url?.trim() ?? '');
  const [called, caller] = [of(publicUrl), of(baseUrl)];
  if (called?.protocol !== 'http:' || caller?.protocol === 'http:') return false;
  return !/^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(called.hostname);
}

/** The connection that the variables describe; null where there is no token. */
export function hubspotOf(env: {
  readonly HUBSPOT_BASE_URL: string;
  readonly HUBSPOT_ACCESS_TOKEN?: string | undefined;
  readonly HUBSPOT_CLIENT_ID?: string | undefined;
  readonly HUBSPOT_CLIENT_SECRET?: string | undefined;
  readonly HUBSPOT_REFRESH_TOKEN?: string | undefined;
  readonly HUBSPOT_API_VERSION: HubspotApiVersion;
  readonly HUBSPOT_REGISTRATION_OBJECT: RegistrationObject;
  readonly HUBSPOT_PUBLIC_URL?: string | undefined;
  readonly HUBSPOT_PORTAL_ID?: number | undefined;
  readonly HUBSPOT_SOFT_SHARE: number;
  readonly HUBSPOT_HARD_SHARE: number;
}): HubspotConnection | null {
  const auth = authOf(env);
  if (auth === null) return null;
  return {
    connection: 'hubspot',
    baseUrl: env.HUBSPOT_BASE_URL.replace(/\/+$/, ''),
    auth,
    apiVersion: env.HUBSPOT_API_VERSION,
    registrationObject: env.HUBSPOT_REGISTRATION_OBJECT,
    shares: { soft: env.HUBSPOT_SOFT_SHARE, hard: env.HUBSPOT_HARD_SHARE },
    signing:
      env.HUBSPOT_PUBLIC_URL === undefined || env.HUBSPOT_CLIENT_SECRET === undefined
        ? null
        : { clientSecret: env.HUBSPOT_CLIENT_SECRET, publicUrl: env.HUBSPOT_PUBLIC_URL, portalId: env.HUBSPOT_PORTAL_ID ?? null },
  };
}

function authOf(env: Parameters<typeof hubspotOf>[0]): HubspotAuth | null {
  const { HUBSPOT_CLIENT_ID: clientId, HUBSPOT_CLIENT_SECRET: clientSecret, HUBSPOT_REFRESH_TOKEN: refreshToken } = env;
  if (clientId !== undefined && clientSecret !== undefined && refreshToken !== undefined)
    return { kind: 'refresh_token', clientId, clientSecret, refreshToken };
  return env.HUBSPOT_ACCESS_TOKEN === undefined ? null : { kind: 'token', accessToken: env.HUBSPOT_ACCESS_TOKEN };
}
