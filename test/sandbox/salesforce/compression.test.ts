import { request } from 'node:http';
import { gunzipSync, gzipSync, inflateSync } from 'node:zlib';
import { chooseEncoding } from '../../../sandbox/kit/compression.ts';
import { bearer, DATA, openOrg } from './opened-org.ts';
import type { OpenedOrg } from './opened-org.ts';

describe('compressed bodies', () => {
  let org: OpenedOrg;
  beforeAll(async () => void (org = await openOrg()));
  beforeEach(() => org.reset());
  afterAll(() => org.close());

  /** As it comes over the wire: fetch would unpack it. */
  const bytesOf = (path: string, accept?: string): Promise<{ encoding: string | undefined; body: Buffer }> =>
    new Promise((resolve, reject) => {
      const headers = { ...bearer('rep'), ...(accept === undefined ? {} : { 'accept-encoding': accept }) };
      request(org.url + DATA + path, { headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve({ encoding: response.headers['content-encoding'], body: Buffer.concat(chunks) }));
      })
        .on('error', reject)
        .end();
    });

  it('come where they are asked for, and are the same answer', async () => {
    const plain = await bytesOf('/sobjects/Account/describe');
    const gzip = await bytesOf('/sobjects/Account/describe', 'gzip');
    const deflated = await bytesOf('/sobjects/Account/describe', 'deflate');
    expect([plain.encoding, gzip.encoding, deflated.encoding]).toEqual([undefined, 'gzip', 'deflate']);
    expect(gzip.body.length).toBeLessThan(plain.body.length / 2);
    expect([gunzipSync(gzip.body).equals(plain.body), inflateSync(deflated.body).equals(plain.body)]).toEqual([true, true]);
  });

  it('do not come for small answers', async () => {
    expect((await bytesOf('/sobjects/Nothing', 'gzip')).encoding).toBeUndefined();
  });

  it.each([
    [undefined, null],
    ['identity', null],
    ['gzip;q=0, deflate', 'deflate'],
    ['deflate, GZIP;q=0.5', 'gzip'],
    ['*', 'gzip'],
    ['br', null],
  ])('of %p choose %p', (header, encoding) => {
    expect(chooseEncoding(header)).toBe(encoding);
  });

  it('are read in requests', async () => {
    const body = gzipSync(JSON.stringify({ Name: 'Packed' }));
    const post = (bytes: Buffer<ArrayBuffer>) =>
      fetch(`${org.url}${DATA}/sobjects/Account`, {
        method: 'POST',
        headers: { ...bearer('rep'), 'content-type': 'application/json', 'content-encoding': 'gzip' },
        body: bytes,
      });
    expect((await post(Buffer.from(body))).status).toBe(201);
    expect(await org.query("SELECT Name FROM Account WHERE Name = 'Packed'")).toHaveLength(1);
    expect((await post(Buffer.from('no gzip'))).status).toBeGreaterThanOrEqual(400);
  });
});

describe('conditional definitions', () => {
  let org: OpenedOrg;
  beforeAll(async () => void (org = await openOrg()));
  afterAll(() => org.close());
  const DAY_MS = 24 * 60 * 60 * 1000;

  it.each([
    ['/sobjects', 'if-modified-since', 0, 304],
    ['/sobjects', 'if-modified-since', -DAY_MS, 200],
    ['/sobjects/Account/describe', 'if-unmodified-since', 0, 200],
    ['/sobjects/Account/describe', 'if-unmodified-since', -DAY_MS, 412],
  ])('%s with %s %i ms from their making answers %i', async (path, header, byMs, status) => {
    const made = Date.parse((await org.call('GET', path)).headers.get('last-modified') ?? '');
    expect((await org.call('GET', path, undefined, { [header]: new Date(made + byMs).toUTCString() })).status).toBe(status);
  });
});
