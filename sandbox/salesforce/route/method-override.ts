/** `POST …?_HttpMethod=PATCH`, for clients whose HTTP library knows no PATCH. Source: REST API Developer Guide, "Using HTTP Methods" and the Java examples of "sObject Rows". */

import type { IncomingMessage } from 'node:http';

const OVERRIDE = /[?&]_HttpMethod=(PATCH|PUT|DELETE)(?=&|$)/i;

/** Gives a POST the method that its address asks for, before it is routed, and its address back. */
export function overrideMethod(request: Pick<IncomingMessage, 'method' | 'url'>): string {
  const url = request.url ?? '/';
  const wanted = request.method === 'POST' && url.startsWith('/services/') ? OVERRIDE.exec(url)?.[1] : undefined;
  if (wanted !== undefined) request.method = wanted.toUpperCase();
  return url;
}
