import { openOrg } from './opened-org.ts';
import type { OpenedOrg } from './opened-org.ts';

describe('faults', () => {
  let org: OpenedOrg;
  beforeAll(async () => void (org = await openOrg()));
  beforeEach(() => org.reset());
  afterAll(() => org.close());

  const plan = (...rules: object[]) => org.control('faults', { rules });
  const accounts = async () => (await org.query('SELECT Id FROM Account')).length;
  const create = () => org.call('POST', '/sobjects/Account', { Name: 'A' });

  it('hit from the nth matching call on, as often as asked, and only what matches', async () => {
    await plan({ method: 'GET', path: '/limits', nth: 2, times: 2, fault: 'status', status: 500 });
    const seen = [];
    for (let index = 0; index < 4; index += 1)
      seen.push((await org.call('GET', '/limits')).status, (await org.call('GET', '/sobjects')).status);
    expect(seen).toEqual([200, 200, 500, 200, 500, 200, 200, 200]);
  });

  it('tell how many calls they hit, until they are replaced', async () => {
    await plan(
      { path: '/limits', nth: 2, fault: 'status', status: 429, retryAfterSeconds: 86_400 },
      { path: '/queryAll', fault: 'unavailable' },
    );
    const told = async () => (await org.control('faults')).body.rules.map(({ path, hits }: { path: string; hits: number }) => [path, hits]);
    await org.call('GET', '/limits');
    expect(await told()).toEqual([
      ['/limits', 0],
      ['/queryAll', 0],
    ]);
    expect((await org.call('GET', '/limits')).headers.get('retry-after')).toBe('86400');
    await org.call('GET', '/limits');
    expect(await told()).toEqual([
      ['/limits', 1],
      ['/queryAll', 0],
    ]);
    await plan();
    expect(await told()).toEqual([]);
  });

  it.each([
    ['a path from the root', `/services/data/v66.0/limits`, true],
    ['a path below the version', '/limits', true],
    ['a star', '/services/data/*/limits', true],
    ['a route as calls are counted', '/services/data/v66.0/{id}', true],
    ['another path', '/queryAll', false],
  ])('match by %s', async (_how, path, isHit) => {
    await plan({ method: 'GET', path, nth: 1, times: 1, fault: 'status', status: 503 });
    expect((await org.call('GET', '/limits')).status).toBe(isHit ? 503 : 200);
  });

  it.each([
    ['unauthorized', 401, [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }]],
    ['limit', 403, [{ message: 'TotalRequests Limit exceeded.', errorCode: 'REQUEST_LIMIT_EXCEEDED' }]],
    [
      'concurrent_limit',
      403,
      [{ message: 'ConcurrentRequests (Concurrent API Requests) Limit exceeded.', errorCode: 'REQUEST_LIMIT_EXCEEDED' }],
    ],
    ['unavailable', 503, expect.stringContaining('<html>')],
  ])('%s answers as Salesforce does, before anything is done', async (fault, status, body) => {
    await plan({ method: 'POST', path: '/sobjects', fault });
    const answer = await create();
    expect([answer.status, answer.body]).toEqual([status, body]);
    expect(await accounts()).toBe(0);
  });

  it.each([
    [300, [expect.stringMatching(/^\/services\/data\/v66\.0\/sobjects\/Account\/001/), expect.any(String)]],
    [400, [expect.objectContaining({ errorCode: 'UNABLE_TO_LOCK_ROW' })]],
    [403, [expect.objectContaining({ errorCode: 'INSUFFICIENT_ACCESS' })]],
    [406, ''],
    [412, ''],
    [420, expect.stringContaining('<html>')],
    [429, [expect.objectContaining({ errorCode: 'REQUEST_LIMIT_EXCEEDED' })]],
    [500, [expect.objectContaining({ errorCode: 'UNKNOWN_EXCEPTION' })]],
    [502, expect.stringContaining('<html>')],
    [503, [expect.objectContaining({ errorCode: 'SERVER_UNAVAILABLE' })]],
    [504, expect.stringContaining('<html>')],
  ])('the status %i comes with the body that belongs to it, before anything is done', async (status, body) => {
    await plan({ method: 'POST', path: '/sobjects', fault: 'status', status });
    const answer = await create();
    expect([answer.status, answer.body]).toEqual([status, body]);
    expect(await accounts()).toBe(0);
  });

  it.each([
    ['unauthorized', {}, 'sf:INVALID_SESSION_ID'],
    ['limit', {}, 'sf:REQUEST_LIMIT_EXCEEDED'],
    ['status', { status: 403 }, 'sf:INSUFFICIENT_ACCESS'],
  ])('SOAP says %s as a fault', async (fault, more, code) => {
    await plan({ method: 'POST', path: '/services/Soap/m', fault, ...more });
    const answer = await org.call('POST', '/services/Soap/m/66.0', '<x/>', { 'content-type': 'text/xml' });
    expect([answer.status, answer.body]).toEqual([500, expect.stringContaining(code)]);
  });

  it('the token endpoint refuses with an object', async () => {
    await plan({ method: 'POST', path: '/services/oauth2/token', fault: 'status', status: 400 });
    const { status, body } = await org.call('POST', '/services/oauth2/token', {});
    expect([status, body]).toEqual([400, { error: 'invalid_grant', error_description: 'authentication failure' }]);
  });

  it.each([
    ['drop', 0],
    ['lost_answer', 1],
  ])('%s cuts the connection; %i records were written', async (fault, written) => {
    await plan({ method: 'POST', path: '/sobjects', fault });
    await expect(create()).rejects.toThrow('fetch failed');
    expect(await accounts()).toBe(written);
    expect((await create()).status).toBe(201);
  });

  it('truncate sends half an answer to a call that was carried out', async () => {
    await plan({ method: 'GET', path: '/sobjects', fault: 'truncate' });
    await expect(org.call('GET', '/sobjects')).rejects.toThrow('terminated');
  });

  it('slow sends the second half late, and the whole arrives', async () => {
    await plan({ method: 'GET', path: '/limits', fault: 'slow', delayMs: 80 });
    const before = performance.now();
    expect((await org.call('GET', '/limits')).body).toHaveProperty('DailyApiRequests');
    expect(performance.now() - before).toBeGreaterThanOrEqual(75);
  });

  it('html puts a page in place of what was answered, under the same status', async () => {
    await plan({ method: '*', path: '/sobjects', times: 2, fault: 'html' });
    const [made, refused] = [await create(), await org.call('POST', '/sobjects/Account', { Nope: 'x' })];
    expect([made.status, made.body, refused.status, refused.body]).toEqual([
      201,
      expect.stringContaining('<html>'),
      400,
      expect.stringContaining('<html>'),
    ]);
    expect(made.headers.get('content-type')).toContain('text/html');
    expect(await accounts()).toBe(1);
  });

  it('hang answers nothing, and closing the sandbox does not wait for it', async () => {
    const other = await openOrg();
    await other.control('faults', { rules: [{ method: 'GET', path: '/limits', fault: 'hang' }] });
    const hanging = other.call('GET', '/limits').then(
      () => 'answered',
      () => 'cut',
    );
    await expect(other.call('GET', '/limits')).resolves.toMatchObject({ status: 200 });
    await other.close();
    expect(await hanging).toBe('cut');
  });

  it('row_lock refuses single rows of a collection, or a whole row request', async () => {
    await plan(
      { method: 'POST', path: '/composite/sobjects', fault: 'row_lock', rows: [1] },
      { method: 'POST', path: '/sobjects', fault: 'row_lock' },
    );
    const record = { attributes: { type: 'Account' }, Name: 'A' };
    const { body } = await org.call('POST', '/composite/sobjects', { records: [record, record] });
    expect([body[0].success, body[1].errors[0].statusCode]).toEqual([true, 'UNABLE_TO_LOCK_ROW']);
    expect((await create()).body[0].errorCode).toBe('UNABLE_TO_LOCK_ROW');
  });

  it('delay answers later and not otherwise', async () => {
    await plan({ method: 'GET', path: '/limits', fault: 'delay', delayMs: 80 });
    const before = performance.now();
    expect((await org.call('GET', '/limits')).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThanOrEqual(75);
  });

  it('are replaced by the next plan and refused when they make no sense', async () => {
    await plan({ method: 'GET', path: '/limits', fault: 'status', status: 500 });
    const empty = await plan();
    expect([empty.status, empty.body.faults]).toEqual([200, expect.arrayContaining(['lost_answer', 'row_lock'])]);
    expect((await org.call('GET', '/limits')).status).toBe(200);
    const bad = await plan({ method: 'GET', path: '/limits', fault: 'explode' }, { method: 'GET', path: '/', fault: 'status' });
    expect([bad.status, bad.body.problems.map((each: { path: string }) => each.path)]).toEqual([400, ['rules.0.fault', 'rules.1.status']]);
  });
});
