import { bearer, openOrg } from '../opened-org.ts';
import type { OpenedOrg } from '../opened-org.ts';
import { until } from '../../../support/until.ts';
import { COMETD, listenTo, post, shakeHands } from './bayeux-call.ts';

const INVALID = { error: '401::Authentication invalid', successful: false, advice: { interval: 0, reconnect: 'none' } };
const UNKNOWN = { error: '403::Unknown client', successful: false, advice: { interval: 0, reconnect: 'handshake' } };

describe('CometD', () => {
  let org: OpenedOrg;
  beforeAll(async () => void (org = await openOrg()));
  beforeEach(() => org.reset());
  afterAll(() => org.close());

  const handshake = { channel: '/meta/handshake', version: '1.0', supportedConnectionTypes: ['long-polling'], id: 7 };
  const streaming = (body: object) => org.control('streaming', body);
  const waits = (isWaiting: boolean) =>
    until('the connect waits', async () =>
      (await org.control('streaming')).body.clients.every((each: { isWaiting: boolean }) => each.isWaiting === isWaiting),
    );

  it('counts no call of a streaming client among the API calls', async () => {
    await org.call('POST', '/cometd/66.0', [handshake], { authorization: 'Bearer 00D000000000001!rep' });
    await org.call('GET', '/cometd/66.0');
    expect((await org.control('calls')).body).toEqual({ total: 0, byRoute: {} });
  });

  it('shakes hands with every version, under either scheme of authorization, and sets a cookie', async () => {
    for (const [version, scheme] of [
      ['45.0', 'Bearer'],
      ['68.0', 'OAuth'],
    ]) {
      const answer = await org.call('POST', `/cometd/${version}`, [handshake], { authorization: `${scheme} 00D000000000001!rep` });
      expect([answer.status, answer.body]).toEqual([
        200,
        [
          {
            ext: { replay: true, 'payload.format': true },
            minimumVersion: '1.0',
            clientId: expect.stringMatching(/^[0-9a-z]{27}$/),
            supportedConnectionTypes: ['long-polling'],
            channel: '/meta/handshake',
            id: 7,
            version: '1.0',
            successful: true,
          },
        ],
      ]);
      expect(answer.headers.get('set-cookie')).toMatch(/^BAYEUX_BROWSER=\w+; Path=\/cometd\//);
    }
  });

  it.each([
    ['a wrong token', 'Bearer x', '401::Authentication invalid'],
    ['no token', '', '401::Request requires authentication'],
  ])('denies a handshake with %s, and says why', async (_what, authorization, failureReason) => {
    const { status, body } = await post(org, [handshake], { authorization });
    const denied = { channel: '/meta/handshake', id: 7, error: '403::Handshake denied', successful: false };
    expect([status, body]).toEqual([200, [{ ext: { sfdc: { failureReason } }, advice: { reconnect: 'none' }, ...denied }]]);
  });

  it('offers long polling only', async () => {
    const { body } = await post(org, [{ ...handshake, supportedConnectionTypes: ['websocket', 'callback-polling'] }]);
    expect(body[0]).toMatchObject({ error: '400::Invalid connection type {websocket, callback-polling}', successful: false });
    const client = await shakeHands(org);
    expect((await client.send('/meta/connect', { connectionType: 'websocket' }))[0].error).toBe('400::Invalid connection type {websocket}');
  });

  it('advises with the first connect, which never waits, and answers an empty one when its time is over', async () => {
    const client = await shakeHands(org);
    const connect = (more: object) => client.send('/meta/connect', { id: '2', connectionType: 'long-polling', ...more });
    const reply = { clientId: client.id, channel: '/meta/connect', id: '2', successful: true };
    expect(await connect({})).toEqual([{ ...reply, advice: { interval: 0, timeout: 110_000, reconnect: 'retry' } }]);
    expect(await connect({ advice: { timeout: 20 } })).toEqual([reply]);
  });

  it('answers a batch at once, message by message', async () => {
    const client = await shakeHands(org);
    const { body } = await post(org, [
      { channel: '/meta/connect', clientId: client.id, id: 'a', connectionType: 'long-polling' },
      { channel: '/meta/subscribe', clientId: client.id, id: 'b', subscription: ['/data/ChangeEvents', '/data/Nope'] },
      { channel: '/data/ChangeEvents', clientId: client.id, id: 'c', data: {} },
      { clientId: client.id, id: 'd' },
    ]);
    expect(body).toMatchObject([
      { id: 'a', successful: true },
      { id: 'b', successful: true, subscription: '/data/ChangeEvents' },
      { id: 'b', successful: false, subscription: '/data/Nope' },
      { id: 'c', successful: false, error: '403:denied_by_security_policy:publish_denied' },
      { id: 'd', successful: false },
    ]);
  });

  it.each([
    [undefined, '400::Channel name not specified'],
    ['data/ChangeEvents', "400::Channel subscriptions must start with a leading '/'"],
    ['/data/NopeChangeEvent', '400::The channel you requested to subscribe to does not exist {/data/NopeChangeEvent}'],
    ['/data/accountchangeevent', '400::The channel you requested to subscribe to does not exist {/data/accountchangeevent}'],
    ['/data/OrganizationChangeEvent', '400::The channel you requested to subscribe to does not exist {/data/OrganizationChangeEvent}'],
    ['/data/Sales__chn', '400::The channel you requested to subscribe to does not exist {/data/Sales__chn}'],
    ['/topic/AccountUpdates', '501::PushTopic channels are not built in this sandbox'],
    ['/u/notifications', '501::Generic streaming channels are not built in this sandbox'],
    ['/event/Order__e', '501::Platform event channels are not built in this sandbox'],
  ])('refuses the channel %s', async (subscription, error) => {
    const client = await shakeHands(org);
    expect(await client.send('/meta/subscribe', { id: 3, subscription })).toEqual([
      {
        clientId: client.id,
        channel: '/meta/subscribe',
        id: 3,
        ...(subscription === undefined ? {} : { subscription }),
        error,
        successful: false,
      },
    ]);
  });

  it('stops giving events after unsubscribing, and knows nobody after disconnecting', async () => {
    const client = await listenTo(org, '/data/AccountChangeEvent');
    const channel = '/data/AccountChangeEvent';
    expect(await client.send('/meta/unsubscribe', { subscription: channel })).toEqual([
      { clientId: client.id, channel: '/meta/unsubscribe', subscription: channel, successful: true },
    ]);
    await org.call('POST', '/sobjects/Account', { Name: 'A' });
    expect(await client.events()).toEqual([]);
    expect(await client.send('/meta/disconnect')).toMatchObject([{ channel: '/meta/disconnect', successful: true }]);
    expect(await client.send('/meta/connect')).toEqual([{ channel: '/meta/connect', ...UNKNOWN }]);
  });

  it('refuses clients that it does not know, or that do not say who they are', async () => {
    for (const channel of ['/meta/connect', '/meta/subscribe', '/meta/unsubscribe', '/meta/disconnect']) {
      const { body } = await post(org, [{ channel, clientId: 'nobody', subscription: '/data/ChangeEvents' }]);
      expect(body[0]).toMatchObject({ channel, ...UNKNOWN });
    }
    const { body } = await post(org, [{ channel: '/meta/subscribe', subscription: '/data/ChangeEvents' }]);
    expect(body[0].error).toBe('403::Client has not completed handshake');
  });

  it.each([
    ['40 s', 40_000, true],
    ['a moment more', 40_001, false],
  ])('keeps a client that was away for %s: %#', async (_while, advanceMs, isKnown) => {
    const client = await shakeHands(org);
    await org.control('clock', { advanceMs });
    const [reply] = await client.send('/meta/connect', { advice: { timeout: 0 } });
    expect(reply).toMatchObject(isKnown ? { successful: true } : UNKNOWN);
  });

  it('refuses the client of another user, and a missing cookie where they are asked for', async () => {
    const client = await shakeHands(org, 'rep');
    const connect = [{ channel: '/meta/connect', clientId: client.id, advice: { timeout: 0 } }];
    const stolen = await post(org, connect, bearer('vp'));
    expect(stolen.body[0].error).toBe("400::Authenticated user id does not match the session's user id");
    expect((await post(org, connect, bearer('rep'))).body[0].successful).toBe(true);
    await streaming({ requireCookies: true });
    const bare = await post(org, connect, bearer('rep'));
    expect(bare.body[0].error).toBe(`400::Client ${client.id} has established a session, but no BAYEUX_BROWSER cookie present`);
    expect((await post(org, connect, { ...bearer('rep'), cookie: `a=b; ${client.cookie}` })).body[0].successful).toBe(true);
  });

  it('tells a connect that waits when its session is ended', async () => {
    const token = (
      await org.call('POST', '/services/oauth2/token', { grant_type: 'client_credentials', client_id: 'a', client_secret: 'b' })
    ).body.access_token;
    const { body } = await post(org, [handshake], { authorization: `Bearer ${token}` });
    const { clientId } = body[0];
    const connect = { channel: '/meta/connect', clientId, id: 9, connectionType: 'long-polling' };
    await post(org, [connect], { authorization: `Bearer ${token}` });
    const waiting = post(org, [connect], { authorization: `Bearer ${token}` });
    await waits(true);
    await org.control('sessions', { end: 'all' });
    expect((await waiting).body).toEqual([{ clientId, channel: '/meta/connect', id: 9, ...INVALID }]);
    expect((await post(org, [connect], { authorization: `Bearer ${token}` })).body).toEqual([
      { channel: '/meta/connect', id: 9, ...INVALID },
    ]);
  });

  it.each(['handshake', 'none'])('drops clients on request, with the advice %s for those who come back', async (advice) => {
    const client = await shakeHands(org, 'rep');
    await client.send('/meta/connect');
    const waiting = client.send('/meta/connect');
    await waits(true);
    expect((await streaming({ drop: { user: 'vp' } })).body).toEqual({ dropped: 0 });
    expect((await streaming({ drop: { user: 'rep' }, advice })).body).toEqual({ dropped: 1 });
    const refusal = { error: '403::Unknown client', advice: { interval: 0, reconnect: advice } };
    expect([...(await waiting), ...(await client.send('/meta/connect'))]).toMatchObject([refusal, refusal]);
  });

  it('answers the older of two connects when the newer one comes', async () => {
    const client = await shakeHands(org);
    await client.send('/meta/connect');
    const older = client.send('/meta/connect', { id: 'older' });
    await waits(true);
    const newer = client.send('/meta/connect', { id: 'newer', advice: { timeout: 5_000 } });
    expect(await older).toMatchObject([{ id: 'older', successful: true }]);
    await waits(true);
    await streaming({ drop: 'all' });
    expect(await newer).toMatchObject([{ id: 'newer', error: '403::Unknown client' }]);
  });

  it('is silent while it is held, and goes on with what came meanwhile', async () => {
    const client = await listenTo(org, '/data/AccountChangeEvent');
    await streaming({ hold: true });
    const waiting = client.events();
    await org.call('POST', '/sobjects/Account', { Name: 'A' });
    await waits(true);
    await streaming({ hold: false });
    expect(await waiting).toMatchObject([{ channel: '/data/AccountChangeEvent' }]);
  });

  it('refuses as a test asks, as often as it asks', async () => {
    const error = '503::Server is too busy. Please try your request again later.';
    await streaming({
      refuse: [{ channel: '/meta/handshake', error: '403::Handshake denied', failureReason: error, reconnect: 'none', times: 2 }],
    });
    const answers = [await post(org, [handshake]), await post(org, [handshake]), await post(org, [handshake])];
    expect(answers.map(({ body }) => body[0].successful)).toEqual([false, false, true]);
    expect(answers[0]?.body[0]).toMatchObject({ ext: { sfdc: { failureReason: error } }, advice: { reconnect: 'none' } });
  });

  it('limits subscribers at once and events in a day', async () => {
    await streaming({ mostClients: 1 });
    const client = await listenTo(org, '/data/AccountChangeEvent');
    const other = await shakeHands(org);
    expect((await other.subscribe('/data/ChangeEvents')).error).toBe('403::Organization concurrent user limit exceeded');
    expect((await client.subscribe('/data/ChangeEvents')).successful).toBe(true);
    await streaming({ dailyEvents: 2 });
    await org.call('POST', '/sobjects/Account', { Name: 'A' });
    expect(await client.events()).toHaveLength(2);
    expect(await client.send('/meta/connect')).toMatchObject([{ error: '403::Organization total events daily limit exceeded' }]);
  });

  it.each([
    ['POST', '/cometd', '[]', 400, "API version in the URI is mandatory. URI format: '/cometd/68.0'"],
    [
      'POST',
      '/cometd/36.0',
      '[]',
      400,
      "Unsupported API version. Only API versions '37.0' and later are supported. URI format: '/cometd/68.0'",
    ],
    ['POST', COMETD, '{"nope"', 400, 'Unexpected end-of-input'],
    ['POST', COMETD, '[]', 400, 'no Bayeux message'],
    ['POST', COMETD, JSON.stringify([{ channel: 'x'.repeat(32_768) }]), 413, 'Maximum Request Size Exceeded'],
    ['GET', COMETD, undefined, 400, 'Unknown Bayeux Transport'],
  ])('%s %s is refused where there is no message to answer', async (method, path, body, status, words) => {
    const answer = await org.call(method, path, body);
    expect([answer.status, answer.body]).toEqual([status, expect.stringContaining(words)]);
  });

  it('takes messages under an address that names them, and is hit by the faults of the transport', async () => {
    expect((await org.call('POST', `${COMETD}/handshake`, handshake)).body[0].successful).toBe(true);
    await org.control('faults', { rules: [{ method: 'POST', path: '/cometd', fault: 'unavailable' }] });
    expect((await post(org, [handshake])).status).toBe(503);
  });

  it('knows its clients no more after a reset', async () => {
    const client = await shakeHands(org);
    await org.control('reset', {});
    expect(await client.send('/meta/connect')).toMatchObject([UNKNOWN]);
  });
});
