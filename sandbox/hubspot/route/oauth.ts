/** Tokens: issued, told about and revoked. Source: HubSpot developer documentation, "OAuth tokens"; the paths differ by version as its API descriptions do. */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { authenticate, judgeGrant } from '../oauth/grant.ts';
import type { GrantRefusal } from '../oauth/grant.ts';
import type { Portal } from '../portal.ts';
import { refusal } from '../wire/api-error.ts';
import { introspectionBody, refusalBody, tokenBody, tokenInfoBody } from '../wire/token.ts';
import { answered, pathPart, send } from './exchange.ts';
import { readForm } from './body.ts';

export const OAUTH_VERSIONS = ['v1', 'v3', '2026-03', '2026-09'] as const;

export function registerOAuthRoutes(app: FastifyInstance, portal: Portal): void {
  const now = () => portal.clock.now();
  const refuse = (request: FastifyRequest, reply: FastifyReply, refused: GrantRefusal) =>
    reply.code(400).send(refusalBody(refused, request.correlationId));
  for (const version of OAUTH_VERSIONS) {
    app.post(`/oauth/${version}/token`, async (request, reply) => {
      const grant = judgeGrant(portal, readForm(request));
      reply.header('cache-control', 'no-store');
      return grant.kind === 'refused' ? refuse(request, reply, grant) : reply.send(tokenBody(grant, now()));
    });
    // The first version has its own ways to tell about a token and to end it.
    if (version === 'v1') continue;
    app.post(`/oauth/${version}/token/introspect`, async (request, reply) => {
      const form = readForm(request);
      const client = authenticate(portal, form);
      if ('kind' in client) return refuse(request, reply, client);
      const found = portal.tokens.find(form['token'] ?? '');
      return reply.send(introspectionBody(found?.clientId === client.clientId ? found : null, now()));
    });
    app.post(`/oauth/${version}/token/revoke`, async (request, reply) => {
      const form = readForm(request);
      const client = authenticate(portal, form);
      if ('kind' in client) return refuse(request, reply, client);
      // RFC 7009: a token that is nobody's is as good as revoked.
      if (portal.tokens.find(form['token'] ?? '')?.clientId === client.clientId) portal.tokens.revoke(form['token'] ?? '');
      return reply.code(200).send();
    });
  }
  const told = (kind: 'access' | 'refresh') => async (request: FastifyRequest, reply: FastifyReply) => {
    const found = portal.tokens.find(pathPart(request, 'token'));
    const isOfKind = found !== null && found.isLive && (found.kind === 'refresh') === (kind === 'refresh');
    return send(request, reply, isOfKind ? answered(200, tokenInfoBody(found, now())) : noSuchToken(kind));
  };
  app.get('/oauth/v1/access-tokens/:token', told('access'));
  app.get('/oauth/v1/refresh-tokens/:token', told('refresh'));
  app.delete('/oauth/v1/refresh-tokens/:token', async (request, reply) => {
    const found = portal.tokens.find(pathPart(request, 'token'));
    if (found?.kind === 'refresh') portal.tokens.revoke(found.token);
    return reply.code(204).send();
  });
}

function noSuchToken(kind: string) {
  return refusal(404, 'OBJECT_NOT_FOUND', `The ${kind} token does not exist or has expired`);
}
