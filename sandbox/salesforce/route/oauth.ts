/** Sign-in and identity. Source: Salesforce Help, "OAuth Authorization Flows", "OpenID Connect UserInfo", "Identity URLs". */

import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Org } from '../org.ts';
import { ORG_ID_15 } from '../session.ts';
import type { Caller } from '../session.ts';
import { completeId } from '../store/record-id.ts';
import { isRecordBody } from '../write/record-body.ts';
import { bearerOf } from './session-check.ts';

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** The user as whom an app without a user of its own runs. */
const RUN_AS = 'integration';

type Grant =
  | { readonly kind: 'granted'; readonly caller: Caller; readonly refreshable: boolean }
  | { readonly kind: 'refused'; readonly error: string; readonly description: string };

function refused(error: string, description: string): Grant {
  return { kind: 'refused', error, description };
}

export function registerOAuthRoutes(app: FastifyInstance, org: Org): void {
  app.post('/services/oauth2/token', async (request, reply) => {
    const form = readForm(request);
    const grant = judgeGrant(org, form);
    // Token errors are an object, other than all errors of the data API.
    if (grant.kind === 'refused') return reply.code(400).send({ error: grant.error, error_description: grant.description });
    return reply.header('cache-control', 'no-cache, no-store').send(tokenAnswer(org, grant));
  });
  for (const method of ['GET', 'POST'] as const) {
    app.route({
      method,
      url: '/services/oauth2/userinfo',
      handler: async (request, reply) => {
        const caller = org.sessions.callerOf(bearerOf(request) ?? '');
        return caller === null ? reply.code(403).type('text/html').send('Bad_OAuth_Token') : reply.send(userInfo(org, caller));
      },
    });
    app.route({
      method,
      url: '/services/oauth2/revoke',
      handler: async (request, reply) => {
        const token = readForm(request)['token'] ?? (request.query as Record<string, string>)['token'] ?? '';
        if (org.sessions.revoke(token)) return reply.code(200).send();
        return reply.code(400).send({ error: 'unsupported_token_type', error_description: 'this token type is not supported' });
      },
    });
  }
  app.get('/id/:org/:user', async (request, reply) => answerIdentity(org, request, reply));
}

function readForm(request: FastifyRequest): Readonly<Record<string, string>> {
  const { body } = request;
  return isRecordBody(body) ? Object.fromEntries(Object.entries(body).map(([name, value]) => [name, String(value)])) : {};
}

function judgeGrant(org: Org, form: Readonly<Record<string, string>>): Grant {
  const type = form['grant_type'];
  if (type === JWT_BEARER) return judgeAssertion(org, form['assertion'] ?? '');
  if (type !== 'client_credentials' && type !== 'refresh_token' && type !== 'password') {
    return refused('unsupported_grant_type', 'grant type not supported');
  }
  if ((form['client_id'] ?? '') === '') return refused('invalid_client_id', 'client identifier invalid');
  if (type === 'client_credentials') {
    if ((form['client_secret'] ?? '') === '') return refused('invalid_client', 'invalid client credentials');
    const caller = org.sessions.findUser(RUN_AS);
    return caller === null
      ? refused('invalid_grant', 'no client credentials user enabled')
      : { kind: 'granted', caller, refreshable: false };
  }
  if (type === 'refresh_token') {
    const caller = org.sessions.refresherOf(form['refresh_token'] ?? '');
    return caller === null ? refused('invalid_grant', 'expired access/refresh token') : { kind: 'granted', caller, refreshable: false };
  }
  const caller = (form['password'] ?? '') === '' ? null : org.sessions.findUser(form['username'] ?? '');
  return caller === null ? refused('invalid_grant', 'authentication failure') : { kind: 'granted', caller, refreshable: true };
}

/** The assertion is decoded and its times are checked; its signature is not (DIFFERENCES.md). */
function judgeAssertion(org: Org, assertion: string): Grant {
  const claims = decodeClaims(assertion);
  if (claims === null) return refused('invalid_grant', 'invalid assertion');
  const { iss, sub, aud, exp } = claims;
  if (typeof iss !== 'string' || typeof sub !== 'string' || typeof aud !== 'string' || aud === '')
    return refused('invalid_grant', 'invalid assertion');
  if (typeof exp !== 'number' || exp * 1000 <= org.clock.now()) return refused('invalid_grant', 'expired authorization code');
  const caller = org.sessions.findUser(sub);
  return caller === null ? refused('invalid_grant', "user hasn't approved this consumer") : { kind: 'granted', caller, refreshable: false };
}

function decodeClaims(assertion: string): Readonly<Record<string, unknown>> | null {
  const parts = assertion.split('.');
  if (parts.length !== 3) return null;
  try {
    const claims: unknown = JSON.parse(Buffer.from(parts[1] ?? '', 'base64url').toString('utf8'));
    return isRecordBody(claims) ? claims : null;
  } catch {
    return null;
  }
}

function identityUrl(org: Org, caller: Caller): string {
  return `${org.publicUrl()}/id/${completeId(ORG_ID_15)}/${caller.userId}`;
}

function tokenAnswer(org: Org, grant: Extract<Grant, { kind: 'granted' }>): Record<string, string> {
  const { caller, refreshable } = grant;
  const id = identityUrl(org, caller);
  const issuedAt = String(org.clock.now());
  return {
    access_token: org.sessions.issueAccess(caller),
    ...(refreshable ? { refresh_token: org.sessions.issueRefresh(caller) } : {}),
    // Real signatures need the app's secret; nobody checks this one.
    signature: createHash('sha256')
      .update(id + issuedAt)
      .digest('base64'),
    scope: 'api id',
    instance_url: org.publicUrl(),
    id,
    token_type: 'Bearer',
    issued_at: issuedAt,
  };
}

function userInfo(org: Org, caller: Caller): Record<string, unknown> {
  return {
    sub: identityUrl(org, caller),
    user_id: caller.userId,
    organization_id: completeId(ORG_ID_15),
    preferred_username: caller.username,
    nickname: caller.alias,
    name: caller.name,
    email: caller.email,
    email_verified: true,
    active: true,
    user_type: 'STANDARD',
    language: 'en_US',
    locale: 'en_US',
    utcOffset: 0,
    zoneinfo: 'Etc/UTC',
    urls: serviceUrls(org, caller),
  };
}

/** jsforce sends the token as `oauth_token` in the query, others in the header. */
function answerIdentity(org: Org, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const token = (request.query as Record<string, string | undefined>)['oauth_token'] ?? bearerOf(request) ?? '';
  const caller = org.sessions.callerOf(token);
  const { org: orgId = '', user: userId = '' } = request.params as { org?: string; user?: string };
  if (caller === null) return reply.code(403).type('text/html').send('Bad_OAuth_Token');
  if (orgId.slice(0, 15) !== ORG_ID_15 || userId.slice(0, 15) !== caller.userId.slice(0, 15))
    return reply.code(404).type('text/html').send('Not Found');
  return reply.send({
    id: identityUrl(org, caller),
    asserted_user: true,
    user_id: caller.userId,
    organization_id: completeId(ORG_ID_15),
    username: caller.username,
    nick_name: caller.alias,
    display_name: caller.name,
    email: caller.email,
    email_verified: true,
    active: true,
    user_type: 'STANDARD',
    language: 'en_US',
    locale: 'en_US',
    utcOffset: 0,
    urls: serviceUrls(org, caller),
    last_modified_date: new Date(org.definedAtMs).toISOString(),
    is_app_installed: true,
  });
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
