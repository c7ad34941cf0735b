/** Sign-in and identity. Source: Salesforce Help, "OAuth Authorization Flows", "Revoke OAuth Tokens", "OpenID Connect UserInfo", "Identity URLs". */

import { createHmac } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Org } from '../org.ts';
import { judgeGrant } from '../sign-in/grant.ts';
import type { Granted, TokenRequest } from '../sign-in/grant.ts';
import { identity, identityUrl, isIdentityOf, userInfo } from '../sign-in/identity.ts';
import { isRecordBody } from '../write/record-body.ts';
import { bearerOf } from './session-check.ts';

export function registerOAuthRoutes(app: FastifyInstance, org: Org): void {
  app.post('/services/oauth2/token', async (request, reply) => {
    const asked = readTokenRequest(request);
    const grant = judgeGrant(org, asked);
    reply.header('cache-control', 'no-cache, no-store');
    // Token errors are an object, other than all errors of the data API.
    if (grant.kind === 'refused') return reply.code(400).send({ error: grant.error, error_description: grant.description });
    return reply.send(tokenAnswer(org, grant, asked.clientSecret));
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

/** The client may stand in the form or in the header of HTTP Basic, whose parts are encoded as in a form (RFC 6749, 2.3.1). */
function readTokenRequest(request: FastifyRequest): TokenRequest {
  const form = readForm(request);
  const basic = /^Basic\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (basic === undefined) return { form, clientId: form['client_id'] ?? '', clientSecret: form['client_secret'] ?? '' };
  const [clientId = '', ...secret] = Buffer.from(basic, 'base64').toString('utf8').split(':');
  return { form, clientId: decodePart(clientId), clientSecret: decodePart(secret.join(':')) };
}

function decodePart(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function tokenAnswer(org: Org, grant: Granted, clientSecret: string): Record<string, string> {
  const { caller, app, scopes } = grant;
  const id = identityUrl(org, caller);
  const issuedAt = String(org.clock.now());
  const { accessToken, refreshToken } = org.sessions.issue(caller, app.clientId, grant.refresh, app.refreshTokenRotation);
  return {
    access_token: accessToken,
    ...(refreshToken === null ? {} : { refresh_token: refreshToken }),
    // By the app's secret, so that a client which checks it is satisfied.
    signature: createHmac('sha256', app.clientSecret ?? clientSecret)
      .update(id + issuedAt)
      .digest('base64'),
    scope: scopes.join(' '),
    instance_url: org.publicUrl(),
    id,
    token_type: 'Bearer',
    issued_at: issuedAt,
  };
}

/** jsforce sends the token as `oauth_token` in the query, others in the header. */
function answerIdentity(org: Org, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const token = (request.query as Record<string, string | undefined>)['oauth_token'] ?? bearerOf(request) ?? '';
  const caller = org.sessions.callerOf(token);
  const { org: orgId = '', user: userId = '' } = request.params as { org?: string; user?: string };
  if (caller === null) return reply.code(403).type('text/html').send('Bad_OAuth_Token');
  return isIdentityOf(caller, orgId, userId) ? reply.send(identity(org, caller)) : reply.code(404).type('text/html').send('Not Found');
}
