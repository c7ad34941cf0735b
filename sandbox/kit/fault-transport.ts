/** Carries faults out on the wire: a call that hangs, is cut off, is answered too late, by half, or with the vendor's own refusal. */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FaultBook, FaultRule } from './fault.ts';

/** The vendor's answer to a refused call. */
export interface FaultAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** Beside the content type. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface FaultTransport {
  readonly book: FaultBook;
  /** Paths that faults never touch, such as the control calls. */
  readonly isExempt: (path: string) => boolean;
  /** What the vendor answers; null for faults that are not an answer. */
  readonly answerOf: (rule: FaultRule, path: string) => FaultAnswer | null;
  /** The page that stands where the vendor's answer should. */
  readonly page: string;
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
    if (rule.delayMs !== undefined && rule.fault !== 'slow') await sleep(rule.delayMs);
    const answer = transport.answerOf(rule, path);
    if (answer !== null)
      return reply
        .code(answer.status)
        .headers({ ...answer.headers, ...retryAfterOf(rule) })
        .header('content-type', answer.contentType)
        .send(answer.body);
    if (rule.fault !== 'hang' && rule.fault !== 'drop') return;
    reply.hijack();
    if (rule.fault === 'drop') reply.raw.destroy();
    return reply;
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    const { fault, delayMs } = request.fault ?? {};
    if (fault === 'lost_answer') reply.raw.destroy();
    else if (fault === 'truncate') sendHalf(reply, payload, (rest) => rest.destroy());
    else if (fault === 'slow') sendHalf(reply, payload, (rest, half) => void setTimeout(() => rest.end(half), delayMs));
    else if (fault === 'html') done(null, asPage(reply, transport.page));
    else done(null, payload);
  });
}

function retryAfterOf({ retryAfterSeconds }: FaultRule): Readonly<Record<string, string>> {
  return retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
}

/** The path of a call, without doubled slashes and without the query. */
export function pathOf(request: FastifyRequest): string {
  return (request.raw.url ?? '/').split('?', 1)[0]?.replace(/\/{2,}/g, '/') ?? '/';
}

/** Announces the whole length, sends half of it, and leaves the rest to `then`. */
function sendHalf(reply: FastifyReply, payload: unknown, then: (raw: FastifyReply['raw'], rest: Buffer) => void): void {
  const body = Buffer.isBuffer(payload) ? payload : Buffer.from(typeof payload === 'string' ? payload : '');
  const middle = Math.floor(body.length / 2);
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) reply.raw.setHeader(name, value);
  reply.raw.writeHead(reply.statusCode, { 'content-length': Math.max(body.length, 1) });
  reply.raw.write(body.subarray(0, middle), () => then(reply.raw, body.subarray(middle)));
}

function asPage(reply: FastifyReply, page: string): string {
  reply.removeHeader('content-length');
  reply.header('content-type', 'text/html;charset=utf-8');
  return page;
}

function sleep(forMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, forMs));
}
