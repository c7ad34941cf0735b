import { isObject, type JsonObject } from '../answer-shape.ts';
import { CRM_FAILURES, CrmFailure } from '../failures.ts';
import type { CrmAccess, CrmReach } from '../port.ts';
import { ACCOUNT_DETAILS, rememberAccount } from './account-details.ts';
import { callApi } from './call.ts';
import { CUSTOM_OBJECTS, reachOf } from './scope.ts';
import type { Session } from './session.ts';
import { readTokenFacts } from './sign-in.ts';

/**
 * Two calls: the portal, whose answer also tells of the allowance, and what HubSpot knows of the token. A kind of token of which it tells nothing shows its rights only
 * when it is used, so that `reach` is missing then.
 */
export async function access(session: Session): Promise<CrmAccess> {
  const { portalId, timeZone } = rememberAccount(session, await unlessDenied(async () => (await callApi(session, ACCOUNT_DETAILS)).body));
  const facts = await tokenFacts(session);
  const scopes = facts?.['scopes'];
  const { usage } = session;
  return {
    username: userOf(facts),
    organization: portalId || numberOf(facts?.['hub_id'] ?? facts?.['hubId']),
    allowances: usage === null ? [] : [{ name: 'DailyApiCalls', max: usage.limit, remaining: Math.max(0, usage.limit - usage.used) }],
    ...(timeZone === null ? {} : { timeZone }),
    ...(Array.isArray(scopes) ? { reach: reachOf(scopes.filter((scope) => typeof scope === 'string')) } : {}),
  };
}

/** What the token may do with records of the object; null where HubSpot does not tell. One call. */
export async function reachTo(session: Session, object: string): Promise<CrmReach | null> {
  const scopes = (await tokenFacts(session))?.['scopes'];
  if (!Array.isArray(scopes)) return null;
  const reach = reachOf(scopes.filter((scope) => typeof scope === 'string'));
  return reach.find((each) => each.object === object) ?? reach.find((each) => each.object === CUSTOM_OBJECTS) ?? null;
}

async function tokenFacts(session: Session): Promise<JsonObject | null> {
  const { auth } = session.config;
  if (auth.kind === 'refresh_token') {
    const { accessToken } = await session.tokens.current();
    return readTokenFacts(auth, accessToken, session.oauthRequest('token_info'));
  }
  const body = await unlessDenied(
    async () => (await callApi(session, { operation: 'token_info', isRepeatable: true, send: (client) => client.tokenInfo() })).body,
  );
  return isObject(body) ? body : null;
}

/** Null where HubSpot does not tell this kind of token. Throws where it may tell later, and where the token is none. */
async function unlessDenied(ask: () => Promise<unknown>): Promise<unknown> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof CrmFailure && !CRM_FAILURES[error.code].retryable && error.code !== 'CRM_AUTH_FAILED') return null;
    throw error;
  }
}

/** HubSpot names apps by number; the answer for fixed tokens has other names for the same. */
function userOf(facts: JsonObject | null): string {
  const app = numberOf(facts?.['app_id'] ?? facts?.['appId']);
  return app === '' ? 'an access token' : `app ${app}`;
}

function numberOf(value: unknown): string {
  return typeof value === 'number' || typeof value === 'string' ? String(value) : '';
}
