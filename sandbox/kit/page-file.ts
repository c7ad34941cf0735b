/** The pages for reps: the files of a sandbox's page under `/` and `/page/`, and those that all pages share under `/kit/page/`. */

import { readdir, readFile } from 'node:fs/promises';
import { extname, join, normalize, resolve } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';

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

interface PageOptions {
  /** The page's own files, beside `kit` in the folder of sandboxes: modules find the shared ones by the same steps on disk and over HTTP. */
  readonly folder: string;
  /** What stands where there is no file. */
  readonly notThere: (reply: FastifyReply) => FastifyReply;
}

export function registerPageFiles(app: FastifyInstance, { folder, notThere }: PageOptions): void {
  const shared = resolve(folder, '../../kit/page');
  app.get('/', async (_request, reply) => {
    const html = await readFile(join(folder, 'index.html'), 'utf8').catch(() => null);
    if (html === null) return notThere(reply);
    const links = [...(await moduleLinks(folder, '/page')), ...(await moduleLinks(shared, '/kit/page'))].join('');
    return withPageHeaders(reply)
      .type(CONTENT_TYPES['.html'] ?? '')
      .send(html.replace(/^ *<\/head>/m, (end) => links + end));
  });
  for (const [prefix, root] of [
    ['/page', folder],
    ['/kit/page', shared],
  ] as const)
    app.get(`${prefix}/*`, async (request, reply) => {
      const path = normalize((request.params as { '*': string })['*']);
      const type = CONTENT_TYPES[extname(path)];
      if (path.startsWith('..') || path.startsWith('/') || type === undefined) return notThere(reply);
      const content = await readFile(join(root, path)).catch(() => null);
      return content === null ? notThere(reply) : withPageHeaders(reply).type(type).send(content);
    });
}

/** True for what belongs to a page, and is no call of an API. */
export function isPagePath(path: string): boolean {
  return path === '/' || path.startsWith('/page/') || path.startsWith('/kit/page/');
}

export function withPageHeaders(reply: FastifyReply): FastifyReply {
  return reply.headers({
    'cache-control': 'no-cache',
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
}

/** All modules are asked for at once: a browser would find them one below the other. */
async function moduleLinks(folder: string, prefix: string): Promise<readonly string[]> {
  const modules = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith('.js')).sort();
  return modules.map((path) => `    <link rel="modulepreload" href="${prefix}/${path}" />\n`);
}
