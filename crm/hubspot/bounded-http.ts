import {
  wrapHttpLibrary,
  ResponseContext,
  type HttpLibrary,
  type RequestContext,
} from '@hubspot/api-client/lib/codegen/crm/objects/index.js';
import { CrmFailure } from '../failures.ts';
import { exchangeOnce, isRedirect, type HttpCall, type HttpExchange } from '../http-exchange.ts';

export type OnExchange = (exchange: HttpExchange | null, durationMs: number) => void;

/**
 * How HubSpot's client sends one call, in place of its own transport, which has no end: one deadline covers everything up to the last byte of the body. Nothing is
 * repeated, and the exchange is kept as it came, since the client's models take a success under another code for a failure and lose what they do not know.
 *
 * It serves one call. All failures are `CrmFailure`s.
 */
export class BoundedHttp {
  readonly #timeoutMs: number;
  readonly #onExchange: OnExchange;
  lastExchange: HttpExchange | null = null;

  /** `onExchange` hears of every exchange; null is one that brought no answer. */
  constructor(timeoutMs: number, onExchange: OnExchange) {
    this.#timeoutMs = timeoutMs;
    this.#onExchange = onExchange;
  }

  /** In the form that the client's configuration takes. */
  library(): HttpLibrary {
    return wrapHttpLibrary({ send: (request) => this.#send(request) });
  }

  /** Sends a call that the client does not know. */
  async exchange(call: HttpCall): Promise<HttpExchange> {
    const startedAtMs = Date.now();
    try {
      this.lastExchange = await exchangeOnce(call, AbortSignal.timeout(this.#timeoutMs), this.#timeoutMs);
    } finally {
      this.#onExchange(this.lastExchange, Date.now() - startedAtMs);
    }
    const exchange = this.lastExchange;
    if (isRedirect(exchange)) throw new CrmFailure('CRM_UNAVAILABLE', `HTTP ${exchange.status}: HubSpot answers from another address`);
    return exchange;
  }

  async #send(request: RequestContext): Promise<ResponseContext> {
    const body = request.getBody();
    const call = { method: String(request.getHttpMethod()), url: request.getUrl(), headers: request.getHeaders() };
    const exchange = await this.exchange(typeof body === 'string' ? { ...call, body } : call);
    const text = exchange.body;
    return new ResponseContext(exchange.status, { ...exchange.headers }, { text: async () => text, binary: async () => Buffer.from(text) });
  }
}
