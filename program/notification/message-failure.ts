/**
 * Why a message was not delivered, by code. `retryable`: it is tried again by itself until its time is over. `needsPerson`: nothing will change until somebody acts.
 * A recipient's or a server's own words are kept nowhere: they may hold addresses.
 */
export const MESSAGE_FAILURES = {
  CHANNEL_NOT_CONFIGURED: { retryable: false, needsPerson: false },
  NO_ADDRESS: { retryable: false, needsPerson: false },
  MESSAGE_UNREADABLE: { retryable: false, needsPerson: true },
  MESSAGE_TOO_LARGE: { retryable: false, needsPerson: true },
  MAIL_UNREACHABLE: { retryable: true, needsPerson: false },
  MAIL_AUTH_FAILED: { retryable: true, needsPerson: true },
  MAIL_SENDER_REFUSED: { retryable: true, needsPerson: true },
  MAIL_DEFERRED: { retryable: true, needsPerson: false },
  MAIL_ANSWER_LOST: { retryable: true, needsPerson: false },
  MAIL_RECIPIENT_REFUSED: { retryable: false, needsPerson: true },
  MAIL_REJECTED: { retryable: false, needsPerson: true },
  WEBHOOK_UNREACHABLE: { retryable: true, needsPerson: false },
  WEBHOOK_TIMEOUT: { retryable: true, needsPerson: false },
  WEBHOOK_BUSY: { retryable: true, needsPerson: false },
  WEBHOOK_FAILED: { retryable: true, needsPerson: false },
  WEBHOOK_REFUSED: { retryable: true, needsPerson: true },
  WEBHOOK_REDIRECTED: { retryable: true, needsPerson: true },
  WEBHOOK_GONE: { retryable: false, needsPerson: true },
} as const satisfies Readonly<Record<string, { readonly retryable: boolean; readonly needsPerson: boolean }>>;

export type MessageFailureCode = keyof typeof MESSAGE_FAILURES;

export function needsPerson(code: string): boolean {
  return Object.hasOwn(MESSAGE_FAILURES, code) && MESSAGE_FAILURES[code as MessageFailureCode].needsPerson;
}
