/** Compressed bodies, both ways. Source: REST API Developer Guide, "Compression". */

import { createGunzip, createInflate, constants, deflate, gzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { pathOf } from './fault-transport.ts';

/** Smaller answers grow. */
const LEAST_BYTES = 1_024;
const FAST = { level: constants.Z_BEST_SPEED };
const ENCODERS = { gzip, deflate } as const;

/**
 * Answers of the paths that `concerns` names are compressed where the client asks for it, and compressed requests are read.
 * Must come after the faults: half an answer is half of the plain one.
 */
export function installCompression(app: FastifyInstance, concerns: (path: string) => boolean): void {
  app.addHook('preParsing', async (request, _reply, payload) => {
    const encoding = request.headers['content-encoding']?.toLowerCase();
    if ((encoding !== 'gzip' && encoding !== 'deflate') || !concerns(pathOf(request))) return payload;
    // The length is that of the compressed body, and the parser would compare it with the plain one.
    delete request.headers['content-length'];
    const plain = encoding === 'gzip' ? createGunzip() : createInflate();
    payload.on('error', (error) => plain.destroy(error));
    return payload.pipe(plain);
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    const encoding = chooseEncoding(request.headers['accept-encoding']);
    const isLarge = typeof payload === 'string' ? payload.length >= LEAST_BYTES : Buffer.isBuffer(payload) && payload.length >= LEAST_BYTES;
    if (encoding === null || !isLarge || !concerns(pathOf(request)) || reply.hasHeader('content-encoding')) return done(null, payload);
    ENCODERS[encoding](payload as string | Buffer, FAST, (error, packed) => {
      if (error !== null) return done(error);
      reply.header('content-encoding', encoding).header('vary', 'accept-encoding').removeHeader('content-length');
      done(null, packed);
    });
  });
}

/** The encoding that `header` asks for; null where it asks for none that is known. */
export function chooseEncoding(header: string | string[] | undefined): keyof typeof ENCODERS | null {
  const wanted = String(header ?? '')
    .toLowerCase()
    .split(',')
    .map((each) => each.trim())
    .filter((each) => !/;\s*q=0(\.0*)?$/.test(each))
    .map((each) => each.split(';')[0]?.trim());
  if (wanted.includes('gzip') || wanted.includes('*')) return 'gzip';
  return wanted.includes('deflate') ? 'deflate' : null;
}
