import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { MailServer } from '../../notify/email.ts';

/** A mail as it arrived: the envelope, the lines as they were sent, and what a reader makes of them. */
export interface ReceivedMail {
  readonly to: readonly string[];
  readonly from: string;
  readonly source: string;
  readonly parsed: ParsedMail;
}

/** What the server does beside taking every mail. An error's `responseCode` is what it answers. */
export interface MailServerWishes {
  readonly options?: SMTPServerOptions;
  /** At the recipient; null takes it. */
  readonly onRecipient?: (address: string) => Error | null;
  /** Once the mail is complete. `drop`: it was taken, and the connection ends without an answer. `hang`: it is never answered. */
  readonly onMail?: (mail: ReceivedMail) => Error | 'drop' | 'hang' | null;
}

export interface TestMailServer {
  readonly port: number;
  /** What was taken, in order; also what was taken without an answer. */
  readonly mails: ReceivedMail[];
  readonly connections: () => number;
  close(): Promise<void>;
}

export function refusal(responseCode: number, message = 'no'): Error {
  return Object.assign(new Error(message), { responseCode });
}

/** A real SMTP server on a free port of the loopback, or on `port`. Without other wishes it offers no TLS and asks for no sign-in. */
export async function startMailServer(wishes: MailServerWishes = {}, port = 0): Promise<TestMailServer> {
  const mails: ReceivedMail[] = [];
  let connections = 0;
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    logger: false,
    closeTimeout: 100,
    ...wishes.options,
    onConnect(_session, callback) {
      connections += 1;
      callback();
    },
    onRcptTo({ address }, _session, callback) {
      callback(wishes.onRecipient?.(address) ?? null);
    },
    onData(stream, session, callback) {
      void (async () => {
        // A sender that goes away in the middle of a mail has not sent one.
        const source = await text(stream).catch(() => null);
        if (source === null) return;
        const { mailFrom, rcptTo } = session.envelope;
        const mail: ReceivedMail = {
          to: rcptTo.map(({ address }) => address),
          from: mailFrom === false ? '' : mailFrom.address,
          source,
          parsed: await simpleParser(source),
        };
        const answer = wishes.onMail?.(mail) ?? null;
        if (!(answer instanceof Error)) mails.push(mail);
        if (answer === 'drop') destroySockets();
        else if (answer !== 'hang') callback(answer);
      })();
    },
  });
  const destroySockets = (): void => {
    for (const connection of server.connections as ReadonlySet<{ readonly _socket: { destroy(): void } }>) connection._socket.destroy();
  };
  server.on('error', () => undefined);
  server.listen(port, '127.0.0.1');
  await once(server.server, 'listening');
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    connections: () => connections,
    close: () => {
      destroySockets();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** The settings of a client of that server. */
export function clientOf(port: number, changes: Partial<MailServer> = {}): MailServer {
  return {
    host: '127.0.0.1',
    port,
    secure: false,
    auth: null,
    requireTls: false,
    ignoreTls: false,
    verifyCertificate: true,
    ...changes,
  };
}
