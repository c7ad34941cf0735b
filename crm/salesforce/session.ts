import { Connection } from 'jsforce';
import { CrmFailure } from '../failures.ts';
import type { CrmUsage } from '../port.ts';
import type { HttpExchange } from './bounded-transport.ts';
import { parseLimitInfo } from './limit-info.ts';
import type { ObjectDefinition } from './object-definition.ts';
import { narrowOffset } from './server-clock.ts';
import { requestToken, type SalesforceAuth } from './sign-in.ts';

export interface SalesforceConfig {
  /** The name of the connection, as people and the log know it. */
  readonly connection: string;
  /** The org's My Domain address, such as `https://acme.my.salesforce.com`. */
  readonly instanceUrl: string;
  readonly auth: SalesforceAuth;
  /** Such as `66.0`; never left to jsforce, which would take 50.0. */
  readonly apiVersion: string;
  /** From the first byte sent to the last one read, sign-in included. */
  readonly requestTimeoutMs: number;
}

/** What the adapter tells about itself; a pino logger fits. Neither values of records nor tokens are ever passed. */
export interface CrmLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** One HTTP exchange with the org; `status` is null when no answer came. */
export interface SalesforceCall {
  readonly connection: string;
  readonly operation: string;
  readonly status: number | null;
  readonly durationMs: number;
}

/** A signed-in connection and what its answers told: one per configured org and process. */
export class Session {
  readonly config: SalesforceConfig;
  readonly instanceUrl: string;
  readonly connection: Connection;
  /** Definitions by object name, as describe gave them; the operations need a few facts of them and ask once. */
  readonly definitions = new Map<string, Promise<ObjectDefinition>>();
  usage: CrmUsage | null = null;
  clockOffsetMs = 0;
  readonly #log: CrmLog | null;
  readonly #onCall: ((call: SalesforceCall) => void) | null;
  #renewal: Promise<string> | null = null;
  #renewalFailure: CrmFailure | null = null;

  constructor(config: SalesforceConfig, log: CrmLog | null, onCall: ((call: SalesforceCall) => void) | null) {
    this.config = config;
    this.instanceUrl = new URL(config.instanceUrl).origin;
    this.#log = log;
    this.#onCall = onCall;
    this.connection = new Connection({
      instanceUrl: this.instanceUrl,
      version: config.apiVersion,
      ...(config.auth.kind === 'token' ? { accessToken: config.auth.accessToken } : {}),
      refreshFn: (_connection, callback) => {
        this.renew().then(
          (token) => callback(null, token),
          (error: unknown) => callback(error instanceof Error ? error : new Error('sign-in failed')),
        );
      },
    });
  }

  /** Signs in before the first call, so that it is not spent on a 401. */
  async ensureSignedIn(): Promise<void> {
    if (!this.connection.accessToken) this.connection.accessToken = await this.renew();
  }

  /** Asks for a new token, once for all who wait for it. */
  renew(): Promise<string> {
    this.#renewal ??= this.#requestToken().finally(() => {
      this.#renewal = null;
    });
    return this.#renewal;
  }

  /** Why the last renewal failed; jsforce hands on only the text of it. */
  get renewalFailure(): CrmFailure | null {
    return this.#renewalFailure;
  }

  /** Takes from an answer what every answer tells: the allowance used and the CRM's clock. */
  observe(operation: string, exchange: HttpExchange | null, durationMs: number): void {
    this.#onCall?.({ connection: this.config.connection, operation, status: exchange?.status ?? null, durationMs });
    if (exchange === null) return;
    this.usage = parseLimitInfo(exchange.headers['sforce-limit-info']) ?? this.usage;
    const dateMs = dateOf(exchange);
    if (dateMs !== null) this.clockOffsetMs = narrowOffset(this.clockOffsetMs, { ...exchange, dateMs });
  }

  async #requestToken(): Promise<string> {
    const { auth, connection, requestTimeoutMs } = this.config;
    try {
      const token = await requestToken(this.instanceUrl, auth, requestTimeoutMs, (exchange, durationMs) =>
        this.observe('sign_in', exchange, durationMs),
      );
      this.#renewalFailure = null;
      this.#log?.info({ connection }, 'signed in to Salesforce');
      return token;
    } catch (error) {
      const failure = error instanceof CrmFailure ? error : new CrmFailure('CRM_AUTH_FAILED', 'The sign-in failed', { cause: error });
      this.#renewalFailure = failure;
      this.#log?.warn({ connection, code: failure.code, reason: failure.message }, 'sign-in to Salesforce failed');
      throw failure;
    }
  }
}

/** The Date header in epoch milliseconds. */
export function dateOf(exchange: HttpExchange): number | null {
  const dateMs = Date.parse(exchange.headers['date'] ?? '');
  return Number.isNaN(dateMs) ? null : dateMs;
}
