/** Searches. Source: HubSpot developer documentation, "Search the CRM". */

import type { FastifyInstance } from 'fastify';
import type { Portal } from '../portal.ts';
import { runSearch } from '../search/run-search.ts';
import { searchRequest, searchStart } from '../search/search-request.ts';
import { isRefusal } from '../wire/api-error.ts';
import { recordBody } from '../wire/record.ts';
import { answered, objectNamed, pathPart, readBody, send } from './exchange.ts';

export function registerSearchRoute(app: FastifyInstance, portal: Portal, prefix: string): void {
  app.post(`${prefix}/:objectType/search`, async (request, reply) => {
    const definition = objectNamed(portal, pathPart(request, 'objectType'));
    if (isRefusal(definition)) return send(request, reply, definition);
    const asked = readBody(request, searchRequest);
    if (isRefusal(asked)) return send(request, reply, asked);
    const start = searchStart(asked, JSON.stringify(request.body ?? {}).length);
    if (isRefusal(start)) return send(request, reply, start);
    const found = runSearch(portal, definition, asked, start);
    if (isRefusal(found)) return send(request, reply, found);
    const selection = { properties: asked.properties ?? null, history: [], associations: [] };
    const after = String(start + found.records.length);
    const hasNext = found.records.length > 0 && Number(after) < found.total;
    return send(
      request,
      reply,
      answered(200, {
        total: found.total,
        results: found.records.map((record) => recordBody(portal, definition, record, selection)),
        ...(hasNext ? { paging: { next: { after, link: `?after=${after}` } } } : {}),
      }),
    );
  });
}
