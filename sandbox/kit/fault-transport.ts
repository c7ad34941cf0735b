/** Carries faults out on the wire: a call that hangs, is cut off, is answered too late, by half, or with the vendor's own refusal. */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FaultBook, FaultRule } from './fault.ts';

/** The vendor's answer to a refused call. */
export interface FaultAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

export interface FaultTransport {
  readonly book: FaultBook;
  /** Paths that faults never touch, such as the control calls. */
  readonly isExempt: (path: string) => boolean;
  /** What the vendor answers; null for faults that are not an answer. */
  readonly answerOf: (rule: FaultRule, path: string) => FaultAnswer | null;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The fault that hits this call; null for a call that goes its way. */
    fault: FaultRule | null;
  }
}

/** Installs the faults on `app`. Must come before other hooks that could answer. */
export function installFaults(app: FastifyInstance, transport: FaultTransport): void {
  app.decorateRequest('fault', null);
  app.addHook('onRequest', async (request, reply) => {
    const path = pathOf(request);
    if (transport.isExempt(path)) return;
    const rule = transport.book.hit(request.method, path);
    if (rule === null) return;
    request.fault = rule;
    if (rule.delayMs !== undefined) await sleep(rule.delayMs);
    return strikeBefore(rule, reply, transport.answerOf(rule, path));
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    if (request.fault?.fault === 'lost_answer') reply.raw.destroy();
    else if (request.fault?.fault === 'truncate') sendHalf(reply, payload);
    else done(null, payload);
  });
}

/** The path of a call, without doubled slashes and without the query. */
export function pathOf(request: FastifyRequest): string {
  return (request.raw.url ?? '/').split('?', 1)[0]?.replace(/\/{2,}/g, '/') ?? '/';
}

function strikeBefore(rule: FaultRule, reply: FastifyReply, answer: FaultAnswer | null): FastifyReply | undefined {
  switch (rule.fault) {
    case 'status':
    case 'unauthorized':
    case 'limit':
    case 'unavailable':
      if (answer === null) return undefined;
      return reply.code(answer.status).header('content-type', answer.contentType).send(answer.body);
    case 'hang':
      reply.hijack();
      return reply;
    case 'drop':
      reply.hijack();
      reply.raw.destroy();
      return reply;
    case 'truncate':
    case 'lost_answer':
    case 'row_lock':
    case 'delay':
      return undefined;
  }
}

/** Announces the whole length, sends half of it and cuts the connection. */
function sendHalf(reply: FastifyReply, payload: unknown): void {
  const body = Buffer.isBuffer(payload) ? payload : Buffer.from(typeof payload === 'string' ? payload : '');
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) reply.raw.setHeader(name, value);
  reply.raw.writeHead(reply.statusCode, { 'content-length': Math.max(body.length, 1) });
  reply.raw.write(body.subarray(0, Math.floor(body.length / 2)), () => reply.raw.destroy());
}

function sleep(forMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, forMs));
}
