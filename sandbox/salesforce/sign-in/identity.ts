/** What the org tells of a user. Source: Salesforce Help, "Identity URLs", "OpenID Connect UserInfo". */

import type { Org } from '../org.ts';
import { ORG_ID_15 } from '../session.ts';
import type { Caller } from '../session.ts';
import { completeId } from '../store/record-id.ts';

export function identityUrl(org: Org, caller: Caller): string {
  return `${org.publicUrl()}/id/${completeId(ORG_ID_15)}/${caller.userId}`;
}

/** True for the ids of `caller` and the org, with 15 or with 18 characters. */
export function isIdentityOf(caller: Caller, orgId: string, userId: string): boolean {
  return orgId.slice(0, 15) === ORG_ID_15 && userId.slice(0, 15) === caller.userId.slice(0, 15);
}

const COMMON = {
  email_verified: true,
  active: true,
  user_type: 'STANDARD',
  language: 'en_US',
  locale: 'en_US',
  utcOffset: 0,
} as const;

export function userInfo(org: Org, caller: Caller): Record<string, unknown> {
  return {
    sub: identityUrl(org, caller),
    user_id: caller.userId,
    organization_id: completeId(ORG_ID_15),
    preferred_username: caller.username,
    nickname: caller.alias,
    name: caller.name,
    email: caller.email,
    ...COMMON,
    zoneinfo: 'Etc/UTC',
    urls: serviceUrls(org, caller),
  };
}

export function identity(org: Org, caller: Caller): Record<string, unknown> {
  return {
    id: identityUrl(org, caller),
    asserted_user: true,
    user_id: caller.userId,
    organization_id: completeId(ORG_ID_15),
    username: caller.username,
    nick_name: caller.alias,
    display_name: caller.name,
    email: caller.email,
    ...COMMON,
    urls: serviceUrls(org, caller),
    last_modified_date: new Date(org.metadata.definedAtMs()).toISOString(),
    is_app_installed: true,
  };
}

/** `{version}` stays as it is: the client fills it in. */
function serviceUrls(org: Org, caller: Caller): Record<string, string> {
  const base = org.publicUrl();
  const data = `${base}/services/data/v{version}`;
  return {
    enterprise: `${base}/services/Soap/c/{version}/${ORG_ID_15}`,
    metadata: `${base}/services/Soap/m/{version}/${ORG_ID_15}`,
    partner: `${base}/services/Soap/u/{version}/${ORG_ID_15}`,
    rest: `${data}/`,
    sobjects: `${data}/sobjects/`,
    search: `${data}/search/`,
    query: `${data}/query/`,
    recent: `${data}/recent/`,
    tooling_rest: `${data}/tooling/`,
    profile: `${base}/${caller.userId}`,
    custom_domain: base,
  };
}
