/** What calls carry: JSON, and the forms that OAuth alone takes. */

import type { FastifyInstance, FastifyRequest } from 'fastify';

/** HubSpot's own client for Python says that it sends JSON with calls that have no body, deletions among them: that is nothing, and not JSON that cannot be read. */
export function installBodyParsers(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (String(body).trim() === '') done(null, undefined);
    else void parseJson(request, String(body), done);
  });
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(String(body))));
  });
}

/** The fields of a form, and what the query has beside them, as HubSpot's first version allows. */
export function readForm(request: FastifyRequest): Readonly<Record<string, string>> {
  const given = { ...(request.query as object), ...(typeof request.body === 'object' ? request.body : {}) };
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]));
}
