/** Control calls for signing in: what an administrator of an org does in Setup, under "App Manager" and "Session Management". */

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { CONTROL_PREFIX, refuseControl } from '../../kit/control.ts';
import type { Org } from '../org.ts';
import { appDefinition } from '../sign-in/connected-app.ts';

const appsRequest = z.strictObject({ apps: z.array(appDefinition) });
const endRequest = z.strictObject({ end: z.enum(['access', 'refresh', 'all']), user: z.string().optional() });

export function registerSignInControl(app: FastifyInstance, org: Org): void {
  // The apps given replace those there were; an empty list opens the org to every client id again.
  app.post(`${CONTROL_PREFIX}/apps`, async (request, reply) => {
    const parsed = appsRequest.safeParse(request.body);
    if (!parsed.success) return refuseControl(reply, parsed.error);
    org.apps.replace(parsed.data.apps);
    return { apps: parsed.data.apps.map(({ clientId }) => clientId) };
  });
  app.post(`${CONTROL_PREFIX}/sessions`, async (request, reply) => {
    const parsed = endRequest.safeParse(request.body);
    if (!parsed.success) return refuseControl(reply, parsed.error);
    const { end, user } = parsed.data;
    const userId = user === undefined ? null : (org.sessions.findUser(user)?.userId ?? '');
    if (userId === '') return reply.code(400).send({ error: `unknown user ${user ?? ''}` });
    return { ended: org.sessions.end(end, userId) };
  });
}
