/** Headers that say how a call is to be carried out. Source: REST API Developer Guide, "Call Options Header", "Duplicate Rule Header". */

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

/** `Sforce-Duplicate-Rule-Header: allowSave=true; includeRecordDetails=true`; what is not said is false. */
export function duplicateOptionsOf(request: FastifyRequest): { readonly allowSave: boolean; readonly includeRecordDetails: boolean } {
  const header = [request.headers['sforce-duplicate-rule-header']].flat().join(';');
  const isSaid = (name: string) => new RegExp(`(?:^|[;,])\\s*${name}\\s*=\\s*true`, 'i').test(header);
  return { allowSave: isSaid('allowSave'), includeRecordDetails: isSaid('includeRecordDetails') };
}
