/** Streaming over CometD: Bayeux messages by long polling. Source: Streaming API Developer Guide, "How the Client Connects", "Streaming API Error Codes". */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { answerMessages, bayeuxBody, COOKIE_NAME } from '../stream/bayeux.ts';
import type { Stream } from '../stream/stream.ts';
import { NEWEST_VERSION } from './exchange.ts';
import { bearerOf } from './session-check.ts';

/** "The maximum request size of 32,768 bytes has been exceeded." */
const MOST_BODY_BYTES = 32_768;
const OLDEST_STREAMING_VERSION = 37;
const FORMAT = `URI format: '/cometd/${NEWEST_VERSION}.0'`;

export function registerCometdRoutes(app: FastifyInstance, stream: Stream): void {
  void app.register(
    async (cometd) => {
      cometd.setErrorHandler((error, _request, reply) => {
        const { statusCode = 400 } = error as { statusCode?: number };
        return statusCode === 413
          ? refuseCall(reply, 413, 'Maximum Request Size Exceeded')
          : refuseCall(reply, statusCode, String((error as Error).message));
      });
      cometd.all('/', async (_request, reply) => refuseCall(reply, 400, `API version in the URI is mandatory. ${FORMAT}`));
      // Some clients append the message's name to the address; the messages say it anyway.
      for (const path of ['/:version', '/:version/*']) {
        cometd.post(path, { bodyLimit: MOST_BODY_BYTES }, async (request, reply) => answerCall(stream, request, reply));
        // A websocket is asked for by GET; long polling is all there is.
        cometd.get(path, async (_request, reply) => refuseCall(reply, 400, 'Unknown Bayeux Transport'));
      }
    },
    { prefix: '/cometd' },
  );
}

async function answerCall(stream: Stream, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { version } = request.params as { version: string };
  if (!isSupported(version)) {
    const range = `Only API versions '${OLDEST_STREAMING_VERSION}.0' and later are supported.`;
    return refuseCall(reply, 400, `Unsupported API version. ${range} ${FORMAT}`);
  }
  const parsed = bayeuxBody.safeParse(request.body);
  if (!parsed.success) return refuseCall(reply, 400, 'The body is no Bayeux message');
  const answer = answerMessages(stream, parsed.data, { token: bearerOf(request), cookie: cookieOf(request) });
  if (answer.kind === 'now') {
    if (answer.cookie !== null) reply.header('set-cookie', `${COOKIE_NAME}=${answer.cookie}; Path=/cometd/; HttpOnly`);
    return sendReplies(reply, answer.replies);
  }
  reply.raw.once('close', answer.leave);
  const replies = await answer.replies;
  reply.raw.off('close', answer.leave);
  if (replies !== null) return sendReplies(reply, replies);
  reply.hijack();
  reply.raw.destroy();
  return reply;
}

function sendReplies(reply: FastifyReply, replies: readonly object[]): FastifyReply {
  return reply.header('content-type', 'application/json;charset=UTF-8').send(JSON.stringify(replies));
}

function isSupported(version: string): boolean {
  const number = Number(/^(\d+)\.0$/.exec(version)?.[1] ?? 0);
  return number >= OLDEST_STREAMING_VERSION && number <= NEWEST_VERSION;
}

function cookieOf(request: FastifyRequest): string | null {
  return new RegExp(`(?:^|;)\\s*${COOKIE_NAME}=([^;]+)`).exec(request.headers.cookie ?? '')?.[1]?.trim() ?? null;
}

/** What goes wrong before there is a message to answer is told by the status alone, on a page. */
function refuseCall(reply: FastifyReply, status: number, reason: string): FastifyReply {
  const title = `Error ${status} ${reason}`;
  return reply
    .code(status)
    .header('content-type', 'text/html;charset=utf-8')
    .send(`<html><head><title>${title}</title></head><body><h2>HTTP ERROR ${status}</h2><p>${reason}</p></body></html>`);
}
