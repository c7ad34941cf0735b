import { describeProblems, readConfiguration } from '../../workers/config.ts';
import { readMailSender, readMailServer } from '../../workers/mail-address.ts';
import { openChannels } from '../../workers/compose/channels.ts';

const secretOf = (bytes: number): string => `whsec_${Buffer.alloc(bytes, 'k').toString('base64')}`;
const SECRET = secretOf(32);
const WEBHOOK = { PORTAL_WEBHOOK_URL: 'https://portal.example.com/hooks', PORTAL_WEBHOOK_SECRET: SECRET };
const MAIL = { SMTP_URL: 'smtp://user:pass@mail.example.com', MAIL_FROM: 'partners@example.com' };

function read(environment: Readonly<Record<string, string>>) {
  const reading = readConfiguration(['notify'], environment);
  if (reading.kind === 'invalid') throw new Error(describeProblems(reading.problems));
  return reading.configuration.notify;
}

function problemsOf(environment: Readonly<Record<string, string>>): readonly string[] {
  const reading = readConfiguration(['notify'], environment);
  return reading.kind === 'invalid' ? reading.problems : [];
}

describe('the configuration of messages', () => {
  it('has no channel where nothing is set', () => {
    expect(read({})).toEqual({ webhook: null, email: null });
    expect([...openChannels(read({})).keys()]).toEqual([]);
  });

  it('has the channels whose addresses are set', async () => {
    const channels = openChannels(read({ ...WEBHOOK, ...MAIL }));
    expect([...channels.keys()]).toEqual(['webhook', 'email']);
    for (const channel of channels.values()) await channel.close();
    expect([...openChannels(read(WEBHOOK)).keys()]).toEqual(['webhook']);
  });

  it('signs with the secret, and while it is replaced with the one before too', () => {
    expect(read(WEBHOOK).webhook).toEqual({ url: WEBHOOK.PORTAL_WEBHOOK_URL, secrets: [SECRET] });
    const previous = secretOf(24);
    expect(read({ ...WEBHOOK, PORTAL_WEBHOOK_PREVIOUS_SECRET: previous }).webhook?.secrets).toEqual([SECRET, previous]);
  });

  it.each([
    ['an address without a secret', { PORTAL_WEBHOOK_URL: WEBHOOK.PORTAL_WEBHOOK_URL }, ['PORTAL_WEBHOOK_URL']],
    ['a secret without an address', { PORTAL_WEBHOOK_SECRET: SECRET }, ['PORTAL_WEBHOOK_URL']],
    ['a secret before and none now', { PORTAL_WEBHOOK_PREVIOUS_SECRET: SECRET }, ['PORTAL_WEBHOOK_PREVIOUS_SECRET']],
    ['a server without a sender', { SMTP_URL: MAIL.SMTP_URL }, ['SMTP_URL']],
    ['a sender without a server', { MAIL_FROM: MAIL.MAIL_FROM }, ['SMTP_URL']],
    [
      'everything wrong, at once',
      { PORTAL_WEBHOOK_URL: 'ftp://a', PORTAL_WEBHOOK_SECRET: 'hunter2', SMTP_URL: 'hunter2', MAIL_FROM: 'hunter2' },
      ['MAIL_FROM', 'PORTAL_WEBHOOK_SECRET', 'PORTAL_WEBHOOK_URL', 'SMTP_URL'],
    ],
    ['credentials in the address', { ...WEBHOOK, PORTAL_WEBHOOK_URL: 'https://user:hunter2@portal.example.com/' }, ['PORTAL_WEBHOOK_URL']],
    ['a port that fetch refuses', { ...WEBHOOK, PORTAL_WEBHOOK_URL: 'http://portal.example.com:4190/' }, ['PORTAL_WEBHOOK_URL']],
    ['23 bytes', { ...WEBHOOK, PORTAL_WEBHOOK_SECRET: secretOf(23) }, ['PORTAL_WEBHOOK_SECRET']],
    ['24 bytes', { ...WEBHOOK, PORTAL_WEBHOOK_SECRET: secretOf(24) }, []],
    ['64 bytes', { ...WEBHOOK, PORTAL_WEBHOOK_SECRET: secretOf(64) }, []],
    ['65 bytes', { ...WEBHOOK, PORTAL_WEBHOOK_SECRET: secretOf(65) }, ['PORTAL_WEBHOOK_SECRET']],
    ['no prefix', { ...WEBHOOK, PORTAL_WEBHOOK_SECRET: SECRET.slice('whsec_'.length) }, ['PORTAL_WEBHOOK_SECRET']],
    ['no base64', { ...WEBHOOK, PORTAL_WEBHOOK_SECRET: `whsec_${'!'.repeat(40)}` }, ['PORTAL_WEBHOOK_SECRET']],
  ] as const)('names what is wrong with %s, and repeats no value', (_what, environment: Readonly<Record<string, string>>, names) => {
    const problems = problemsOf(environment);
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual(names);
    expect(problems.join('\n')).not.toContain('hunter2');
    expect(problems.join('\n')).not.toContain(Buffer.alloc(20, 'k').toString('base64').slice(0, 20));
  });
});

