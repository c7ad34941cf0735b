import type { FastifyInstance } from 'fastify';
import { problem } from './problem.ts';
import { sendProblem } from './route.ts';

interface KnownRoute {
  readonly pattern: RegExp;
  readonly methods: readonly string[];
}

/**
 * Answers what no route takes: 405 with the methods that the address knows, otherwise 404. It has to be called before the routes are added.
 * The result sets the same answer in an encapsulated part of the server, whose hooks then run before it.
 */
export function answerUnknownRoutes(app: FastifyInstance): (part: FastifyInstance) => void {
  const routes: KnownRoute[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return;
    routes.push({ pattern: new RegExp(`^${url.replaceAll('.', '\\.').replaceAll(/:[^/]+/g, '[^/]+')}/?$`), methods: [method].flat() });
  });
  const answer = (part: FastifyInstance): void => {
    part.setNotFoundHandler((request, reply) => {
      const path = request.url.replace(/\?.*$/s, '');
      const allowed = [...new Set(routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods))];
      if (allowed.length === 0)
        return sendProblem(reply, problem('not-found', 'There is nothing at this address; /docs lists what there is.'));
      const detail = `${request.method} is not possible here; possible: ${allowed.join(', ')}.`;
      return sendProblem(reply, problem('method-not-allowed', detail, [], { allow: allowed.join(', ') }));
    });
  };
  answer(app);
  return answer;
}
