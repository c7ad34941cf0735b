/** The page for reps: the files of one folder, under `/` and `/page/`. */

import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { unknownResource } from './exchange.ts';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
};

export function registerPage(app: FastifyInstance, folder: string): void {
  app.get('/', async (_request, reply) => sendFile(reply, folder, 'index.html'));
  app.get('/page/*', async (request, reply) => sendFile(reply, folder, (request.params as { '*': string })['*'] || 'index.html'));
}

async function sendFile(reply: FastifyReply, folder: string, name: string): Promise<FastifyReply> {
  const path = normalize(name);
  const type = CONTENT_TYPES[extname(path)];
  if (path.startsWith('..') || path.startsWith('/') || type === undefined) return unknownResource(reply);
  const content = await readFile(join(folder, path)).catch(() => null);
  return content === null ? unknownResource(reply) : reply.type(type).header('cache-control', 'no-cache').send(content);
}
