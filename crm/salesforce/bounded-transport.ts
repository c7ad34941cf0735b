import { PassThrough } from 'node:stream';
import { Transport } from 'jsforce/lib/transport.js';
import { StreamPromise } from 'jsforce/lib/util/promise.js';
import type { HttpRequest, HttpResponse } from 'jsforce';
import { CrmFailure } from '../failures.ts';
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

/**
 * The transport of one API call, in place of jsforce's own, which waits 30 minutes for headers and for ever for the body, ends the
 * process when an answer breaks off half-way, repeats reads for 15 seconds and follows redirects with the token.
 *
 * Here one deadline covers everything from the connection to the last byte of the body; nothing is repeated; a redirect is a failure. All
 * failures are `CrmFailure`s. It serves one call and is then thrown away.
 */
export class BoundedTransport extends Transport {
  readonly #timeoutMs: number;
  readonly #deadline: AbortSignal;
  readonly #onExchange: (exchange: HttpExchange | null, durationMs: number) => void;
  lastExchange: HttpExchange | null = null;

  /** `onExchange` hears of every HTTP exchange; null is one that brought no answer. `givenUp` ends the call before its time. */
  constructor(timeoutMs: number, onExchange: (exchange: HttpExchange | null, durationMs: number) => void, givenUp?: AbortSignal) {
    super();
    this.#timeoutMs = timeoutMs;
    const deadline = AbortSignal.timeout(timeoutMs);
    this.#deadline = givenUp === undefined ? deadline : AbortSignal.any([deadline, givenUp]);
    this.#onExchange = onExchange;
  }

  override httpRequest(request: HttpRequest): StreamPromise<HttpResponse> {
    return StreamPromise.create(() => ({ stream: new PassThrough(), promise: this.exchange(request) }));
  }

  async exchange(request: HttpRequest): Promise<HttpResponse> {
    const sentAtMs = Date.now();
    this.lastExchange = null;
    try {
      const response = await fetch(request.url, {
        method: request.method,
        headers: withoutLength(request.headers ?? {}),
        redirect: 'manual',
        signal: this.#deadline,
        ...(typeof request.body === 'string' ? { body: request.body } : {}),
      });
      const body = await response.text();
      this.lastExchange = {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body,
        cookies: response.headers.getSetCookie(),
        sentAtMs,
        receivedAtMs: Date.now(),
      };
    } catch (error) {
      throw new CrmFailure('CRM_UNAVAILABLE', describeNetworkError(error, this.#timeoutMs), { cause: error });
    } finally {
      this.#onExchange(this.lastExchange, Date.now() - sentAtMs);
    }
    const { status, headers, body } = this.lastExchange;
    if ([301, 302, 303, 307, 308].includes(status)) {
      throw new CrmFailure('CRM_UNAVAILABLE', `HTTP ${status}: the org answers from another address; expected its My Domain address`);
    }
    return { statusCode: status, headers: { ...headers }, body };
  }
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
