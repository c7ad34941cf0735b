import type { MessageFailureCode } from '../program/notification/message-failure.ts';
import { retryChannel, retryMessage, type DeliveryOutcome } from './port.ts';

type MailOutcome = Exclude<DeliveryOutcome, { kind: 'delivered' }>;

/** What nodemailer says of a failure: https://nodemailer.com/errors. The server's own words may hold the address, so they are not read. */
interface MailError {
  readonly code?: string;
  readonly command?: string;
  readonly responseCode?: number;
}

/**
 * What a failed attempt means.
 *
 * `isBegun`: the server had asked for the message and got some of it. When the connection ends then, the message may have been taken; it is tried again under the same
 * Message-ID. A reply of the class 4 is "not now", one of the class 5 "never" (https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1): to the recipient it ends this
 * message, to the sign-in or the sender it is about our settings, and holds the channel.
 */
export function classifyMailFailure(error: unknown, isBegun: boolean): MailOutcome {
  const { code, command = '', responseCode = 0 }: MailError = typeof error === 'object' && error !== null ? error : {};
  if (code === 'EAUTH' || responseCode === 530 || responseCode === 535) {
    // A sign-in that is only put off (454) mends itself.
    return channel(responseCode >= 400 && responseCode < 500 ? 'MAIL_UNREACHABLE' : 'MAIL_AUTH_FAILED');
  }
  // The server says goodbye, or that the commands were out of order: https://www.rfc-editor.org/rfc/rfc5321#section-3.8
  if (responseCode === 421 || responseCode === 503) return channel('MAIL_UNREACHABLE');
  if (code === 'EENVELOPE' || code === 'EMESSAGE') return classifyReply(command, responseCode);
  // Whatever remains is the connection's: refused, broken, timed out, without TLS, or no mail server at all.
  return isBegun ? message('MAIL_ANSWER_LOST') : channel('MAIL_UNREACHABLE');
}

function classifyReply(command: string, responseCode: number): MailOutcome {
  if (responseCode >= 400 && responseCode < 500) return message('MAIL_DEFERRED');
  if (command === 'RCPT TO' || command === 'API') return { kind: 'refused', code: 'MAIL_RECIPIENT_REFUSED' };
  if (command === 'MAIL FROM' && responseCode >= 500) return channel('MAIL_SENDER_REFUSED');
  return { kind: 'refused', code: 'MAIL_REJECTED' };
}

function message(code: MessageFailureCode): MailOutcome {
  return retryMessage(code) as MailOutcome;
}

function channel(code: MessageFailureCode): MailOutcome {
  return retryChannel(code) as MailOutcome;
}

/** What an operator can do who checks the connection. */
export function remedyOf(code: MessageFailureCode): string {
  if (code === 'MAIL_AUTH_FAILED') return 'correct the user and password in SMTP_URL; letters such as @ and / are percent-encoded there.';
  return 'see that SMTP_URL names the host and port of a mail server that this machine reaches (smtps:// for TLS from the start, smtp:// for STARTTLS), and that its certificate is valid.';
}
