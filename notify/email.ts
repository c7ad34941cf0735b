import { Transform } from 'node:stream';
import { createTransport } from 'nodemailer';
import type { Channel, ChannelCheck, DeliveryOutcome, OutgoingMessage } from './port.ts';
import { classifyMailFailure, remedyOf } from './mail-failure.ts';

/** The mail server, as `SMTP_URL` names it. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte; otherwise STARTTLS. */
  readonly secure: boolean;
  readonly auth: { readonly user: string; readonly pass: string } | null;
  /** Nothing is said to a server that offers no TLS. */
  readonly requireTls: boolean;
  /** STARTTLS is not used even where it is offered. */
  readonly ignoreTls: boolean;
  /** Whether the certificate has to be valid for the host. */
  readonly verifyCertificate: boolean;
}

export interface MailSender {
  readonly name: string | null;
  readonly address: string;
}

export interface EmailConfiguration {
  readonly server: MailServer;
  readonly from: MailSender;
  /** For one message, whatever the server does; a third of it for each step of connecting. */
  readonly timeoutMs: number;
}

/** One address and nothing else: no list, no name, nothing that would end the command it is sent in. Quoted local parts, which hardly exist, are not taken. */
const ONE_ADDRESS = /^[^\s<>()[\]\\,;:"@\u0000-\u001f\u007f]{1,64}@[^\s<>()[\]\\,;:"@\u0000-\u001f\u007f]{1,253}$/u;
const MOST_CONNECTIONS = 3;
/** Servers close idle connections when they like; a message is not given to one that is about to end. */
const IDLE_MS = 20_000;

/**
 * E-mail by SMTP, over a few connections that are kept open while there is something to send.
 *
 * The Message-ID is that of the message: an attempt whose answer was lost is repeated with the same one, and what arrives twice can be told apart from what is new.
 * What is about one claim has one thread: every message refers to an id that is derived from the claim. https://www.rfc-editor.org/rfc/rfc5322#section-3.6.4
 */
export function createEmailChannel({ server, from, timeoutMs }: EmailConfiguration): Channel {
  const stepMs = Math.ceil(timeoutMs / 3);
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
  const transport = createTransport({
    pool: true,
    host: server.host,
    port: server.port,
    secure: server.secure,
    requireTLS: server.requireTls,
    ignoreTLS: server.ignoreTls,
    tls: { rejectUnauthorized: server.verifyCertificate },
    ...(server.auth === null ? {} : { auth: { ...server.auth } }),
    maxConnections: MOST_CONNECTIONS,
    idleTimeout: IDLE_MS,
    // Trying again is for the store to decide: a message whose answer was lost must not be sent twice by the way.
    maxRequeues: 0,
    connectionTimeout: stepMs,
    greetingTimeout: stepMs,
    dnsTimeout: stepMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    logger: false,
  });
  // A connection that breaks while nothing is sent is made anew for the next message.
  transport.on('error', () => undefined);

  const deliver = async (message: OutgoingMessage): Promise<DeliveryOutcome> => {
    const { address } = message;
    if (address === null) return { kind: 'refused', code: 'NO_ADDRESS' };
    if (!ONE_ADDRESS.test(address)) return { kind: 'refused', code: 'MAIL_RECIPIENT_REFUSED' };
    const messageId = `<${message.id}@${domain}>`;
    const thread = `<${message.thread.replaceAll('/', '.')}@${domain}>`;
    let isBegun = false;
    const watched = new Transform({
      transform(chunk, _encoding, done) {
        isBegun = true;
        done(null, chunk);
      },
    });
    const mail = {
      envelope: { from: from.address, to: [address] },
      from: from.name === null ? from.address : { name: from.name, address: from.address },
      to: { name: '', address },
      subject: message.subject,
      text: message.text,
      date: new Date(message.occurredAt),
      messageId,
      inReplyTo: thread,
      references: [thread],
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
      signal: AbortSignal.timeout(timeoutMs),
      // Only once the server asks for the message itself is it read.
      watched,
    };
    try {
      await transport.sendMail(mail);
      return { kind: 'delivered', reference: messageId };
    } catch (error) {
      return classifyMailFailure(error, isBegun);
    }
  };
  transport.use('stream', (mail, done) => {
    const { watched } = mail.data as { readonly watched?: Transform };
    if (watched !== undefined) mail.message.transform(watched);
    done();
  });

  return {
    name: 'email',
    needsAddress: true,
    deliver,
    async check(): Promise<ChannelCheck> {
      try {
        await transport.verify();
        return { kind: 'works', detail: `${server.host}:${server.port} takes mail${server.auth === null ? '' : ' after signing in'}` };
      } catch (error) {
        const { code } = classifyMailFailure(error, false);
        return { kind: 'fails', code, detail: `${server.host}:${server.port}`, remedy: remedyOf(code) };
      }
    },
    async close() {
      transport.close();
    },
  };
}
