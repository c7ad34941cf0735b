import { CrmFailure } from './failures.ts';
import { isObject, textOrNull } from './answer-shape.ts';

export interface HttpExchange {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** What the answer sets, one header each. */
  readonly cookies?: readonly string[];
  readonly sentAtMs: number;
  readonly receivedAtMs: number;
}

export interface HttpCall {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * One HTTP exchange, from the connection to the last byte of the body, that ends by `deadline`. Nothing is repeated and no redirect is followed, so that the token
 * goes to no other host. Throws CRM_UNAVAILABLE where no complete answer came; `timeoutMs` is what the message then names.
 */
export async function exchangeOnce(call: HttpCall, deadline: AbortSignal, timeoutMs: number): Promise<HttpExchange> {
  const sentAtMs = Date.now();
  try {
    const response = await fetch(call.url, {
      method: call.method,
      headers: withoutLength(call.headers),
      redirect: 'manual',
      signal: deadline,
      ...(call.body === undefined ? {} : { body: call.body }),
    });
    const body = await response.text();
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body,
      cookies: response.headers.getSetCookie(),
      sentAtMs,
      receivedAtMs: Date.now(),
    };
  } catch (error) {
    throw new CrmFailure('CRM_UNAVAILABLE', describeNetworkError(error, timeoutMs), { cause: error });
  }
}

export function isRedirect({ status }: HttpExchange): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

/** The Date header in epoch milliseconds. */
export function dateOf(exchange: HttpExchange): number | null {
  const dateMs = Date.parse(exchange.headers['date'] ?? '');
  return Number.isNaN(dateMs) ? null : dateMs;
}

/** fetch counts the bytes itself, and refuses a length that differs. */
function withoutLength(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'content-length'));
}

/** fetch throws a TypeError whose cause has the code of the socket, and a DOMException when the time is up. */
export function describeNetworkError(error: unknown, timeoutMs: number): string {
  if (!isObject(error)) return 'The connection failed';
  if (error['name'] === 'TimeoutError') return `No complete answer within ${timeoutMs} ms`;
  const cause = isObject(error['cause']) ? error['cause'] : error;
  return `The connection failed: ${textOrNull(cause['code']) ?? textOrNull(cause['message']) ?? 'without a reason'}`;
}
