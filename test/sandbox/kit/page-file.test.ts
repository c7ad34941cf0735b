import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openPortal } from '../hubspot/opened-portal.ts';
import type { OpenedPortal } from '../hubspot/opened-portal.ts';
import { missingFiles, unsafeParts } from './page-part.ts';

const FOLDERS = ['sandbox/kit/page', 'sandbox/hubspot/page'];
const files = FOLDERS.flatMap((folder) => globSync('**/*.{js,css,html,svg}', { cwd: folder }).map((name) => [folder, name] as const));

describe('the files of the HubSpot page, and those that pages share', () => {
  it('are seen whole', () => {
    expect(files.map((file) => file.join('/'))).toEqual(
      expect.arrayContaining([
        'sandbox/kit/page/element.js',
        'sandbox/kit/page/style/base.css',
        'sandbox/hubspot/page/record/record-page.js',
      ]),
    );
  });

  it.each(files)('%s/%s asks for no file that is not there, for nothing outside, and holds nothing inline', (folder, name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    expect(missingFiles(folder, name, text)).toEqual([]);
    expect(text).not.toMatch(/(?:src|href|from|url\()\s*=?\s*["']?https?:\/\//);
    expect(unsafeParts(text)).toEqual([]);
  });
});

describe('the HubSpot page over HTTP', () => {
  let portal: OpenedPortal;
  beforeAll(async () => {
    portal = await openPortal();
  });
  afterAll(() => portal.close());
  const get = (path: string) => portal.call('GET', path, undefined, { authorization: '' });

  it.each(['/', '/page/main.js', '/kit/page/element.js', '/kit/page/style/base.css', '/page/icon.svg'])(
    '%s comes with a strict policy',
    async (path) => {
      const { status, headers } = await get(path);
      expect([status, headers.get('content-security-policy')]).toEqual([
        200,
        expect.stringContaining("default-src 'none'; script-src 'self'"),
      ]);
    },
  );

  it.each(['/page/nothing.js', '/kit/page/', '/page/..%2fopen-sandbox.ts', '/kit/page/..%2fclock.ts'])('%s is not there', async (path) => {
    expect((await get(path)).status).toBe(404);
  });

  it('asks for all modules at once, and counts none of them as a call', async () => {
    await portal.reset();
    const { body } = await get('/');
    const preloaded = [...String(body).matchAll(/rel="modulepreload" href="\/((?:kit\/)?page)\/([^"]+)"/g)].map(
      ([, root, name]) => `${root}/${name}`,
    );
    const modules = files
      .filter(([, name]) => name.endsWith('.js'))
      .map(([folder, name]) => `${folder === 'sandbox/kit/page' ? 'kit/page' : 'page'}/${name}`);
    expect(preloaded.sort()).toEqual(modules.sort());
    expect((await portal.control('calls')).body.total).toBe(0);
  });
});
