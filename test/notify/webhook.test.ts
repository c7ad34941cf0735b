import { createServer, type AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { Channel } from '../../notify/port.ts';
import { createWebhookChannel } from '../../notify/webhook.ts';
import { startWebhookReceiver, type TestReceiver } from '../support/webhook-receiver.ts';
import { outgoing } from './outgoing.ts';

jest.setTimeout(30_000);

const SECRET = `whsec_${Buffer.from('a secret of thirty-two bytes 123').toString('base64')}`;
const OLD_SECRET = `whsec_${Buffer.from('the secret before, also 32 bytes').toString('base64')}`;

describe('the webhook channel', () => {
  let receiver: TestReceiver;
  beforeEach(async () => {
    receiver = await startWebhookReceiver();
  });
  afterEach(() => receiver.close());

  const channelTo = (url: string, timeoutMs = 2_000, secrets: readonly [string, ...string[]] = [SECRET]): Channel =>
    createWebhookChannel({ url, secrets, timeoutMs });

  it('posts what the library of any receiver verifies', async () => {
    const outcome = await channelTo(receiver.url).deliver(outgoing());
    expect(outcome).toEqual({ kind: 'delivered', reference: '204' });
    const [hook] = receiver.received;
    expect(hook?.id).toBe(outgoing().id);
    expect(new Webhook(SECRET).verify(hook?.body ?? '', hook?.headers ?? {})).toEqual(outgoing().body);
    expect(hook?.headers).toMatchObject({ 'content-type': 'application/json', 'user-agent': 'Dealkeeper' });
    expect(() => new Webhook(OLD_SECRET).verify(hook?.body ?? '', hook?.headers ?? {})).toThrow('No matching signature');
    expect(() => new Webhook(SECRET).verify(`${hook?.body} `, hook?.headers ?? {})).toThrow('No matching signature');
  });

  it('signs with both secrets while one is replaced', async () => {
    await channelTo(receiver.url, 2_000, [SECRET, OLD_SECRET]).deliver(outgoing());
    const [hook] = receiver.received;
    for (const secret of [SECRET, OLD_SECRET]) {
      expect(new Webhook(secret).verify(hook?.body ?? '', hook?.headers ?? {})).toEqual(outgoing().body);
    }
  });

  it('repeats a message under the same id, with the same body, signed for now', async () => {
    let attempts = 0;
    receiver.answer = () => ((attempts += 1) === 1 ? 500 : 200);
    const channel = channelTo(receiver.url);
    expect(await channel.deliver(outgoing())).toMatchObject({ kind: 'retry' });
    expect(await channel.deliver(outgoing())).toMatchObject({ kind: 'delivered' });
    const [first, second] = receiver.received;
    expect(second).toMatchObject({ id: first?.id, body: first?.body });
    expect(new Webhook(SECRET).verify(second?.body ?? '', second?.headers ?? {})).toEqual(outgoing().body);
  });

  it.each([
    [200, { kind: 'delivered' }],
    [299, { kind: 'delivered' }],
    [301, { kind: 'retry', code: 'WEBHOOK_REDIRECTED', scope: 'message' }],
    [400, { kind: 'retry', code: 'WEBHOOK_REFUSED', scope: 'message' }],
    [404, { kind: 'retry', code: 'WEBHOOK_REFUSED', scope: 'message' }],
    [409, { kind: 'retry', code: 'WEBHOOK_REFUSED', scope: 'message' }],
    [410, { kind: 'gone', code: 'WEBHOOK_GONE' }],
    [429, { kind: 'retry', code: 'WEBHOOK_BUSY', scope: 'channel', afterMs: null }],
    [500, { kind: 'retry', code: 'WEBHOOK_FAILED', scope: 'message' }],
    [502, { kind: 'retry', code: 'WEBHOOK_BUSY', scope: 'channel' }],
    [503, { kind: 'retry', code: 'WEBHOOK_BUSY', scope: 'channel' }],
    [504, { kind: 'retry', code: 'WEBHOOK_BUSY', scope: 'channel' }],
  ] as const)('takes an answer %i for what Standard Webhooks says it is', async (status, outcome) => {
    receiver.answer = () => status;
    expect(await channelTo(receiver.url).deliver(outgoing())).toMatchObject(outcome);
  });

  it('waits as long as it is asked to', async () => {
    receiver.answer = (_request, response) => {
      response.writeHead(429, { 'retry-after': '120' });
      return 429;
    };
    expect(await channelTo(receiver.url).deliver(outgoing())).toMatchObject({ afterMs: 120_000 });
  });

  it('follows no redirect, so that no other host gets what is in it', async () => {
    const elsewhere = await startWebhookReceiver();
    receiver.answer = (_request, response) => {
      response.writeHead(307, { location: elsewhere.url });
      return 307;
    };
    expect(await channelTo(receiver.url).deliver(outgoing())).toMatchObject({ code: 'WEBHOOK_REDIRECTED' });
    expect(elsewhere.received).toEqual([]);
    await elsewhere.close();
  });

  it('gives up waiting for an answer', async () => {
    receiver.answer = () => new Promise(() => undefined);
    expect(await channelTo(receiver.url, 300).deliver(outgoing())).toEqual({
      kind: 'retry',
      code: 'WEBHOOK_TIMEOUT',
      scope: 'channel',
      afterMs: null,
    });
  });

  it('reads no more of an answer than it has to, however long it is', async () => {
    let written = 0;
    let isCut = false;
    receiver.answer = (_request, response) => {
      response.writeHead(200);
      response.on('close', () => (isCut = true));
      const chunk = Buffer.alloc(64 * 1024, 'x');
      const more = (): void => {
        while (!isCut && response.write(chunk)) written += chunk.length;
        if (!isCut) response.once('drain', more);
      };
      more();
      return new Promise((resolve) => response.on('close', () => resolve(200)));
    };
    expect(await channelTo(receiver.url).deliver(outgoing())).toMatchObject({ kind: 'delivered' });
    expect(written).toBeLessThan(64 * 1024 * 1024);
  });

  it('is done once the status is known, though the answer drips for ever', async () => {
    receiver.answer = (_request, response) => {
      response.writeHead(200);
      const dripping = setInterval(() => response.write('.'), 50);
      return new Promise((resolve) =>
        response.on('close', () => {
          clearInterval(dripping);
          resolve(200);
        }),
      );
    };
    const startedAt = performance.now();
    expect(await channelTo(receiver.url, 20_000).deliver(outgoing())).toMatchObject({ kind: 'delivered' });
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  it('holds the channel where nobody listens, and where the connection breaks', async () => {
    const unreachable = { kind: 'retry', code: 'WEBHOOK_UNREACHABLE', scope: 'channel', afterMs: null };
    const { url } = receiver;
    receiver.answer = (request) => {
      request.socket.destroy();
      return 200;
    };
    expect(await channelTo(url).deliver(outgoing())).toEqual(unreachable);
    await receiver.close();
    expect(await channelTo(url).deliver(outgoing())).toEqual(unreachable);
    // Whatever is no HTTP is unreachable too.
    const other = createServer((socket) => {
      socket.on('error', () => undefined).resume();
      socket.end('220 mail.example ESMTP\r\n');
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    expect(await channelTo(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`).deliver(outgoing())).toEqual(unreachable);
    await new Promise((resolve) => other.close(resolve));
    receiver = await startWebhookReceiver();
  });

  it.each([
    ['64 KiB', 'x'.repeat(64 * 1024 - 100), { kind: 'delivered' }],
    ['one that is longer', 'x'.repeat(64 * 1024), { kind: 'refused', code: 'MESSAGE_TOO_LARGE' }],
    ['one that is longer as UTF-8', '東'.repeat(22_000), { kind: 'refused', code: 'MESSAGE_TOO_LARGE' }],
  ])('sends a body of %s or not', async (_what, text, outcome) => {
    const body = { type: 'a', timestamp: '2026-11-16T15:00:00.000Z', data: { text } };
    expect(await channelTo(receiver.url).deliver(outgoing({ body }))).toMatchObject(outcome);
  });

  it('refuses what has no body for programs', async () => {
    expect(await channelTo(receiver.url).deliver(outgoing({ body: null }))).toMatchObject({ kind: 'refused' });
  });

  it.each(['ftp://portal.example/hooks', 'file:///etc/passwd', 'http://user:secret@portal.example/', 'no address'])(
    'is not made for %s',
    (url) => {
      expect(() => channelTo(url)).toThrow(/goes to an address of http|holds no credentials|Invalid URL/);
    },
  );

  it('is checked without delivering anything', async () => {
    receiver.answer = () => 405;
    expect(await channelTo(receiver.url).check()).toEqual({ kind: 'works', detail: `http://127.0.0.1:${receiver.port} answers 405` });
    expect(receiver.received).toEqual([]);
    receiver.answer = () => new Promise(() => undefined);
    expect(await channelTo(receiver.url, 200).check()).toMatchObject({ kind: 'fails', code: 'WEBHOOK_TIMEOUT' });
    await receiver.close();
    expect(await channelTo(receiver.url).check()).toMatchObject({ kind: 'fails', code: 'WEBHOOK_UNREACHABLE' });
    receiver = await startWebhookReceiver();
  });
});
