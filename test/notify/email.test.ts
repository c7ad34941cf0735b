import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { SMTPServerOptions } from 'smtp-server';
import { createEmailChannel, type MailServer } from '../../notify/email.ts';
import type { Channel } from '../../notify/port.ts';
import { clientOf, refusal, startMailServer, type MailServerWishes, type TestMailServer } from '../support/mail-server.ts';
import { outgoing } from './outgoing.ts';

jest.setTimeout(30_000);

const FROM = { name: 'Acme Partners', address: 'partners@acme.example' };

describe('the e-mail channel', () => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close();
  });

  async function serve(wishes: MailServerWishes = {}): Promise<TestMailServer> {
    const server = await startMailServer(wishes);
    closing.push(() => server.close());
    return server;
  }

  function channelTo(port: number, changes: Partial<MailServer> = {}, timeoutMs = 3_000): Channel {
    const channel = createEmailChannel({ server: clientOf(port, changes), from: FROM, timeoutMs });
    closing.push(() => channel.close());
    return channel;
  }

  it('delivers a mail that says what it is, to whom, and to what it belongs', async () => {
    const server = await serve();
    const channel = channelTo(server.port);
    const outcome = await channel.deliver(outgoing());
    expect(outcome).toEqual({ kind: 'delivered', reference: `<${outgoing().id}@acme.example>` });
    const [mail] = server.mails;
    expect(mail).toMatchObject({ to: ['partner@aster.example'], from: 'partners@acme.example' });
    expect(mail?.parsed).toMatchObject({
      subject: 'Registration DR-1 (Northwind Inc): approved',
      messageId: `<${outgoing().id}@acme.example>`,
      inReplyTo: '<registration.6f2c1e9a-1111-4222-8333-444455556666@acme.example>',
      from: { text: '"Acme Partners" <partners@acme.example>' },
      to: { text: 'partner@aster.example' },
      date: new Date('2026-11-16T15:00:00.000Z'),
    });
    expect(mail?.parsed.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail?.parsed.text?.trim()).toBe('Your registration is approved.');
  });

  it('keeps every character of a text, of any script, and of lines longer than SMTP takes', async () => {
    const server = await serve();
    const subject = 'Registrierung DR-1 (Müller & Söhne 東京 🚀): bestätigt';
    const text = `Ж${'x'.repeat(2_000)} end\n\n.\n\n${'ä'.repeat(1_500)}`;
    expect(await channelTo(server.port).deliver(outgoing({ subject, text }))).toMatchObject({ kind: 'delivered' });
    expect(server.mails[0]?.parsed.subject).toBe(subject);
    expect(server.mails[0]?.parsed.text?.trimEnd()).toBe(text);
    const longest = Math.max(...(server.mails[0]?.source ?? '').split('\r\n').map((line) => line.length));
    expect(longest).toBeLessThanOrEqual(998);
  });

  it('lets no name begin a header, a body or another recipient', async () => {
    const server = await serve();
    const subject = 'Evil\r\nBcc: spy@evil.example\r\n\r\nand a body';
    await channelTo(server.port).deliver(outgoing({ subject, address: 'a@aster.example' }));
    expect(server.mails[0]?.to).toEqual(['a@aster.example']);
    expect(server.mails[0]?.parsed.headers.has('bcc')).toBe(false);
    expect(server.mails[0]?.parsed.text?.trim()).toBe('Your registration is approved.');
    const two = await channelTo(server.port).deliver(outgoing({ address: 'a@aster.example, spy@evil.example' }));
    expect(two).toEqual({ kind: 'refused', code: 'MAIL_RECIPIENT_REFUSED' });
    const injected = await channelTo(server.port).deliver(outgoing({ address: 'a@aster.example>\r\nRCPT TO:<spy@evil.example' }));
    expect(injected).toEqual({ kind: 'refused', code: 'MAIL_RECIPIENT_REFUSED' });
    expect(server.mails).toHaveLength(1);
  });

  it('refuses what has no address', async () => {
    expect(await channelTo(1).deliver(outgoing({ address: null }))).toEqual({ kind: 'refused', code: 'NO_ADDRESS' });
  });

  const refusesSender = (code: number): MailServerWishes => ({
    options: { onMailFrom: (_address, _session, callback) => callback(refusal(code)) },
  });
  const reply = (command: 'recipient' | 'data', code: number): MailServerWishes =>
    command === 'recipient' ? { onRecipient: () => refusal(code) } : { onMail: () => refusal(code) };
  it.each([
    ['a recipient that is put off (greylisting)', reply('recipient', 451), { kind: 'retry', code: 'MAIL_DEFERRED', scope: 'message' }],
    ['a mailbox that is full', reply('data', 452), { kind: 'retry', code: 'MAIL_DEFERRED', scope: 'message' }],
    ['a recipient that does not exist', reply('recipient', 550), { kind: 'refused', code: 'MAIL_RECIPIENT_REFUSED' }],
    ['a message that is taken for spam', reply('data', 554), { kind: 'refused', code: 'MAIL_REJECTED' }],
    ['a server that goes down at the recipient', reply('recipient', 421), { kind: 'retry', code: 'MAIL_UNREACHABLE', scope: 'channel' }],
    ['a sender that may not send', refusesSender(553), { kind: 'retry', code: 'MAIL_SENDER_REFUSED', scope: 'channel' }],
  ] as const)('says what became of %s', async (_what, wishes: MailServerWishes, outcome) => {
    const server = await serve(wishes);
    expect(await channelTo(server.port).deliver(outgoing())).toMatchObject(outcome);
    expect(server.mails).toEqual([]);
  });

  it('goes on after one recipient was refused', async () => {
    const server = await serve({ onRecipient: (address) => (address.startsWith('no') ? refusal(550) : null) });
    const channel = channelTo(server.port);
    expect(await channel.deliver(outgoing({ address: 'no@aster.example' }))).toMatchObject({ kind: 'refused' });
    expect(await channel.deliver(outgoing())).toMatchObject({ kind: 'delivered' });
    expect(await channel.deliver(outgoing())).toMatchObject({ kind: 'delivered' });
    expect(server.connections()).toBeLessThanOrEqual(2);
  });

  it('is taken once a greylisted message is tried again', async () => {
    let seen = 0;
    const server = await serve({ onRecipient: () => ((seen += 1) === 1 ? refusal(450) : null) });
    const channel = channelTo(server.port);
    expect(await channel.deliver(outgoing())).toMatchObject({ kind: 'retry', scope: 'message' });
    expect(await channel.deliver(outgoing())).toMatchObject({ kind: 'delivered' });
  });

  it('sends the same Message-ID again when the answer was lost, and does so only when it is asked to', async () => {
    let lost = 0;
    const server = await serve({ onMail: () => ((lost += 1) === 1 ? 'drop' : null) });
    const channel = channelTo(server.port);
    expect(await channel.deliver(outgoing())).toEqual({ kind: 'retry', code: 'MAIL_ANSWER_LOST', scope: 'message', afterMs: null });
    expect(server.mails).toHaveLength(1);
    expect(await channel.deliver(outgoing())).toMatchObject({ kind: 'delivered' });
    expect(server.mails.map(({ parsed }) => parsed.messageId)).toEqual([
      `<${outgoing().id}@acme.example>`,
      `<${outgoing().id}@acme.example>`,
    ]);
    await channel.deliver(outgoing({ id: 'another' }));
    expect(server.mails[2]?.parsed.messageId).toBe('<another@acme.example>');
  });

  it('gives up waiting for an answer that never comes, and has not made up its mind whether it arrived', async () => {
    const server = await serve({ onMail: () => 'hang' });
    expect(await channelTo(server.port, {}, 600).deliver(outgoing())).toMatchObject({ kind: 'retry', code: 'MAIL_ANSWER_LOST' });
  });

  it.each([
    ['nobody listens', null],
    ['nobody greets', (): void => undefined],
    ['the connection ends at once', (socket: Socket): void => void socket.destroy()],
    ['it is no mail server', (socket: Socket): void => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['it takes no mail at all', (socket: Socket): void => void socket.end('554 no service here\r\n')],
  ])('holds the channel when %s', async (_what, onConnection) => {
    const { port, close } = await listen(onConnection);
    expect(await channelTo(port, {}, 900).deliver(outgoing())).toEqual({
      kind: 'retry',
      code: 'MAIL_UNREACHABLE',
      scope: 'channel',
      afterMs: null,
    });
    await close();
  });

  async function listen(onConnection: ((socket: Socket) => void) | null): Promise<{ port: number; close: () => Promise<void> }> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      onConnection?.(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const close = async (): Promise<void> => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    };
    if (onConnection === null) await close();
    return { port, close: onConnection === null ? async () => undefined : close };
  }

  const onAuth =
    (password: string): NonNullable<SMTPServerOptions['onAuth']> =>
    (auth, _session, callback) =>
      auth.username === AUTH.user && auth.password === password ? callback(null, { user: 'us' }) : callback(refusal(535));
  const signedIn = (password: string): MailServerWishes => ({
    options: { disabledCommands: [], authOptional: false, onAuth: onAuth(password) },
  });
  const AUTH = { user: 'us/er@acme', pass: 'p:a@ss w/rd' } as const;

  it('signs in over STARTTLS', async () => {
    const server = await serve(signedIn(AUTH.pass));
    const channel = channelTo(server.port, { auth: AUTH, requireTls: true, verifyCertificate: false });
    expect(await channel.deliver(outgoing())).toMatchObject({ kind: 'delivered' });
    expect(await channel.check()).toMatchObject({ kind: 'works' });
  });

  it('speaks TLS from the first byte', async () => {
    const server = await serve({ options: { secure: true, disabledCommands: ['AUTH'] } });
    expect(await channelTo(server.port, { secure: true, verifyCertificate: false }).deliver(outgoing())).toMatchObject({
      kind: 'delivered',
    });
  });

  it('refuses a certificate that nobody vouches for, unless it is told to trust it', async () => {
    const server = await serve({ options: { disabledCommands: ['AUTH'] } });
    const strict = channelTo(server.port, { requireTls: true });
    expect(await strict.deliver(outgoing())).toMatchObject({ kind: 'retry', code: 'MAIL_UNREACHABLE', scope: 'channel' });
    expect(await strict.check()).toMatchObject({ kind: 'fails', code: 'MAIL_UNREACHABLE' });
    expect(server.mails).toEqual([]);
  });

  it('says nothing to a server without TLS where TLS is required', async () => {
    const server = await serve({ options: { disabledCommands: ['STARTTLS'], allowInsecureAuth: true, onAuth: onAuth(AUTH.pass) } });
    const channel = channelTo(server.port, { auth: AUTH, requireTls: true, verifyCertificate: false });
    expect(await channel.deliver(outgoing())).toMatchObject({ kind: 'retry', code: 'MAIL_UNREACHABLE', scope: 'channel' });
  });

  it('holds the channel for a person where the sign-in is refused', async () => {
    const server = await serve(signedIn('another'));
    const channel = channelTo(server.port, { auth: AUTH, requireTls: true, verifyCertificate: false });
    expect(await channel.deliver(outgoing())).toEqual({ kind: 'retry', code: 'MAIL_AUTH_FAILED', scope: 'channel', afterMs: null });
    const check = await channel.check();
    expect(check).toMatchObject({ kind: 'fails', code: 'MAIL_AUTH_FAILED' });
    expect(JSON.stringify(check)).not.toContain(AUTH.pass);
  });

  it('takes many messages over few connections', async () => {
    const server = await serve();
    const channel = channelTo(server.port);
    const outcomes = await Promise.all(Array.from({ length: 40 }, (_, at) => channel.deliver(outgoing({ id: `m-${at}` }))));
    expect(outcomes.every(({ kind }) => kind === 'delivered')).toBe(true);
    expect(new Set(server.mails.map(({ parsed }) => parsed.messageId)).size).toBe(40);
    expect(server.connections()).toBeLessThanOrEqual(3);
  });
});
