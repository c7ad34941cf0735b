/** The header `Sforce-Call-Options`. Source: REST API Developer Guide, "Call Options Header". */

import type { FastifyRequest } from 'fastify';

/**
 * The client that `request` names, whose options stand between semicolons or commas; null where it names none.
 *
 * The header is documented for rows, queries and bulk jobs. Collections, trees and composites are not on that list, so here they name nobody.
 * https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/headers_calloptions.htm
 */
export function clientOf(request: FastifyRequest): string | null {
  if (/\/composite(\/|$|\?)/.test(request.url)) return null;
  const header = [request.headers['sforce-call-options']].flat().join(';');
  return /(?:^|[;,])\s*client\s*=\s*([^;,]+)/i.exec(header)?.[1]?.trim() ?? null;
}
