/** Forms, which OAuth alone takes. */

import type { FastifyInstance, FastifyRequest } from 'fastify';

export function installFormParser(app: FastifyInstance): void {
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(String(body))));
  });
}

/** The fields of a form, and what the query has beside them, as HubSpot's first version allows. */
export function readForm(request: FastifyRequest): Readonly<Record<string, string>> {
  const given = { ...(request.query as object), ...(typeof request.body === 'object' ? request.body : {}) };
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]));
}
