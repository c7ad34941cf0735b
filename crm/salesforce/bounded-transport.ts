import { PassThrough } from 'node:stream';
import { Transport } from 'jsforce/lib/transport.js';
import { StreamPromise } from 'jsforce/lib/util/promise.js';
import type { HttpRequest, HttpResponse } from 'jsforce';
import { CrmFailure } from '../failures.ts';
import { exchangeOnce, isRedirect, type HttpExchange } from '../http-exchange.ts';

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
      const body = typeof request.body === 'string' ? { body: request.body } : {};
      const call = { method: request.method, url: request.url, headers: request.headers ?? {}, ...body };
      this.lastExchange = await exchangeOnce(call, this.#deadline, this.#timeoutMs);
    } finally {
      this.#onExchange(this.lastExchange, Date.now() - sentAtMs);
    }
    const { status, headers, body } = this.lastExchange;
    if (isRedirect(this.lastExchange)) {
      throw new CrmFailure('CRM_UNAVAILABLE', `HTTP ${status}: the org answers from another address; expected its My Domain address`);
    }
    return { statusCode: status, headers: { ...headers }, body };
  }
}
