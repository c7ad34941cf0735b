import { globSync } from 'node:fs';
import { openOrg, type OpenedOrg } from '../opened-org.ts';

describe('the page over HTTP', () => {
  let org: OpenedOrg;
  beforeAll(async () => {
    org = await openOrg();
  });
  afterAll(() => org.close());

  it.each(['/', '/page/main.js', '/kit/page/style/base.css', '/page/screens.json', '/page/icon.svg'])(
    '%s comes with a policy that lets nothing in from elsewhere and nothing run inline',
    async (path) => {
      const { status, headers } = await org.call('GET', path);
      expect(status).toBe(200);
      const policy = Object.fromEntries(
        (headers.get('content-security-policy') ?? '').split('; ').map((part) => [part.split(' ')[0], part.split(' ').slice(1).join(' ')]),
      );
      expect(policy).toMatchObject({
        'default-src': "'none'",
        'script-src': "'self'",
        'style-src': "'self'",
        'connect-src': "'self'",
        'frame-ancestors': "'none'",
        'require-trusted-types-for': "'script'",
      });
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    },
  );

  it('asks for all its modules at once', async () => {
    const { body } = await org.call('GET', '/');
    const preloaded = [...String(body).matchAll(/rel="modulepreload" href="\/page\/([^"]+)"/g)].map((match) => match[1]);
    const modules = globSync('**/*.js', { cwd: 'sandbox/salesforce/page' }).sort();
    expect(preloaded).toEqual(modules);
    expect(modules.length).toBeGreaterThan(20);
  });

  it.each(['/page/nothing.js', '/page/', '/page/..%2fopen-sandbox.ts', '/page/%2e%2e/route/page.ts', '/page/main.ts'])(
    '%s is not there',
    async (path) => {
      expect((await org.call('GET', path)).status).toBe(404);
    },
  );

  it('does not count its own files as API calls', async () => {
    await org.reset();
    await org.call('GET', '/page/screens.json');
    expect((await org.control('calls')).body.total).toBe(0);
  });

  it('describes fields with their help text, which the page shows at the inputs', async () => {
    const { body } = await org.call('GET', '/sobjects/Deal_Registration__c/describe');
    const help = (name: string) => body.fields.find((field: { name: string }) => field.name === name).inlineHelpText;
    expect([help('Product_Lines__c'), help('Name')]).toEqual(['Values joined by a semicolon: platform, analytics, automation.', null]);
  });
});
