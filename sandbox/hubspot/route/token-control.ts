/** Control calls for tokens: what an administrator of a portal, or the developer of an app, does in HubSpot's settings. */

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { CONTROL_PREFIX, refuseControl } from '../../kit/control.ts';
import { appDefinition } from '../oauth/app.ts';
import { OWNERS } from '../owner.ts';
import type { Portal } from '../portal.ts';

const appsRequest = z.strictObject({ apps: z.array(appDefinition) });
const aliases = OWNERS.map((owner) => owner.alias);
const endRequest = z.strictObject({ end: z.enum(['access', 'refresh', 'all']), user: z.enum(aliases).optional() });
const scopesRequest = z.strictObject({ token: z.string().min(1), without: z.array(z.string()) });

export function registerTokenControl(app: FastifyInstance, portal: Portal): void {
  // The apps given replace those there were; an empty list opens the portal to every client id again.
  app.post(`${CONTROL_PREFIX}/apps`, async (request, reply) => {
    const parsed = appsRequest.safeParse(request.body);
    if (!parsed.success) return refuseControl(reply, parsed.error);
    portal.apps.replace(parsed.data.apps);
    return { apps: parsed.data.apps.map(({ clientId }) => clientId) };
  });
  app.post(`${CONTROL_PREFIX}/sessions`, async (request, reply) => {
    const parsed = endRequest.safeParse(request.body);
    if (!parsed.success) return refuseControl(reply, parsed.error);
    return { ended: portal.tokens.end(parsed.data.end, parsed.data.user ?? null) };
  });
  // What is taken away replaces what was taken before; an empty list gives everything back.
  app.post(`${CONTROL_PREFIX}/scopes`, async (request, reply) => {
    const parsed = scopesRequest.safeParse(request.body);
    if (!parsed.success) return refuseControl(reply, parsed.error);
    const { token, without } = parsed.data;
    if (!portal.tokens.withhold(token, without)) return reply.code(400).send({ error: 'nobody holds this token' });
    return { without };
  });
}
