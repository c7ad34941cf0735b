/** The page for reps: the files of one folder, under `/` and `/page/`, and how the org's metadata shows its records. */

import { readdir, readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ShippedScreens } from '../screen/shipped-screen.ts';
import { unknownResource } from './exchange.ts';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Nothing from elsewhere, nothing inline, no text that becomes markup or script, and no frame around the page. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

export function registerPage(app: FastifyInstance, folder: string, screens: () => ShippedScreens): void {
  app.get('/', async (_request, reply) => sendStart(reply, folder));
  // An org offers these by its layout, list view and quick action resources, which are not built here.
  app.get('/page/screens.json', async (_request, reply) => withHeaders(reply).send(screens()));
  app.get('/page/*', async (request, reply) => sendFile(reply, folder, (request.params as { '*': string })['*']));
}

/** The first page, which asks for all modules at once: a browser would find them one below the other. */
async function sendStart(reply: FastifyReply, folder: string): Promise<FastifyReply> {
  const html = await readFile(join(folder, 'index.html'), 'utf8').catch(() => null);
  if (html === null) return unknownResource(reply);
  const modules = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith('.js')).sort();
  const links = modules.map((path) => `    <link rel="modulepreload" href="/page/${path}" />\n`).join('');
  return withHeaders(reply)
    .type(CONTENT_TYPES['.html'] ?? '')
    .send(html.replace(/^ *<\/head>/m, (end) => links + end));
}

async function sendFile(reply: FastifyReply, folder: string, name: string): Promise<FastifyReply> {
  const path = normalize(name);
  const type = CONTENT_TYPES[extname(path)];
  if (path.startsWith('..') || path.startsWith('/') || type === undefined) return unknownResource(reply);
  const content = await readFile(join(folder, path)).catch(() => null);
  return content === null ? unknownResource(reply) : withHeaders(reply).type(type).send(content);
}

function withHeaders(reply: FastifyReply): FastifyReply {
  return reply.headers({
    'cache-control': 'no-cache',
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
}
