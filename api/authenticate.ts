import { createHash, timingSafeEqual } from 'node:crypto';
import type { onRequestAsyncHookHandler } from 'fastify';
import { problem } from './problem.ts';
import { sendProblem } from './route.ts';

/**
 * Lets a request pass that carries the operator's token as `Authorization: Bearer`, and answers 401 otherwise, before anything of its body is read.
 * Digests are compared, in constant time: neither the length nor a common beginning of a guess can be measured.
 */
export function createAuthentication(apiToken: string): onRequestAsyncHookHandler {
  const expected = digestOf(apiToken);
  return async (request, reply) => {
    const given = /^Bearer +(\S+)\s*$/i.exec(request.headers.authorization ?? '')?.[1];
    if (given !== undefined && timingSafeEqual(digestOf(given), expected)) return;
    const detail =
      given === undefined ? 'Send the token as `Authorization: Bearer <token>`.' : 'The token is not the one of this installation.';
    // RFC 6750, section 3: the error is named only where a token was sent.
    const challenge = given === undefined ? 'Bearer realm="dealkeeper"' : 'Bearer realm="dealkeeper", error="invalid_token"';
    return sendProblem(reply, problem('unauthorized', detail, [], { 'www-authenticate': challenge }));
  };
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