describe('readMailServer', () => {
  const server = { host: 'mail.example.com', auth: null, requireTls: false, ignoreTls: false, verifyCertificate: true };
  const auth = { user: 'us/er@acme', pass: 'p:a@ss' };
  it.each([
    ['smtp://mail.example.com', { ...server, port: 587, secure: false }],
    ['smtps://mail.example.com/', { ...server, port: 465, secure: true }],
    ['smtp://mail.example.com:25', { ...server, port: 25, secure: false }],
    ['smtp://[::1]:2525', { ...server, host: '::1', port: 2525, secure: false }],
    ['smtp://us%2Fer%40acme:p%3Aa%40ss@mail.example.com', { ...server, port: 587, secure: false, auth, requireTls: true }],
    ['smtps://us%2Fer%40acme:p%3Aa%40ss@mail.example.com', { ...server, port: 465, secure: true, auth }],
    ['smtp://mail.example.com?requireTLS=true', { ...server, port: 587, secure: false, requireTls: true }],
    [
      'smtp://a:b@mail.example.com?ignoreTLS=true',
      { ...server, port: 587, secure: false, auth: { user: 'a', pass: 'b' }, ignoreTls: true },
    ],
    ['smtp://mail.example.com?rejectUnauthorized=false', { ...server, port: 587, secure: false, verifyCertificate: false }],
  ])('reads %s', (text, read) => {
    expect(readMailServer(text)).toEqual(read);
  });

  it.each([
    'mail.example.com:587',
    'http://mail.example.com',
    'smtp://',
    'smtp://user@mail.example.com',
    'smtp://:pass@mail.example.com',
    'smtp://%zz:pass@mail.example.com',
    'smtp://mail.example.com/path',
    'smtp://mail.example.com#part',
    'smtp://mail.example.com?requireTls=true',
    'smtp://mail.example.com?requireTLS=yes',
    'smtp://mail.example.com?requireTLS=true&requireTLS=false',
    'smtp://mail.example.com?pool=true',
  ])('reads nothing from %s', (text) => {
    expect(readMailServer(text)).toBeNull();
  });
});

describe('readMailSender', () => {
  it.each([
    ['partners@example.com', { name: null, address: 'partners@example.com' }],
    ['Acme Partners <partners@example.com>', { name: 'Acme Partners', address: 'partners@example.com' }],
    ['"Acme, Partners" <partners@example.com>', { name: 'Acme, Partners', address: 'partners@example.com' }],
    ['<partners@localhost>', { name: null, address: 'partners@localhost' }],
    ['Müller & Söhne <a@example.com>', { name: 'Müller & Söhne', address: 'a@example.com' }],
  ])('reads %s', (text, sender) => {
    expect(readMailSender(text)).toEqual(sender);
  });

  it.each([
    '',
    'nobody',
    'a@b@c',
    'a b@example.com',
    'A <a@example.com',
    'a@example.com, b@example.com',
    'A\r\nBcc: x@y <a@example.com>',
    'A<B> <a@example.com>',
  ])('reads nothing from %j', (text) => {
    expect(readMailSender(text)).toBeNull();
  });
});
